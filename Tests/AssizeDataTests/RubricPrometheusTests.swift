import AssizeCore
import AssizeData
import Testing

struct RubricPrometheusTests {
    private let text = "[Is it kind?]\nScore 1: No.\nScore 2: A bit.\nMore of it.\r\nScore 3: Yes."
    private let levels = [1: "No.", 2: "A bit.\nMore of it.", 3: "Yes."]

    private func criterion(
        _ name: String = "overall",
        lower: Int = 1,
        upper: Int = 3,
        levels: [Int: String]
    ) -> Criterion {
        Criterion(name: name, text: "Is it kind?", scale: .ordinal(lower: lower, upper: upper, levels: levels))
    }

    @Test func `the text form gives the question and the levels`() throws {
        #expect(try Rubric(prometheus: text).criteria == [criterion(levels: levels)])
        let unbracketed = try Rubric(prometheus: "Is it kind?\n\n score 0 : bad\nScore 2:good\n", named: "kindness")
        #expect(
            unbracketed.criteria == [criterion("kindness", lower: 0, upper: 2, levels: [0: "bad", 2: "good"])]
        )
    }

    @Test func `the dictionary form gives the same`() throws {
        let members: [String: JSONValue] = [
            "criteria": .string("Is it kind?"), "score1_description": .string("No."),
            "score2_description": .string("A bit.\nMore of it."), "score3_description": .string("Yes."),
            "score4_description": .null, "note": .integer(1),
        ]
        #expect(try Rubric(prometheus: members).criteria == [criterion(levels: levels)])
    }

    @Test(arguments: [
        "[q]", "Score 1: a\nScore 2: b", "[q]\nScore 1: a", "[q]\nScore 1: a\nScore 1: b",
        "[q]\nScore 0: a\nScore 500: b",
    ])
    func `a form that lacks something is refused`(text: String) {
        #expect(throws: AssizeDataError.self) { try Rubric(prometheus: text) }
    }

    @Test func `a row's rubric is read in all three places`() throws {
        let escaped = #"[Is it kind?]\nScore 1: No.\nScore 2: A bit.\nMore of it.\r\nScore 3: Yes."#
        let dictionary = #""criteria": "Is it kind?", "score1_description": "No.", "score3_description": "Yes.""#
        let asText = try item(#"{"prompt": "p", "response": "r", "rubric": "\#(escaped)", "scale": [1, 3]}"#)
        #expect(asText.rubric?.criteria == [criterion(levels: levels)])
        #expect(asText.metadata.keys.sorted() == ["scale"])
        let two = [1: "No.", 3: "Yes."]
        let asObject = try item(#"{"prompt": "p", "response": "r", "rubric": {\#(dictionary)}, "criterion": "kind"}"#)
        #expect(asObject.rubric?.criteria == [criterion("kind", levels: two)])
        #expect(asObject.metadata.isEmpty)
        let asKeys = try item(#"{"prompt": "p", "response": "r", \#(dictionary), "criterion": "Is it kind?"}"#)
        #expect(asKeys.rubric?.criteria == [criterion(levels: two)])
        #expect(asKeys.metadata.keys.sorted() == ["criterion"])
        let quoted = dictionary.replacing("\"", with: "\\\"")
        #expect(try item(#"{"prompt": "p", "response": "r", "rubric": "{\#(quoted)}"}"#).rubric != nil)
    }

    @Test func `a criterion with a scale is a rubric, and without one it is metadata`() throws {
        let row = #"{"prompt": "p", "response": "r", "criterion": "kindness", "scale": [0, 4.0], "score": 9}"#
        let short = try item(row)
        #expect(
            short.rubric?.criteria == [
                Criterion(name: "kindness", text: "kindness", scale: .ordinal(lower: 0, upper: 4, levels: [:]))
            ]
        )
        #expect(short.gold == .score(9))
        let long = try item(#"{"prompt": "p", "response": "r", "criterion": "is it kind", "scale": "[1, 3]"}"#)
        #expect(long.rubric?.criteria.map(\.name) == ["overall"])
        #expect(long.rubric?.criteria.map(\.text) == ["is it kind"])
        for scale in ["[0, 2.5]", "null", #"["No", "Yes"]"#, "[1, 2, 3]"] {
            let left = try item(#"{"prompt": "p", "response": "r", "criterion": "kind", "scale": \#(scale)}"#)
            #expect(left.rubric == nil)
            #expect(left.metadata["criterion"] == .string("kind"))
        }
    }

    @Test func `a plain rubric of a pair is a choice`() throws {
        let pair = try item(#"{"prompt": "p", "a": "x", "b": "y", "rubric": "Which is kinder?"}"#)
        #expect(
            pair.rubric?.criteria == [
                Criterion(name: "overall", text: "Which is kinder?", scale: .choice(tie: true))
            ]
        )
        #expect(try item(#"{"prompt": "p", "a": "x", "b": "y", "criterion": "overall"}"#).rubric == nil)
    }

    @Test func `a rubric that can't be used breaks the row`() throws {
        let broken = #"{"prompt": "p", "response": "r", "rubric": {"criteria": "q", "score1_description": "a"}}"#
        #expect(try fault(broken)?.hasPrefix("has a rubric that can't be used: it describes 1 level;") == true)
        #expect(try fault(#"{"prompt": "p", "response": "r", "rubric": ["a"]}"#)?.hasPrefix("has a rubric") == true)
        let reversed = #"{"prompt": "p", "response": "r", "criterion": "c", "scale": [5, 1]}"#
        #expect(try fault(reversed)?.contains("5...1") == true)
    }
}
