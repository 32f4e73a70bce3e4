internal import Foundation

/// JSON with sorted keys: equal values have equal bytes, so that they can be hashed.
enum CanonicalJSON {
    static func encode(_ value: some Encodable) throws(AssizeRunsError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(value)
        } catch {
            throw AssizeRunsError(code: .encoding, message: "a value has no JSON form: \(error)", cause: error)
        }
    }
}
