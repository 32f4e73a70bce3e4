internal import AssizeCore

extension VerdictValueReader {
    private static let nouns = words("response assistant answer output option model candidate summary text")
    private static let tieWords = words("tie draw equal tied")

    /// The label that starts at a position, whole.
    func startsLabel(at position: Int) -> (label: String, end: Int)? {
        for (label, bytes) in labels where text.has(bytes, at: position) {
            let end = position + bytes.count
            if !text[end].isWordByte { return (label, end) }
        }
        return nil
    }

    func label(at position: Int, _ marker: VerdictMarker) -> Reading? {
        guard case .choice(let tie) = scale else {
            return startsLabel(at: position).map { Reading(value: .label($0.label), end: $0.end) }
        }
        var start = position
        var isNamed = false
        let word = text.word(at: start)
        if Self.nouns.contains(where: { word.elementsEqual($0) }) {
            isNamed = true
            start += word.count
            while text[start].isBlank || text[start].isMarkup || text[start] == UInt8(ascii: "(") { start += 1 }
        }
        if word.elementsEqual("a".utf8), Self.tieWords.contains(where: { text.has($0, at: start + 2) }) { start += 2 }
        let value = text.word(at: start)
        if Self.tieWords.contains(where: { value.elementsEqual($0) }) {
            return Reading(value: tie ? .label("Tie") : .outside("Tie"), end: start + value.count)
        }
        guard value.count == 1, let letter = value.first, !text[start + 1].isWordByte else { return nil }
        let isUpper = text.cased[start].isUpper
        guard isNamed || isUpper || marker.strength == .form else { return nil }
        let name = String(decoding: [letter & ~0x20], as: UTF8.self)
        if marker.isEnclosing, let preference = arenaPreference(letter, at: start + 1, tie: tie) { return preference }
        guard isNamed || standsAlone(after: start + 1) else { return nil }
        if let other = alternative(after: start + 1), other != name {
            return Reading(value: .several([name, other]), end: start + 1)
        }
        guard letter == UInt8(ascii: "a") || letter == UInt8(ascii: "b") else {
            // MT-bench writes [[C]] for a tie.
            if letter == UInt8(ascii: "c"), tie, marker.isEnclosing {
                return Reading(value: .label("Tie"), end: start + 1)
            }
            return Reading(value: .outside(name), end: start + 1)
        }
        return Reading(value: .label(name), end: start + 1)
    }

    /// Whether what follows a bare letter shows that it is a name and not an article.
    private func standsAlone(after position: Int) -> Bool {
        var end = position
        while text[end].isMarkup || text[end].isBlank { end += 1 }
        guard end < text.count, text[end].isLetter else { return true }
        return Self.words("is wins because since over as with due and or")
            .contains { text.word(at: end).elementsEqual($0) }
    }

    /// The other letter of "A or B", "A/B".
    private func alternative(after position: Int) -> String? {
        var end = position
        while text[end].isBlank { end += 1 }
        if text.word(at: end).elementsEqual("or".utf8) {
            end += 2
        } else if text[end] == UInt8(ascii: "/") {
            end += 1
        } else {
            return nil
        }
        while text[end].isBlank { end += 1 }
        let word = text.word(at: end)
        guard word.count == 1, let letter = word.first, letter == UInt8(ascii: "a") || letter == UInt8(ascii: "b")
        else { return nil }
        return String(decoding: [letter & ~0x20], as: UTF8.self)
    }

    /// Arena-Hard's `[[A>>B]]`, `[[A=B]]`.
    private func arenaPreference(_ first: UInt8, at position: Int, tie: Bool) -> Reading? {
        var end = position
        while [">", "<", "="].contains(Unicode.Scalar(text[end])) { end += 1 }
        guard end > position, text[end] == UInt8(ascii: "a") || text[end] == UInt8(ascii: "b"), text[end] != first
        else { return nil }
        let winner: UInt8
        switch text[position] {
        case UInt8(ascii: ">"): winner = first
        case UInt8(ascii: "<"): winner = text[end]
        default: return Reading(value: tie ? .label("Tie") : .outside("Tie"), end: end + 1)
        }
        return Reading(value: .label(String(decoding: [winner & ~0x20], as: UTF8.self)), end: end + 1)
    }

    /// One or two words alone on a line that are no label.
    func foreign(at position: Int) -> Reading? {
        var end = position
        while end < text.count, !text[end].isNewline, text[end].isWordByte || text[end].isBlank || text[end] >= 0x80 {
            end += 1
        }
        let found = text.original(position..<end)
        guard !found.isEmpty, end - position <= 32, found.split(separator: " ").count <= 2 else { return nil }
        var rest = end
        while [".", "]", "}", ")", "\"", "*", "_", "`", ">", "<", ",", "!"].contains(Unicode.Scalar(text[rest]))
            || text[rest].isBlank
        { rest += 1 }
        let isClosed =
            text[end] == UInt8(ascii: "]") || text[end] == UInt8(ascii: "}") || text[end] == UInt8(ascii: "<")
            || text[end] == UInt8(ascii: "\"")
        return rest >= text.count || text[rest].isNewline || isClosed ? Reading(value: .outside(found), end: end) : nil
    }
}
