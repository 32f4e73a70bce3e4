internal import AssizeCore

extension VerdictValueReader {
    /// The number at a position, with a denominator or as a range where it has one.
    func number(at position: Int) -> Reading? {
        guard case .ordinal(let lower, let upper, _) = scale, let first = plainNumber(at: position) else { return nil }
        guard !text[first.end].isLetter, text[first.end] != UInt8(ascii: "_") || !text[first.end + 1].isWordByte else {
            return nil
        }
        if text[first.end] == UInt8(ascii: "%") {
            let value: Value = upper == 100 ? self.value(first.text, lower, upper) : .outside(first.text + "%")
            return Reading(value: value, end: first.end + 1)
        }
        var end = first.end
        while text[end].isMarkup || text[end].isBlank || text[end] == UInt8(ascii: ")")
            || text[end] == UInt8(ascii: "]")
        { end += 1 }
        if let other = secondNumber(at: end) {
            let isWhole = first.text == String(lower) && other.text == String(upper)
            guard isWhole else {
                let values = [first.text, other.text]
                let value: Value = values[0] == values[1] ? self.value(values[0], lower, upper) : .several(values)
                return Reading(value: value, end: other.end)
            }
            return namedBehind(other.end)
        }
        if let denominator = denominator(at: end) {
            guard Double(denominator.text) == Double(upper) else {
                return Reading(value: .outside("\(first.text)/\(denominator.text)"), end: denominator.end)
            }
            return Reading(value: value(first.text, lower, upper), end: denominator.end)
        }
        // "out of 5: 4", "Score 1-5: 4".
        if first.text == String(upper), let behind = namedBehind(first.end) { return behind }
        return Reading(value: value(first.text, lower, upper), end: first.end)
    }

    /// The value behind a colon that follows the scale's name.
    private func namedBehind(_ position: Int) -> Reading? {
        var end = position
        while text[end].isMarkup || text[end].isBlank || text[end] == UInt8(ascii: ")") { end += 1 }
        guard text[end] == UInt8(ascii: ":") || text[end] == UInt8(ascii: "=") else { return nil }
        end += 1
        while text[end].isMarkup || text[end].isBlank { end += 1 }
        return text[end].isDigit ? number(at: end) : nil
    }

    private func value(_ number: String, _ lower: Int, _ upper: Int) -> Value {
        guard let value = Double(number), value == value.rounded(), value >= Double(lower), value <= Double(upper)
        else {
            return .outside(number)
        }
        return .label(String(Int(value)))
    }

    /// Digits, with a sign and decimals where there are any.
    private func plainNumber(at position: Int) -> (text: String, end: Int)? {
        var end = position
        if text[end] == UInt8(ascii: "-") { end += 1 }
        let start = end
        while text[end].isDigit { end += 1 }
        guard end > start, end - start < 10 else { return nil }
        if text[end] == UInt8(ascii: ".") || text[end] == UInt8(ascii: ","), text[end + 1].isDigit {
            end += 1
            while text[end].isDigit { end += 1 }
        }
        return (String(decoding: text.bytes[position..<end], as: UTF8.self), end)
    }

    private func denominator(at position: Int) -> (text: String, end: Int)? {
        var start = position
        if text[start] == UInt8(ascii: "/") {
            start += 1
        } else if text.has(Array("out of".utf8), at: start) {
            start += 6
        } else if text.has(Array("of ".utf8), at: start) {
            start += 2
        } else {
            return nil
        }
        while text[start].isBlank || text[start].isMarkup { start += 1 }
        guard text[start].isDigit, let number = plainNumber(at: start), !text[number.end].isLetter else { return nil }
        return number
    }

    /// The end of a range or an alternative: "-4", "to 4", "or 4".
    private func secondNumber(at position: Int) -> (text: String, end: Int)? {
        var start = position
        if text[start] == UInt8(ascii: "-") {
            start += 1
        } else if text.has(Array("to ".utf8), at: start) || text.has(Array("or ".utf8), at: start) {
            start += 2
        } else {
            return nil
        }
        while text[start].isBlank || text[start].isMarkup { start += 1 }
        guard text[start].isDigit, let number = plainNumber(at: start), !text[number.end].isLetter else { return nil }
        return number
    }
}
