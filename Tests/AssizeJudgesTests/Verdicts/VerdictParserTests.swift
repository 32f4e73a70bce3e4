import AssizeCore
import AssizeJudges
import Foundation
import Testing

struct VerdictParserTests {
    /// One line of `verdicts.jsonl`.
    struct Row: Decodable, CustomTestStringConvertible {
        let text: String
        let scale: String
        let expected: String
        let prometheus: String?

        var testDescription: String { "\(scale): \(text.suffix(60))" }

        var parsedScale: Scale {
            switch scale {
            case "yes-no": return .yesNo
            case "choice": return .choice(tie: false)
            case "choice-with-tie": return .choice(tie: true)
            case "-2-2": return .ordinal(lower: -2, upper: 2, levels: [:])
            default:
                if scale.hasPrefix("cat:") {
                    return .categories(scale.dropFirst(4).split(separator: ",").map(String.init))
                }
                let ends = scale.split(separator: "-").compactMap { Int($0) }
                return .ordinal(lower: ends[0], upper: ends[1], levels: [:])
            }
        }
    }

    static let rows: [Row] = {
        guard let text = try? Fixtures.text("verdicts.jsonl") else { return [] }
        return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
    }()

    @Test func `the fixture is there whole`() throws {
        #expect(Self.rows.count >= 150)
        #expect(Self.rows.count == (try Fixtures.text("verdicts.jsonl").split(separator: "\n").count))
    }

    @Test(arguments: rows)
    func `a judge's text is read as a person would`(row: Row) {
        let result = VerdictParser(scale: row.parsedScale).parse(row.text)
        let actual =
            switch result {
            case .label(let label, _): label
            case .noLabel: "none"
            case .ambiguous(let labels): "ambiguous:" + labels.joined(separator: ",")
            case .outOfScale(let value): "outside:" + value
            case .truncated: "truncated"
            }
        #expect(actual == row.expected)
    }

    @Test(arguments: rows.filter { $0.scale == "1-5" || $0.scale.hasPrefix("choice") })
    func `the strict reading is prometheus-eval's own`(row: Row) {
        let actual =
            row.scale == "1-5"
            ? VerdictParser.prometheusStrictAbsolute(row.text) : VerdictParser.prometheusStrictRelative(row.text)
        #expect(actual == row.prometheus)
    }

    @Test(arguments: [
        ("The list is complete.\n\n**Score:** 4/5", "The list is complete."),
        ("Ａ fine reply, “quoted”. 【RESULT】 4", "Ａ fine reply, “quoted”."),
        ("Score: 4\n\nIt is complete.", "It is complete."),
        ("<think>Hm.</think>\nIt is right. [RESULT] 4\n\nThanks!", "It is right."),
        ("[RESULT] 4", ""),
    ])
    func `the rationale is the text before the verdict, as written`(text: String, rationale: String) {
        #expect(
            VerdictParser(scale: .ordinal(lower: 1, upper: 5, levels: [:])).parse(text)
                == .label("4", rationale: rationale)
        )
    }

    @Test func `garbled texts are read without a crash`() {
        var generator = SplitMix64(seed: 1)
        let scales = Self.rows.map(\.parsedScale)
        for round in 0..<3000 {
            var bytes = Array(Self.rows[round % Self.rows.count].text.utf8)
            for _ in 0..<3 where !bytes.isEmpty {
                let cut = Int(generator.next() % UInt64(bytes.count))
                switch generator.next() % 3 {
                case 0: bytes.removeSubrange(cut..<min(cut + Int(generator.next() % 9), bytes.count))
                case 1: bytes.insert(contentsOf: bytes[cut..<min(cut + Int(generator.next() % 9), bytes.count)], at: 0)
                default: bytes[cut] = UInt8(truncatingIfNeeded: generator.next())
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let scale = scales[Int(generator.next() % UInt64(scales.count))]
            if case .label(let label, _) = VerdictParser(scale: scale).parse(text) {
                #expect(scale.labels.contains(label))
            }
            _ = VerdictParser.prometheusStrictAbsolute(text)
            _ = VerdictParser.prometheusStrictRelative(text)
        }
    }

    @Test func `any prefix of a text is read without a crash and never as another number`() {
        let text =
            "Feedback: The plan has 3 steps, 2 of them wrong. **Final Score：** 10/10 \u{1F389} {\"score\": 10} [[10]] \\boxed{10}"
        let parser = VerdictParser(scale: .ordinal(lower: 0, upper: 10, levels: [:]))
        for count in 0...text.count {
            if case .label(let label, _) = parser.parse(String(text.prefix(count))) {
                #expect(["10", "1"].contains(label))
            }
        }
        #expect(parser.parse(text).isLabel("10"))
    }
}

extension VerdictParser.Result {
    fileprivate func isLabel(_ expected: String) -> Bool {
        if case .label(expected, _) = self { true } else { false }
    }
}
