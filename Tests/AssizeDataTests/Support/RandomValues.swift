import AssizeCore

/// Random values, texts among them that are awkward to write down: quotes, line ends, emoji, combining marks.
///
/// Numbers stay below 2^52, from where on Foundation reads halves as whole numbers.
struct RandomValues {
    private var generator: SplitMix64
    private static let pieces = [
        "a", "Z", "0", " ", "\"", "\"\"", "\\", "/", ",", "\n", "\r\n", "\t", "é", "e\u{301}", "👨‍👩‍👧", "\u{0}", "\u{7F}",
        "\u{2028}", "\u{FEFF}", "[", "}", ":", "Score 1: x", "{{", "<|im_end|>",
    ]

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    mutating func below(_ bound: Int) -> Int {
        Int(generator.next() % UInt64(bound))
    }

    mutating func text(length: Int = 12) -> String {
        var text = ""
        for _ in 0..<below(length + 1) {
            text += RandomValues.pieces[below(RandomValues.pieces.count)]
        }
        return text
    }

    mutating func value(depth: Int) -> JSONValue {
        switch below(depth > 0 ? 8 : 5) {
        case 0: return .boolean(below(2) == 0)
        case 1: return .integer(Int(truncatingIfNeeded: generator.next()) >> below(64))
        case 2: return .number((generator.nextUnit() - 0.5) * Double.power(10, Double(below(30) - 15)))
        case 3: return .null
        case 4: return .string(text())
        case 5: return .array((0..<below(4)).map { _ in value(depth: depth - 1) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<below(5) {
                members[text(length: 4)] = value(depth: depth - 1)
            }
            return .object(members)
        }
    }
}
