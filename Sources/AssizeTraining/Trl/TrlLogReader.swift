internal import Foundation

/// Follows the log of a TRL run while it grows.
///
/// Lines before the run's own beginning are those of the runs that it goes on from.
public struct TrlLogReader: Sendable {
    /// What a line tells.
    public enum Entry: Sendable {
        /// The run begins.
        case beginning(TrlBeginning)
        /// A step was taken.
        case step(StepRecord)
        /// The held-out rows were measured.
        case evaluation(EvaluationRecord)
        /// A checkpoint lies on disk.
        case checkpoint(step: Int)

        /// The same as ``Trainer`` tells it; `nil` for a beginning.
        public var event: TrainingEvent? {
            switch self {
            case .beginning: nil
            case .step(let record): .step(record)
            case .evaluation(let record): .evaluation(record)
            case .checkpoint(let step): .checkpoint(step: step)
            }
        }
    }

    private struct Line: Decodable {
        struct Checkpoint: Decodable {
            let step: Int
        }
        let begin: TrlBeginning?
        let step: StepRecord?
        let evaluation: EvaluationRecord?
        let checkpoint: Checkpoint?

        var entry: Entry? {
            if let begin { return .beginning(begin) }
            if let step { return .step(step) }
            if let evaluation { return .evaluation(evaluation) }
            return checkpoint.map { .checkpoint(step: $0.step) }
        }
    }

    private let path: String
    private var offset: UInt64 = 0
    private var rest: [UInt8] = []
    private var hasBegun = false

    /// Takes a log.
    ///
    /// - Parameter path: The file, which need not be there yet.
    public init(path: String) {
        self.path = path
    }

    /// What was told since the last call.
    ///
    /// - Returns: The entries of whole lines, from the run's beginning on.
    /// - Throws: ``AssizeTrainingError`` when a line can't be read.
    public mutating func next() throws(AssizeTrainingError) -> [Entry] {
        var entries = try all()
        if !hasBegun {
            entries = Array(
                entries.drop {
                    if case .beginning = $0 { false } else { true }
                }
            )
            hasBegun = !entries.isEmpty
        }
        return entries
    }

    /// What was told since the last call, with what earlier runs told.
    ///
    /// - Returns: The entries of whole lines.
    /// - Throws: ``AssizeTrainingError`` when a line can't be read.
    mutating func all() throws(AssizeTrainingError) -> [Entry] {
        guard let handle = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? handle.close() }
        guard (try? handle.seek(toOffset: offset)) != nil, let data = try? handle.readToEnd() else { return [] }
        offset += UInt64(data.count)
        rest += data
        guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        let lines = rest[..<end].split(separator: UInt8(ascii: "\n"))
        rest.removeSubrange(...end)
        var entries: [Entry] = []
        for line in lines {
            guard let entry = try? JSONDecoder().decode(Line.self, from: Data(line)).entry else {
                throw AssizeTrainingError(
                    code: .file,
                    message:
                        "\(path) has a line that is none of a training log: \(String(decoding: line, as: UTF8.self))"
                )
            }
            entries.append(entry)
        }
        return entries
    }
}

/// What a TRL run says when it begins.
public struct TrlBeginning: Sendable, Hashable, Codable {
    /// Steps of the whole run.
    public let steps: Int
    /// Steps that earlier runs took.
    public let done: Int
    /// Values that are trained.
    public let parameters: Int
    /// What computes, in PyTorch's words.
    public let device: String
    /// Processes that share a step.
    public let processes: Int
}
