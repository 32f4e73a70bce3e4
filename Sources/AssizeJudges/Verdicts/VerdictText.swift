/// A model's text made ready for reading a verdict from its bytes.
///
/// The thinking is cut off; full-width and typographic punctuation is put into ASCII; and a lower-case copy is kept beside
/// it, byte for byte. A byte scan is an order of magnitude faster than `Regex` here, and judges read a great deal.
struct VerdictText {
    /// Lower case.
    private(set) var bytes: [UInt8] = []
    /// The same bytes with their case kept.
    private(set) var cased: [UInt8] = []
    /// For each byte, the position in the answer's own UTF-8 that it came from.
    private var origins: [Int] = []
    /// The answer's own UTF-8, without the thinking.
    private let answer: [UInt8]
    /// Whether the text ends inside its thinking.
    let isAllThinking: Bool

    init(_ text: String) {
        let source = Array(text.utf8)
        let (start, isOpen) = VerdictText.endOfThinking(in: source)
        isAllThinking = isOpen
        answer = isOpen ? [] : Array(source[start...])
        bytes.reserveCapacity(answer.count)
        cased.reserveCapacity(answer.count)
        origins.reserveCapacity(answer.count)
        var position = 0
        for scalar in String(decoding: answer, as: UTF8.self).unicodeScalars {
            let utf8 = UTF8.encode(scalar)
            if let plain = VerdictText.plain(scalar) {
                append(plain, at: position)
            } else if let utf8 {
                for byte in utf8 { append(byte, at: position) }
            }
            position += utf8?.count ?? 0
        }
    }

    private mutating func append(_ byte: UInt8, at position: Int) {
        cased.append(byte)
        bytes.append(byte.isUpper ? byte | 0x20 : byte)
        origins.append(position)
    }

    var count: Int { bytes.count }

    /// The byte at a position; 0 outside the text.
    subscript(_ position: Int) -> UInt8 {
        position >= 0 && position < bytes.count ? bytes[position] : 0
    }

    /// Whether lower-case bytes stand at a position.
    func has(_ word: [UInt8], at position: Int) -> Bool {
        guard position >= 0, position + word.count <= bytes.count else { return false }
        for offset in word.indices where bytes[position + offset] != word[offset] { return false }
        return true
    }

    /// The part of the answer as it was written, white space around it removed.
    func original(_ range: Range<Int>) -> String {
        guard !range.isEmpty else { return "" }
        let end = range.upperBound < origins.count ? origins[range.upperBound] : answer.count
        return String(decoding: answer[origins[range.lowerBound]..<end], as: UTF8.self).trimming()
    }

    /// The lower-case word that ends before a position; empty when there is none.
    func word(endingAt end: Int) -> ArraySlice<UInt8> {
        var start = end
        while self[start - 1].isLetter || self[start - 1] == UInt8(ascii: "'") { start -= 1 }
        return bytes[max(start, 0)..<max(end, 0)]
    }

    /// The lower-case word at a position; empty when there is none.
    func word(at start: Int) -> ArraySlice<UInt8> {
        var end = start
        while self[end].isLetter || (end > start && self[end] == UInt8(ascii: "'")) { end += 1 }
        return bytes[min(start, count)..<min(end, count)]
    }

    private static let thinkingTags = ["think", "thinking", "thought", "reasoning"].map { Array($0.utf8) }

    /// Where the answer starts behind the last closing tag of a thinking, and whether an opened one is never closed.
    private static func endOfThinking(in source: [UInt8]) -> (start: Int, isOpen: Bool) {
        var start = 0
        var lastOpen = -1
        for index in source.indices where source[index] == UInt8(ascii: "<") {
            let isClosing = index + 1 < source.count && source[index + 1] == UInt8(ascii: "/")
            let name = index + (isClosing ? 2 : 1)
            for tag in thinkingTags {
                let end = name + tag.count
                guard end < source.count, source[end] == UInt8(ascii: ">") else { continue }
                guard source[name..<end].elementsEqual(tag, by: { $0 | 0x20 == $1 }) else { continue }
                if isClosing { start = end + 1 } else { lastOpen = index }
            }
        }
        return (start, lastOpen >= start)
    }

    /// The ASCII byte that stands for a typographic or full-width character; `nil` to keep it.
    private static func plain(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0..<0x80: return UInt8(scalar.value)
        case 0xFF01...0xFF5E: return UInt8(scalar.value - 0xFEE0)
        case 0x00A0, 0x202F, 0x2009, 0x3000: return UInt8(ascii: " ")
        case 0x3010: return UInt8(ascii: "[")
        case 0x3011: return UInt8(ascii: "]")
        case 0x201C...0x201F, 0x00AB, 0x00BB, 0x300C...0x300F: return UInt8(ascii: "\"")
        case 0x2018, 0x2019: return UInt8(ascii: "'")
        case 0x2010...0x2015, 0x2212, 0x2022: return UInt8(ascii: "-")
        case 0x2192, 0x21D2, 0x279C, 0x27A1: return UInt8(ascii: "=")
        default: return nil
        }
    }
}

extension UInt8 {
    var isUpper: Bool { self >= 0x41 && self <= 0x5A }
    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isBlank: Bool { self == 0x20 || self == 0x09 }
    var isNewline: Bool { self == 0x0A || self == 0x0D }
    var isWordByte: Bool { isLetter || isDigit || self == UInt8(ascii: "_") }
    /// Markdown and quotes, which say nothing.
    var isMarkup: Bool { UInt8.markup.contains(self) }
    private static let markup = Array("*_`\"'~#".utf8)
}
