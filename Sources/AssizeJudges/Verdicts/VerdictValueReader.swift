internal import AssizeCore

/// Reads the value behind a marker.
struct VerdictValueReader {
    /// What stands there.
    enum Value: Hashable {
        /// One of the scale's labels.
        case label(String)
        /// A value that the scale does not have.
        case outside(String)
        /// A range or an alternative: "3-4", "A or B".
        case several([String])
    }

    /// A value and where it ends.
    struct Reading {
        let value: Value
        let end: Int
    }

    let text: VerdictText
    let scale: Scale
    /// The labels with their lower-case bytes, the longest first, so that "Very good" is not read as "Very".
    let labels: [(label: String, bytes: [UInt8])]

    private static let scoreFillers = words(
        "is of a an the score rating grade be as at for this that response answer given here would i assign it my final overall "
            + "was should out text output verdict result"
    )
    private static let labelFillers = words(
        "is the of this that for would be i my it as response's verdict winner better best one to go with therefore was should final"
    )
    static func words(_ list: String) -> [[UInt8]] { list.split(separator: " ").map { Array($0.utf8) } }

    init(text: VerdictText, scale: Scale) {
        self.text = text
        self.scale = scale
        labels = scale.labels.map { ($0, VerdictText($0).bytes) }.sorted { $0.bytes.count > $1.bytes.count }
    }

    /// The value behind a marker; `nil` when there is none.
    ///
    /// - Returns: The reading, and whether the text ended where a value should have come.
    func read(_ marker: VerdictMarker) -> (reading: Reading?, isCutOff: Bool) {
        var position = marker.end
        var words = 0
        var symbols = 0
        var newlines = 0
        var isLinked = false
        let isOrdinal = if case .ordinal = scale { true } else { false }
        while position < text.count {
            let byte = text[position]
            if let group = endOfGroup(at: position) {
                position = group
                isLinked = true
            } else if byte.isNewline {
                newlines += byte == 0x0A ? 1 : 0
                guard newlines <= 2 else { return (nil, false) }
                position += 1
            } else if byte == UInt8(ascii: "\\") {
                position += 1
                position += text.word(at: position).count
            } else if byte == UInt8(ascii: "-"), text[position + 1].isDigit, isOrdinal, isSigned || isLinked {
                return finish(number(at: position), marker, newlines: newlines, isLinked: isLinked)
            } else if byte.isBlank || byte.isMarkup
                || [":", "=", "|", "(", "[", "{", "<", ">", "$", "-"].contains(Unicode.Scalar(byte))
            {
                isLinked = isLinked || [":", "=", "|"].contains(Unicode.Scalar(byte))
                position += 1
            } else if byte >= 0x80, startsLabel(at: position) == nil {
                symbols += 1
                guard symbols <= 24 else { return (nil, false) }
                position += 1
            } else if byte.isDigit, isOrdinal {
                return finish(number(at: position), marker, newlines: newlines, isLinked: isLinked || words > 0)
            } else if !isOrdinal, let reading = label(at: position, marker) {
                return finish(reading, marker, newlines: newlines, isLinked: isLinked)
            } else {
                let word = text.word(at: position)
                let fillers = isOrdinal ? Self.scoreFillers : Self.labelFillers
                // "A" is an article in lower case only; in "Result: A" it is an answer on another scale.
                let isName = word.count == 1 && text.cased[position] == UInt8(ascii: "A")
                guard !word.isEmpty, !isName, words < 8, fillers.contains(where: { word.elementsEqual($0) }) else {
                    return (isOrdinal || marker.strength == .sentence ? nil : foreign(at: position), false)
                }
                words += 1
                position += word.count
            }
        }
        return (nil, isLinked || marker.strength == .form || words > 0)
    }

    /// Whether the whole text is nothing but a value.
    func readAll() -> Reading? {
        let marker = VerdictMarker(start: 0, end: 0, strength: .label)
        guard let reading = read(marker).reading,
            text.bytes[..<reading.end].allSatisfy({ !$0.isLetter }) || text.count < 24
        else { return nil }
        // A word alone that is no label is a short answer to something else.
        if case .outside = reading.value, labels.allSatisfy({ scale.score(of: $0.label) == nil }) { return nil }
        let rest = text.bytes[reading.end...]
        return rest.allSatisfy { !$0.isWordByte && $0 < 0x80 } ? reading : nil
    }

    /// Rejects what only looks like a value: a level that is being explained, a value that should stand alone and does not.
    private func finish(
        _ reading: Reading?,
        _ marker: VerdictMarker,
        newlines: Int,
        isLinked: Bool
    ) -> (reading: Reading?, isCutOff: Bool) {
        guard let reading else { return (nil, false) }
        var position = reading.end
        while text[position].isMarkup || text[position].isBlank { position += 1 }
        let next = text[position]
        if !isLinked, marker.strength != .form || marker.isEnclosing, next == UInt8(ascii: ":") { return (nil, false) }
        if marker.isEnclosing, marker.strength == .sentence {
            guard next == UInt8(ascii: ")"), text[position + 1] != UInt8(ascii: ":") else { return (nil, false) }
        }
        if marker.needsLoneValue || newlines > 0, marker.strength < .form {
            guard
                position >= text.count || next.isNewline || next == UInt8(ascii: "|")
                    || (next == UInt8(ascii: ".") && isLineEnd(position + 1))
            else { return (nil, false) }
        }
        if case .ordinal = scale, marker.strength == .sentence {
            let word = text.word(at: position)
            guard !Self.words("would requires require could means").contains(where: { word.elementsEqual($0) }) else {
                return (nil, false)
            }
        }
        return (reading, false)
    }

    private func isLineEnd(_ position: Int) -> Bool {
        var position = position
        while text[position].isMarkup || text[position].isBlank { position += 1 }
        return position >= text.count || text[position].isNewline
    }

    /// Behind "(1-5):" and the like, which name the scale before the value.
    private func endOfGroup(at position: Int) -> Int? {
        let open = text[position]
        guard open == UInt8(ascii: "(") || open == UInt8(ascii: "[") else { return nil }
        let close = open == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "]")
        var end = position + 1
        while end < text.count, text[end] != close {
            guard end - position < 40, !text[end].isNewline else { return nil }
            end += 1
        }
        end += 1
        while text[end].isMarkup || text[end].isBlank { end += 1 }
        return text[end] == UInt8(ascii: ":") || text[end] == UInt8(ascii: "=") ? end + 1 : nil
    }

    private var isSigned: Bool {
        if case .ordinal(let lower, _, _) = scale { lower < 0 } else { false }
    }
}
