import AssizeCore
import Foundation
import Testing

struct VerdictCodingTests {
    @Test(arguments: [
        (
            Verdict.scored(label: "4", score: 4, expected: 3.5),
            #"{"expected":3.5,"kind":"scored","label":"4","score":4}"#
        ),
        (.scored(label: "4", score: 4, expected: nil), #"{"kind":"scored","label":"4","score":4}"#),
        (
            .preferred(choice: .tie, probability: 0.5, consistent: false),
            #"{"choice":"tie","consistent":false,"kind":"preferred","probability":0.5}"#
        ),
        (.ranked([2, 0, 1]), #"{"kind":"ranked","ranking":[2,0,1]}"#),
        (.classified(label: "toxic"), #"{"kind":"classified","label":"toxic"}"#),
        (.abstained(reason: "does not apply"), #"{"kind":"abstained","reason":"does not apply"}"#),
        (.failed(.overLength, raw: "too long"), #"{"failure":"over-length","kind":"failed","raw":"too long"}"#),
    ])
    func `a verdict is written as the contract has it, and read back`(verdict: Verdict, json: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        #expect(String(decoding: try encoder.encode(verdict), as: UTF8.self) == json)
        #expect(try JSONDecoder().decode(Verdict.self, from: Data(json.utf8)) == verdict)
    }

    @Test(arguments: [GoldLabel.score(2.5), .choice(.b), .category("x")])
    func `a gold label survives its JSON`(label: GoldLabel) throws {
        let data = try JSONEncoder().encode(label)
        #expect(try JSONDecoder().decode(GoldLabel.self, from: data) == label)
    }

    @Test func `a failure is no score, and says so`() {
        #expect(Verdict.failed(.unparsed, raw: "").isFailure)
        #expect(!Verdict.abstained(reason: "").isFailure)
    }

    @Test func `swapping a choice twice gives it back`() {
        for choice in Choice.allCases { #expect(choice.swapped.swapped == choice) }
        #expect(Choice.a.swapped == .b)
        #expect(Choice.tie.swapped == .tie)
    }
}
