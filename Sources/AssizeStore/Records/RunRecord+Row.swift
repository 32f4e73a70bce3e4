internal import AssizeCore
internal import GRDB

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension RunRecord {
    static let columns =
        "id, created, finished, state, recipe, model, fingerprint, configuration, judge, input_path, items, seed"

    /// The values of ``columns``, in that order.
    var arguments: StatementArguments {
        get throws {
            [
                id.rawValue, created.stored, finished?.stored, state.rawValue, recipe, model, fingerprint.hexadecimal,
                try JudgmentCoding.encode(configuration), try JudgmentCoding.encode(judge), inputPath, items,
                Int64(bitPattern: seed),
            ]
        }
    }

    /// Reads a row of ``columns``.
    init(row: Row, path: String) throws {
        let id: String = row[0]
        let state: String = row[3]
        let fingerprint: String = row[6]
        let configuration: String = row[7]
        let judge: String = row[8]
        let seed: Int64 = row[11]
        guard let known = RunState(rawValue: state), let hash = ContentHash(hexadecimal: fingerprint) else {
            throw AssizeStoreError.corrupt(path: path, reason: "run '\(id)' has the state '\(state)'")
        }
        self.init(
            id: RunID(rawValue: id),
            created: try Date(stored: row[1], path: path),
            finished: try (row[2] as String?).map { try Date(stored: $0, path: path) },
            state: known,
            recipe: row[4],
            model: row[5],
            fingerprint: hash,
            configuration: try JudgmentCoding.decode(JSONValue.self, from: configuration, path: path),
            judge: try JudgmentCoding.decode(ModelIdentity.self, from: judge, path: path),
            inputPath: row[9],
            items: row[10],
            seed: UInt64(bitPattern: seed)
        )
    }
}

extension Date {
    private static let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// ISO 8601 in UTC with milliseconds: as text it sorts in the order of time.
    var stored: String { formatted(Self.format) }

    /// Reads ``stored`` back.
    init(stored text: String, path: String) throws(AssizeStoreError) {
        do {
            try self.init(text, strategy: Self.format)
        } catch {
            throw .corrupt(path: path, reason: "'\(text)' is not a date", cause: error)
        }
    }
}
