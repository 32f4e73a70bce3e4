import AssizeCore
import AssizeData
import Testing

struct PairRowTests {
    @Test(arguments: [
        ("a", "b"), ("response_A", "response_B"), ("response_a", "response_b"), ("output_1", "output_2"),
        ("answer1_body", "answer2_body"), ("chosen", "rejected"),
    ])
    func `each name of a pair is known`(names: (a: String, b: String)) throws {
        for shape in [ItemShape.pair, .any] {
            let item = try item(#"{"prompt": "p", "\#(names.a)": "x", "\#(names.b)": "y"}"#, shape: shape)
            #expect(item.candidates.map(\.text) == ["x", "y"])
            #expect(item.gold == (names.a == "chosen" ? .choice(.a) : nil))
            #expect(item.metadata.isEmpty)
        }
    }

    @Test func `a pair goes before a response only where pairs are asked for`() throws {
        let row = #"{"prompt": "p", "response": "r", "a": "x", "b": "y"}"#
        #expect(try item(row, shape: .pair).candidates.map(\.text) == ["x", "y"])
        #expect(try item(row, shape: .any).candidates.map(\.text) == ["r"])
        #expect(try item(row, shape: .single).candidates.map(\.text) == ["r"])
    }

    @Test func `half a pair is broken`() throws {
        #expect(try fault(#"{"prompt": "p", "a": "x"}"#) == "has 'a' but no 'b' to compare it with")
        #expect(try fault(#"{"prompt": "p", "rejected": "x"}"#) == "has 'rejected' but no 'chosen' to compare it with")
        #expect(try fault(#"{"prompt": "p", "response": "x"}"#, shape: .pair)?.hasPrefix("has no pair") == true)
    }

    @Test(arguments: [
        (#""A""#, Choice.a), (#""b""#, .b), (#""Tie""#, .tie), (#""model_a""#, .a), (#""model_b""#, .b), ("1", .a),
        ("2", .b), ("0", .tie), (#""A>B""#, .a), (#""B>A""#, .b), (#""A=B""#, .tie), (#""1""#, .a), ("1.5", .tie),
        (#"" gpt-x ""#, .b),
    ])
    func `a preference is read however it is written`(label: String, choice: Choice) throws {
        for name in ["label", "preference", "winner", "gold"] {
            let row = #"{"prompt": "p", "a": "x", "b": "y", "model_a": "m", "model_b": "gpt-x", "\#(name)": \#(label)}"#
            #expect(try item(row).gold == .choice(choice))
        }
    }

    @Test func `a field of gold's name that holds no preference is metadata, unless it was named`() throws {
        let row = #"{"prompt": "p", "a": "x", "b": "y", "label": "safety", "winner": "b"}"#
        let item = try item(row)
        #expect(item.gold == .choice(.b))
        #expect(item.metadata == ["label": .string("safety")])
        #expect(try fault(row, fields: [.gold: "label"]) == "has no label in the field 'label'; write A, B or tie")
    }

    @Test func `authors are noted and stay in the metadata`() throws {
        let row = #"""
            {"prompt": "p", "chosen": "x", "rejected": "y", "chosen_model": "m1", "rejected_model": "m2"}
            """#
        let item = try item(row)
        #expect(item.candidates.map(\.author) == ["m1", "m2"])
        #expect(item.metadata.count == 2)
    }

    @Test func `a pair of conversations gives its last turns, and the turns before as the instruction`() throws {
        let row = #"""
            {"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "x"}],
             "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "y"}]}
            """#
        let item = try item(row, shape: .pair)
        #expect(item.instruction == "q")
        #expect(item.candidates.map(\.text) == ["x", "y"])
        #expect(item.gold == .choice(.a))
    }

    @Test func `a pair can be named by the user`() throws {
        let item = try item(#"{"prompt": "p", "left": "x", "right": "y"}"#, fields: [.a: "left", .b: "right"])
        #expect(item.candidates.map(\.text) == ["x", "y"])
    }
}
