internal import Foundation

/// Where output goes: results to standard output, everything else to standard error.
struct Terminal: Sendable {
    /// Whether standard error is a terminal that a line can be rewritten on.
    let isInteractive: Bool
    /// Whether standard output takes colours.
    let hasColour: Bool
    /// Columns of standard output; 100 when it is no terminal.
    let width: Int
    /// Whether only errors are shown.
    let isQuiet: Bool

    /// Reads the process's streams and environment (`NO_COLOR`, `TERM`, `COLUMNS`).
    init(environment: [String: String] = ProcessInfo.processInfo.environment, isQuiet: Bool = false) {
        let plain = environment["NO_COLOR"].map { !$0.isEmpty } == true || environment["TERM"] == "dumb"
        isInteractive = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        hasColour = isatty(STDOUT_FILENO) == 1 && !plain
        self.isQuiet = isQuiet
        width = Terminal.columns(environment)
    }

    private static func columns(_ environment: [String: String]) -> Int {
        if let given = environment["COLUMNS"].flatMap(Int.init), given >= 40 { return min(given, 200) }
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else {
            return 100
        }
        return min(Int(size.ws_col), 200)
    }

    /// Writes a result line.
    func write(_ line: String) {
        Terminal.put(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes a note, unless quiet.
    func note(_ line: String) {
        if !isQuiet { Terminal.put(line + "\n", to: STDERR_FILENO) }
    }

    /// Writes an error.
    func error(_ line: String) {
        Terminal.put("assize: \(line)\n", to: STDERR_FILENO)
    }

    /// Writes raw text to standard error, for a line that is rewritten.
    func raw(_ text: String) {
        if !isQuiet { Terminal.put(text, to: STDERR_FILENO) }
    }

    /// Puts text on a stream without Swift's buffers; a reader that has gone is a normal end.
    static func put(_ text: String, to descriptor: Int32) {
        put(bytes: Array(text.utf8), to: descriptor)
    }

    static func put(bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno == EPIPE, descriptor == STDOUT_FILENO {
                exit(0)
            } else if errno != EINTR {
                return
            }
        }
    }

    func bold(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    func dim(_ text: String) -> String { hasColour ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
