internal import Synchronization

/// The live line of a work in stages on standard error: rewritten in place on a terminal, a line a stage elsewhere.
final class StageLine: Sendable {
    private struct State {
        var width = 0
        var stage = ""
    }

    private let terminal: Terminal
    private let state = Mutex(State())

    init(terminal: Terminal) {
        self.terminal = terminal
    }

    /// Shows what is being done.
    ///
    /// - Parameters:
    ///   - stage: The stage, in words.
    ///   - detail: What changes within it; shown on a terminal only.
    func show(_ stage: String, detail: String = "") {
        let text: String? = state.withLock { state in
            defer { state.stage = stage }
            guard terminal.isInteractive else { return stage == state.stage ? nil : "assize: \(stage)\n" }
            let line = "assize: \(stage)\(detail.isEmpty ? "" : " \(detail)")"
            let padding = String(repeating: " ", count: max(0, state.width - line.count))
            state.width = line.count
            return "\r\(line)\(padding)"
        }
        if let text { terminal.raw(text) }
    }

    /// Writes a line that stays.
    func note(_ text: String) {
        end()
        terminal.note("assize: \(text)")
    }

    /// Leaves the line behind.
    func end() {
        let wasShown = state.withLock { state in
            defer { state.width = 0 }
            return state.width > 0
        }
        if wasShown { terminal.raw("\n") }
    }
}
