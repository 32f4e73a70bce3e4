import Foundation
import Subprocess

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// The built program, run as a process with a data folder of its own.
struct Program: Sendable {
    /// How a process ended and what it wrote.
    struct Result {
        let status: Int32
        let isSignalled: Bool
        let output: String
        let errors: String
    }

    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "assize-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The program beside the test bundle.
    static let path: String = {
        var candidates = [CommandLine.arguments[0], Bundle.main.executablePath ?? ""]
        candidates += Bundle.allBundles.map(\.bundlePath)
        for candidate in candidates {
            var folder = URL(fileURLWithPath: candidate)
            for _ in 0..<5 {
                folder.deleteLastPathComponent()
                let program = folder.appending(path: "assize").path
                if FileManager.default.isExecutableFile(atPath: program), !isFolder(program) { return program }
            }
        }
        return "assize-was-not-built"
    }()

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    var environment: Environment {
        .inherit.updating(["ASSIZE_HOME": "\(folder)/home", "NO_COLOR": "1", "COLUMNS": "100"])
    }

    func run(_ arguments: String...) async throws -> Result {
        try await run(arguments)
    }

    func run(_ arguments: [String]) async throws -> Result {
        try await run(executable: Program.path, arguments)
    }

    /// A shell line in which `$ASSIZE` is the program.
    func shell(_ line: String) async throws -> Result {
        try await run(executable: "/bin/sh", ["-c", "ASSIZE='\(Program.path)'; cd '\(folder)'; \(line)"])
    }

    private func run(executable: String, _ arguments: [String]) async throws -> Result {
        let result = try await Subprocess.run(
            .path(FilePath(executable)),
            arguments: Arguments(arguments),
            environment: environment,
            workingDirectory: FilePath(folder),
            output: .string(limit: 16 << 20),
            error: .string(limit: 16 << 20)
        )
        return Program.result(result.terminationStatus, result.standardOutput, result.standardError)
    }

    /// Starts the program, and sends it a signal once `isDue` says so.
    func run(_ arguments: [String], signal: Signal, when isDue: @Sendable () async throws -> Bool) async throws
        -> Result
    {
        let result = try await Subprocess.run(
            .path(FilePath(Program.path)),
            arguments: Arguments(arguments),
            environment: environment,
            workingDirectory: FilePath(folder),
            input: .none,
            output: .string(limit: 16 << 20),
            error: .string(limit: 16 << 20)
        ) { execution in
            // The pause leaves the processor to the program, and ends where the test runs out of time.
            while try await !isDue() { try await Task.sleep(for: .milliseconds(2)) }
            // The process may have ended by itself.
            try? execution.send(signal: signal)
        }
        return Program.result(result.terminationStatus, result.standardOutput, result.standardError)
    }

    private static func result(_ status: TerminationStatus, _ output: String?, _ errors: String?) -> Result {
        switch status {
        case .exited(let code):
            Result(status: code, isSignalled: false, output: output ?? "", errors: errors ?? "")
        case .signaled(let number):
            Result(status: number, isSignalled: true, output: output ?? "", errors: errors ?? "")
        }
    }

    @discardableResult
    func write(_ name: String, _ lines: [String]) throws -> String {
        let path = "\(folder)/\(name)"
        try Data((lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")).utf8)
            .write(to: URL(fileURLWithPath: path))
        return path
    }

    func lines(_ name: String) throws -> [String] {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(separator: "\n").map(String.init)
    }

    static func items(_ count: Int) -> [String] {
        (0..<count)
            .map { #"{"id": "i\#($0)", "instruction": "Say \#($0).", "response": "\#($0)!", "score": \#($0 % 5 + 1)}"# }
    }
}
