internal import AssizeTraining
internal import Foundation
internal import Subprocess

#if canImport(System)
internal import System
#else
internal import SystemPackage
#endif

/// Runs a TRL job under `accelerate launch`, and tells what its log tells.
struct TrlLauncher: Sendable {
    let job: TrlJob
    let environment: TrlEnvironment
    /// How often the log is looked at.
    var pause = Duration.milliseconds(250)
    /// How long the processes may take to end a step and write a checkpoint; torchrun itself gives them 30 seconds.
    var grace = Duration.seconds(45)

    private enum Part {
        case ended(TerminationStatus)
        case followed(TrlLogReader)
    }

    /// Runs the job to its end; when the task is cancelled, the processes get Ctrl-C, and end after a step.
    ///
    /// - Parameter report: Told what happens.
    /// - Throws: ``CommandFailure`` when the program can't be started, or ends with an error; an error of the
    ///   training room when its log can't be read.
    func run(report: @escaping @Sendable (TrlLogReader.Entry) -> Void) async throws {
        let status = try await withThrowingTaskGroup(of: Part.self) { group in
            group.addTask { .ended(try await launch()) }
            group.addTask { .followed(try await follow(report)) }
            var status: TerminationStatus?
            var reader: TrlLogReader?
            while let part = try await group.next() {
                switch part {
                case .ended(let found):
                    status = found
                    group.cancelAll()
                case .followed(let found): reader = found
                }
            }
            for entry in try reader?.next() ?? [] { report(entry) }
            return status
        }
        guard !Task.isCancelled, let status, !status.isSuccess else { return }
        throw CommandFailure(
            "TRL \(TrlLauncher.words(status)); the end of what it said:\n\(lastLines())\nall of it is in \(job.output)"
        )
    }

    private func follow(_ report: @Sendable (TrlLogReader.Entry) -> Void) async throws -> TrlLogReader {
        var reader = TrlLogReader(path: job.log)
        while !Task.isCancelled {
            for entry in try reader.next() { report(entry) }
            try? await Task.sleep(for: pause)
        }
        return reader
    }

    private func launch() async throws -> TerminationStatus {
        var platform = PlatformOptions()
        // A group of its own: Ctrl-C at the terminal reaches it from here alone, once.
        platform.processGroupID = 0
        platform.teardownSequence = [.send(signal: .interrupt, toProcessGroup: true, allowedDurationToNextStep: grace)]
        var variables: [Environment.Key: String?] = [:]
        for (name, value) in environment.variables {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        let log = try open()
        let isPath = environment.accelerate.contains("/")
        do {
            let result = try await Subprocess.run(
                isPath ? .path(FilePath(environment.accelerate)) : .name(environment.accelerate),
                arguments: Arguments(environment.arguments),
                environment: .inherit.updating(variables),
                workingDirectory: FilePath(job.folder),
                platformOptions: platform,
                output: .fileDescriptor(log, closeAfterSpawningProcess: true),
                error: .combinedWithOutput
            )
            await waitForGroup(result.processIdentifier.value)
            return result.terminationStatus
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw CommandFailure(
                "there is no '\(environment.accelerate)'; name a virtual environment with trl, peft and accelerate by --python"
            )
        }
    }

    /// Waits for what the program has started: of one process it does not wait itself when it is interrupted.
    private func waitForGroup(_ group: pid_t) async {
        let pause = pause
        let turns = Int(grace / pause)
        // A task of its own, since a cancelled one can't sleep.
        let waiting = Task {
            for _ in 0..<turns where kill(-group, 0) == 0 { try? await Task.sleep(for: pause) }
        }
        await waiting.value
    }

    private func open() throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                FilePath(job.output),
                .writeOnly,
                options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        } catch {
            throw CommandFailure("\(job.output) can't be written: \(error)")
        }
    }

    private func lastLines(_ count: Int = 15) -> String {
        let data = FileManager.default.contents(atPath: job.output) ?? Data()
        // Progress bars overwrite their line.
        let lines = data.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        return lines.suffix(count).map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }

    private static func words(_ status: TerminationStatus) -> String {
        switch status {
        case .exited(let code): "ended with status \(code)"
        case .signaled(let signal): "was ended by signal \(signal)"
        }
    }
}
