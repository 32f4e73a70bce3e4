public import AssizeCore

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The one way in which a judgment becomes JSON and comes back: in the store, and in every file made from it.
///
/// Keys are sorted and slashes are left alone, so that the same judgment is the same bytes.
public enum JudgmentCoding {
    /// Encodes a judgment as one line of JSON, without a line end.
    ///
    /// - Throws: ``AssizeStoreError`` when it has no JSON form: one of its numbers is infinite or none.
    public static func encode(_ judgment: Judgment) throws(AssizeStoreError) -> String {
        do {
            return try text(judgment)
        } catch {
            throw AssizeStoreError(
                code: .other,
                message: "the judgment of item '\(judgment.id)' by criterion '\(judgment.criterion)' has no JSON form: "
                    + "\(error)",
                cause: error
            )
        }
    }

    /// Decodes a judgment.
    ///
    /// - Throws: ``AssizeStoreError`` when the text is no judgment.
    public static func decode(_ json: String) throws(AssizeStoreError) -> Judgment {
        try decode(Judgment.self, from: json, path: "the judgments file")
    }

    /// Encodes any other value that is stored.
    static func encode(_ value: some Encodable) throws(AssizeStoreError) -> String {
        do {
            return try text(value)
        } catch {
            let message = "a \(type(of: value)) has no JSON form: \(error)"
            throw AssizeStoreError(code: .other, message: message, cause: error)
        }
    }

    /// Decodes any value that is stored.
    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from json: String,
        path: String
    ) throws(AssizeStoreError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(json.utf8))
        } catch {
            throw .corrupt(path: path, reason: "a stored \(type) can't be read: \(error)", cause: error)
        }
    }

    private static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
