import AssizeCore
import AssizeData
import Testing

struct GoldScoreTests {
    @Test(arguments: ["score", "human", "label", "gold", "oracle_label", "human_score", "score_1_5"])
    func `each name of a score is known`(name: String) throws {
        let row = #"{"prompt": "p", "response": "r", "\#(name)": 3.5}"#
        #expect(try item(row).gold == .score(3.5))
        #expect(try item(row).metadata.isEmpty)
    }

    @Test(arguments: [
        ("4", GoldLabel.score(4)), (#"" 4.5 ""#, .score(4.5)), ("true", .score(1)), ("false", .score(0)),
        (#""good""#, .category("good")),
    ])
    func `a score is read however it is written`(value: String, label: GoldLabel) throws {
        #expect(try item(#"{"prompt": "p", "response": "r", "score": \#(value)}"#).gold == label)
    }

    @Test(arguments: [#""""#, "null", #""NaN""#, #""nan""#, #"" ""#])
    func `a blank label is none`(value: String) throws {
        #expect(try item(#"{"prompt": "p", "response": "r", "score": \#(value)}"#).gold == nil)
        #expect(try item(#"{"prompt": "p", "response": "r", "score": \#(value), "gold": 1}"#).gold == .score(1))
    }

    @Test func `a truth value goes by the names of its scale`() throws {
        let row = #"{"prompt": "p", "response": "r", "score": true, "scale": ["False", "True"]}"#
        #expect(try item(row).gold == .category("True"))
    }

    @Test func `what holds no label is metadata and counted, unless it was named`() throws {
        let text = String(repeating: "word ", count: 40)
        let row = #"{"prompt": "p", "response": "r", "human": "\#(text)", "label": {"x": 1}}"#
        var map = FieldMap(shape: .single)
        let members = try #require(try JSONParser.parse(row).objectValue)
        let item = try map.item(from: members, line: 1)
        #expect(item.gold == nil)
        #expect(item.metadata.keys.sorted() == ["human", "label"])
        #expect(map.unreadableGold == 1)
        #expect(try fault(row, fields: [.gold: "human"])?.hasPrefix("has no label in the field 'human'") == true)
    }
}
