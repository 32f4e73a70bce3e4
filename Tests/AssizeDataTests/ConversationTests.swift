import AssizeCore
import AssizeData
import Testing

struct ConversationTests {
    private let turns = #"""
        [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hi"},
         {"role": "assistant", "content": "hello"}, {"role": "user", "content": "and?"},
         {"role": "assistant", "content": "bye"}]
        """#
    private let written = "System: be kind\n\nUser: hi\n\nAssistant: hello\n\nUser: and?"

    @Test func `the last turn of the assistant's is the response`() throws {
        let item = try item(#"{"messages": \#(turns)}"#)
        #expect(item.instruction == written)
        #expect(item.candidates.map(\.text) == ["bye"])
        #expect(item.metadata.isEmpty)
    }

    @Test func `a response of its own leaves the conversation whole, unless it repeats the last turn`() throws {
        let other = try item(#"{"messages": \#(turns), "response": "later"}"#)
        #expect(other.instruction == written + "\n\nAssistant: bye")
        #expect(other.candidates.map(\.text) == ["later"])
        let same = try item(#"{"messages": \#(turns), "response": "bye"}"#)
        #expect(same.instruction == written)
    }

    @Test func `an instruction of its own leaves the messages to the metadata`() throws {
        let item = try item(#"{"messages": "none", "instruction": "p", "response": "r"}"#)
        #expect(item.instruction == "p")
        #expect(item.metadata == ["messages": .string("none")])
    }

    @Test func `a single turn of the user's is its text`() throws {
        let item = try item(#"{"messages": [{"role": "user", "content": "hi"}], "a": "x", "b": "y"}"#)
        #expect(item.instruction == "hi")
        #expect(try fault(#"{"messages": [{"role": "user", "content": "hi"}]}"#)?.contains("neither") == true)
    }

    @Test func `content parts, tool calls and other roles are written out`() throws {
        let row = #"""
            {"messages": [
              {"role": "user", "content": [{"type": "text", "text": "look"}, {"type": "image_url", "image_url": {}}]},
              {"role": "assistant", "content": null, "tool_calls": [{"name": "f"}]},
              {"role": "tool", "content": "42"}], "response": "r"}
            """#
        let expected = "User: look\n[image_url]\n\nAssistant: " + #"[{"name":"f"}]"# + "\n\nTool: 42"
        #expect(try item(row).instruction == expected)
    }

    @Test func `messages that can't be read break the row`() throws {
        #expect(
            try fault(#"{"messages": [{"role": "user"}], "response": "r"}"#) == "has no content in message 1"
        )
        #expect(
            try fault(#"{"messages": [{"role": "user", "content": "a"}, "b"], "response": "r"}"#)
                == "has no role in message 2"
        )
        #expect(try fault(#"{"messages": "x", "response": "r"}"#)?.hasPrefix("has no instruction") == true)
    }

    @Test func `messages in a text are read as JSON`() throws {
        let row = #"{"messages": "[{\"role\": \"user\", \"content\": \"hi\"}]", "response": "r"}"#
        #expect(try item(row).instruction == "hi")
    }
}
