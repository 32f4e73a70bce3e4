/// What stands round a marker.
extension VerdictMarkerFinder {
    func skipBlanks(_ position: Int) -> Int {
        var position = position
        while text[position].isBlank { position += 1 }
        return position
    }

    func skipBlanksBack(_ position: Int) -> Int {
        var position = position
        while text[position - 1].isBlank { position -= 1 }
        return position
    }

    func position(afterMarkup position: Int) -> Int {
        var position = position
        while text[position].isMarkup || text[position].isBlank { position += 1 }
        return position
    }

    /// Whether only markup, numbering or symbols stand before a position on its line.
    func startsLine(_ position: Int) -> Bool {
        var index = position - 1
        while index >= 0, !text[index].isNewline {
            let byte = text[index]
            let isNothing =
                byte.isMarkup || byte.isBlank || byte.isDigit || byte >= 0x80
                || [">", "-", "|", ".", ")", "{", ","].contains(Unicode.Scalar(byte))
            guard isNothing else { return false }
            index -= 1
        }
        return true
    }

    func endsSentence(before position: Int) -> Bool {
        var index = position - 1
        while text[index].isBlank || text[index].isMarkup { index -= 1 }
        return [".", "!", "?", ";", ")", "]", "}"].contains(Unicode.Scalar(text[index])) || text[index] >= 0x80
    }

    /// Whether the sentence speaks of a score that is not given: "falls short of a score of 5".
    func isHypothetical(before position: Int) -> Bool {
        var start = position
        while start > 0, position - start < 48, !text[start - 1].isNewline, text[start - 1] != UInt8(ascii: ".") {
            start -= 1
        }
        let before = " " + String(decoding: text.bytes[start..<position], as: UTF8.self) + " "
        return [
            " not ", "n't ", " short of", " than ", " instead of", " to reach", " to get", " to earn", " cannot ",
            " to merit ", " for a ", " if ",
        ]
        .contains { before.contains($0) }
    }
}
