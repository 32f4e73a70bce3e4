import AssizeCore
import AssizeData
import Testing

struct FieldMapTests {
    @Test(arguments: ["id", "item_id", "question_id", "custom_id", "prompt_id", "idx"])
    func `each name of an id is known`(name: String) throws {
        #expect(try item(#"{"\#(name)": "x7", "prompt": "p", "response": "r"}"#).id == "x7")
        #expect(try item(#"{"\#(name)": 7, "prompt": "p", "response": "r"}"#).id == "7")
    }

    @Test(arguments: [
        "instruction", "prompt", "input", "question", "user_input", "query", "question_body", "inputs",
    ])
    func `each name of an instruction is known`(name: String) throws {
        let item = try item(#"{"\#(name)": "do it", "response": "r"}"#)
        #expect(item.instruction == "do it")
        #expect(item.metadata.isEmpty)
    }

    @Test(arguments: ["response", "output", "actual_output", "answer", "completion", "outputs"])
    func `each name of a response is known`(name: String) throws {
        let item = try item(#"{"prompt": "p", "\#(name)": "done"}"#, shape: .single)
        #expect(item.candidates == [Candidate(text: "done")])
    }

    @Test(arguments: [
        "reference", "reference_answer", "expected", "expected_output", "target", "ground_truth", "reference_outputs",
    ])
    func `each name of a reference is known`(name: String) throws {
        #expect(try item(#"{"prompt": "p", "response": "r", "\#(name)": "good"}"#).reference == "good")
        #expect(try item(#"{"prompt": "p", "response": "r", "\#(name)": ["a", "b"]}"#).reference == "a\n\nb")
    }

    @Test(arguments: ["context", "retrieval_context", "retrieved_contexts", "contexts", "documents"])
    func `each name of a context is known, and a list is joined with blank lines`(name: String) throws {
        #expect(try item(#"{"prompt": "p", "response": "r", "\#(name)": "c"}"#).context == "c")
        let list = #"["one", {"text": "two", "score": 1}, null, {"b": 1, "a": "x/y"}]"#
        let expected = #"one"# + "\n\n" + "two" + "\n\n" + #"{"a":"x/y","b":1}"#
        #expect(try item(#"{"prompt": "p", "response": "r", "\#(name)": \#(list)}"#).context == expected)
        #expect(try item(#"{"prompt": "p", "response": "r", "\#(name)": []}"#).context == nil)
    }

    @Test func `the first name in the list counts and the rest is metadata`() throws {
        let row = #"""
            {"input": "second", "prompt": "first", "output": "o", "expected": null, "target": "t", "score_1_5": 5,
             "score": 2, "model": "m", "tags": ["x"], "votes": null}
            """#
        var map = FieldMap(shape: .single)
        let members = try #require(try JSONParser.parse(row).objectValue)
        let item = try map.item(from: members, line: 9)
        #expect(item.id == "line-9")
        #expect(item.instruction == "first")
        #expect(item.reference == "t")
        #expect(item.gold == .score(2))
        #expect(item.candidates == [Candidate(text: "o", author: "m")])
        #expect(
            item.metadata == [
                "input": .string("second"), "score_1_5": .integer(5), "model": .string("m"),
                "tags": .array([.string("x")]),
            ]
        )
        #expect(
            map.aliasesUsed == [.instruction: "prompt", .response: "output", .reference: "target", .gold: "score"]
        )
    }

    @Test func `an empty response is a response and a missing one is none`() throws {
        #expect(try item(#"{"prompt": "p", "response": ""}"#).candidates == [Candidate(text: "")])
        #expect(
            try fault(#"{"prompt": "p", "response": null}"#, shape: .single)
                == "has no response (looked for response, output, actual_output, answer, completion, outputs)"
        )
        #expect(try fault(#"{"prompt": "p", "a": "x", "b": "y"}"#, shape: .single)?.contains("the pair a, b") == true)
        #expect(try fault(#"{"prompt": "p"}"#)?.hasPrefix("has neither a response nor a pair") == true)
    }

    @Test func `a row needs an instruction, messages or a context`() throws {
        #expect(try fault(#"{"response": "r"}"#)?.hasPrefix("has no instruction (looked for instruction, ") == true)
        #expect(try item(#"{"response": "r", "context": "c"}"#).instruction == "")
        #expect(try item(#"{"response": "r", "prompt": ""}"#).instruction == "")
        #expect(try item(#"{"response": "r", "instruction": "", "input": "i"}"#).instruction == "i")
    }

    @Test func `numbers and booleans are texts, lists and objects are not`() throws {
        let item = try item(#"{"id": 1.5, "prompt": 42, "response": true, "reference": 0.1}"#)
        #expect(item.id == "1.5")
        #expect(item.instruction == "42")
        #expect(item.candidates.map(\.text) == ["true"])
        #expect(item.reference == "0.1")
        #expect(
            try fault(#"{"prompt": "p", "outputs": {"a": 1}}"#)
                == "has an object in the field 'outputs' where a text should stand"
        )
        #expect(try fault(#"{"prompt": ["p"], "output": "o"}"#)?.hasPrefix("has a list in the field 'prompt'") == true)
        #expect(try fault(#"{"id": 18446744073709551615, "prompt": "p", "output": "o"}"#)?.contains("quotes") == true)
    }

    @Test func `a field that a user names is the only one looked for`() throws {
        let row = #"{"prompt": "p", "response": "r", "my_col": "mine", "label": "A"}"#
        let item = try item(row, fields: [.response: "my_col"])
        #expect(item.candidates.map(\.text) == ["mine"])
        #expect(item.metadata["response"] == .string("r"))
        #expect(try fault(row, shape: .single, fields: [.response: "x"]) == "has no response (looked for x)")
    }

    @Test func `an instruction is followed by the input beside it, as Alpaca's rows have it`() throws {
        let item = try item(#"{"instruction": "Translate.", "input": "Bonjour", "output": "Hello"}"#)
        #expect(item.instruction == "Translate.\n\nBonjour")
        #expect(item.metadata["input"] == nil)
    }

    @Test func `a field named for one role is no alias of another`() throws {
        let item = try item(#"{"prompt": "the answer", "question": "q"}"#, fields: [.response: "prompt"])
        #expect(item.instruction == "q")
        #expect(item.candidates.map(\.text) == ["the answer"])
    }

    @Test func `overrides are read from role=field`() throws {
        let overrides = try FieldMap.Overrides(parsing: ["response=my=col", "gold=human score"])
        #expect(overrides.names == [.response: "my=col", .gold: "human score"])
        for wrong in [["response"], ["response="], ["reply=x"], ["id=a", "id=b"], ["a=x"]] {
            #expect(throws: AssizeDataError.self) { try FieldMap.Overrides(parsing: wrong) }
        }
        #expect(try FieldMap.Overrides(parsing: ["a=x", "b=y"]).names == [.a: "x", .b: "y"])
    }
}
