internal import AssizeCore
internal import Foundation

/// Rows to learn from, and rows held out to measure the loss on.
public struct TrainingSplit: Sendable {
    /// The rows to learn from, in the file's order.
    public let training: [TrainingRows.Row]
    /// The rows held out, in the file's order.
    public let heldOut: [TrainingRows.Row]

    /// The rows as a run takes them; those to learn from keep their names.
    public var data: TrainingData {
        TrainingData(
            examples: training.map(\.example),
            heldOut: heldOut.map(\.example),
            names: training.map(\.name)
        )
    }

    private struct Line: Encodable {
        let row: String
        let part: String
        let tokens: Int
        let provenance: JSONValue?
    }

    /// Writes one JSON object a row into a run's folder, as `rows.jsonl`: where it comes from, which part it is in, how many
    /// tokens it has, and what else its row held.
    ///
    /// - Parameter folder: The run's folder; it is made if it is not there.
    /// - Throws: ``AssizeTrainingError`` when the file can't be written.
    public func writeRows(in folder: String) throws(AssizeTrainingError) {
        let folder = try RunFolder(path: folder)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let file = try AtomicFile(path: folder.rows)
        for (part, rows) in [("train", training), ("held-out", heldOut)] {
            for row in rows {
                let line = Line(
                    row: row.name,
                    part: part,
                    tokens: row.example.tokenCount,
                    provenance: TrainingSplit.value(row.provenance)
                )
                guard let bytes = try? encoder.encode(line) else {
                    throw AssizeTrainingError(
                        code: .invalidData,
                        message: "what \(row.name) holds beside its texts can't be written as JSON"
                    )
                }
                try file.append([UInt8](bytes) + [UInt8(ascii: "\n")])
            }
        }
        try file.commit()
    }

    /// A JSON object as it is, any other text as a string; `nil` for none.
    private static func value(_ provenance: String) -> JSONValue? {
        guard !provenance.isEmpty else { return nil }
        if let value = try? JSONDecoder().decode(JSONValue.self, from: Data(provenance.utf8)), value.object != nil {
            return value
        }
        return .string(provenance)
    }
}
