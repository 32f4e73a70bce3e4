internal import AssizeCore

/// The two shapes in which Prometheus and the sets made with it write a rubric.
enum PrometheusForm {
    /// Whether a text has at least two lines `Score N:`.
    static func isPresent(in text: String) -> Bool {
        lines(of: text).lazy.compactMap(level(ofLine:)).prefix(2).count == 2
    }

    /// Whether a row has `criteria` and at least two keys `scoreN_description` of its own.
    static func isPresent(in members: [String: JSONValue]) -> Bool {
        guard members["criteria"]?.stringValue != nil else { return false }
        return members.lazy.filter { $0.value != .null && level(ofKey: $0.key) != nil }.prefix(2).count == 2
    }

    /// Whether a key belongs to the dictionary.
    static func isKey(_ key: String) -> Bool {
        key == "criteria" || level(ofKey: key) != nil
    }

    /// N, of the key `scoreN_description`.
    static func level(ofKey key: String) -> Int? {
        let prefix = "score"
        let suffix = "_description"
        guard key.hasPrefix(prefix), key.hasSuffix(suffix), key.utf8.count > prefix.utf8.count + suffix.utf8.count
        else { return nil }
        return Int(key.dropFirst(prefix.count).dropLast(suffix.count))
    }

    /// N and the description, of the line `Score N: description`.
    static func level(ofLine line: String) -> (level: Int, text: String)? {
        let start = line.utf8.drop { $0 == 0x20 || $0 == 0x09 }
        let word = start.prefix(5)
        guard word.elementsEqual("Score".utf8) || word.elementsEqual("score".utf8),
            let colon = start.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        guard let level = Int(Substring(start[start.startIndex..<colon].dropFirst(5)).trimmed) else { return nil }
        return (level, String(Substring(start[colon...].dropFirst())).trimmed)
    }

    /// The lines, whichever way they end: `\r\n` is one `Character`, hence the bytes.
    static func lines(of text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { line in
                String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
            }
    }
}
