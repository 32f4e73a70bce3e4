import Foundation

/// One JSON object a line: a run's steps and evaluations, for curves.
struct TrainingLog {
    /// A step or an evaluation.
    struct Line: Codable {
        var step: StepRecord?
        var evaluation: EvaluationRecord?

        var number: Int { step?.step ?? evaluation?.step ?? 0 }
    }

    private let path: String
    private let encoder: JSONEncoder

    /// Opens a log, keeping of an earlier one what a checkpoint of `steps` steps knows.
    ///
    /// - Throws: ``AssizeTrainingError`` when it can't be written.
    init(path: String, keeping steps: Int) throws(AssizeTrainingError) {
        self.path = path
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let kept = TrainingLog.lines(path).filter { $0.number <= steps }
        let text = kept.compactMap { try? encoder.encode($0) }.map { String(decoding: $0, as: UTF8.self) + "\n" }
            .joined()
        do {
            try Data((steps == 0 ? "" : text).utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw TrainingLog.failure(path)
        }
    }

    /// - Throws: ``AssizeTrainingError`` when the line can't be written.
    func append(_ record: StepRecord) throws(AssizeTrainingError) { try append(Line(step: record)) }

    /// - Throws: ``AssizeTrainingError`` when the line can't be written.
    func append(_ record: EvaluationRecord) throws(AssizeTrainingError) { try append(Line(evaluation: record)) }

    private func append(_ line: Line) throws(AssizeTrainingError) {
        do {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            try handle.seekToEnd()
            try handle.write(contentsOf: encoder.encode(line) + Data("\n".utf8))
        } catch {
            throw TrainingLog.failure(path)
        }
    }

    /// The lines that can be read; a last one that was cut off is left out.
    static func lines(_ path: String) -> [Line] {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return [] }
        return [UInt8](data).split(separator: UInt8(ascii: "\n"))
            .compactMap { try? JSONDecoder().decode(Line.self, from: Data($0)) }
    }

    private static func failure(_ path: String) -> AssizeTrainingError {
        AssizeTrainingError(code: .file, message: "\(path) can't be written; check the disk's room and the permissions")
    }
}
