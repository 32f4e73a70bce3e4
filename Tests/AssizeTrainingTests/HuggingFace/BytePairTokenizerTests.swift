import Foundation
import Testing

@testable import AssizeTraining

@Suite struct BytePairTokenizerTests {
    private func fields(_ tokenizer: BytePairTokenizer) throws -> [String: JSONValue] {
        try JSONDecoder().decode([String: JSONValue].self, from: Data(tokenizer.json.utf8))
    }

    @Test func `tokens keep their ids and merges their order`() throws {
        let scratch = try ScratchFolder()
        let json = try fields(BytePairTokenizer(VocabularyFile.write(in: scratch)))
        let model = try #require(json["model"]?.object)
        #expect(model["type"] == .string("BPE") && model["ignore_merges"] == .bool(false))
        let vocabulary = try #require(model["vocab"]?.object)
        #expect(vocabulary.count == VocabularyFile.tokens.count)
        for (id, token) in VocabularyFile.tokens.enumerated() { #expect(vocabulary[token] == .number(Double(id))) }
        #expect(
            model["merges"]
                == .array([
                    .array([.string("a"), .string("b")]), .array([.string("\u{120}"), .string("ab")]),
                ])
        )
        #expect(json["normalizer"] == .null && json["decoder"] == PreTokenizer.bytes)
    }

    @Test func `control and added tokens are found before words are cut, and unused ones are not`() throws {
        let scratch = try ScratchFolder()
        let json = try fields(BytePairTokenizer(VocabularyFile.write(in: scratch)))
        guard case .array(let added) = json["added_tokens"] else {
            Issue.record("no added tokens")
            return
        }
        let found = added.compactMap(\.object).map { "\($0["content"]?.string ?? ""), \($0["special"] ?? .null)" }
        #expect(found == ["<|end|>, true", "<|turn|>, true", "<mark>, false"])
    }

    @Test(
        arguments: [
            ("smollm", 2, false), ("gpt-2", 1, false), ("qwen2", 1, false), ("llama-bpe", 1, true),
            ("default", 4, false),
        ]
    )
    func `words are cut by llama.cpp's expressions, then written as bytes`(
        _ name: String,
        _ count: Int,
        _ ignoresMerges: Bool
    ) throws {
        let scratch = try ScratchFolder()
        let file = try VocabularyFile.write(["tokenizer.ggml.pre": .string(name)], in: scratch)
        let json = try fields(BytePairTokenizer(file))
        #expect(json["model"]?.object?["ignore_merges"] == .bool(ignoresMerges))
        guard case .array(let steps) = json["pre_tokenizer"]?.object?["pretokenizers"] else {
            Issue.record("no steps")
            return
        }
        #expect(steps.count == count + 1 && steps.last == PreTokenizer.bytes)
        #expect(steps.dropLast().allSatisfy { $0.object?["behavior"] == .string("Isolated") })
    }

    @Test func `Qwen cuts digits one by one, Llama 3 by three`() throws {
        #expect(try #require(PreTokenizer(named: "qwen2")).expressions[0].contains(#"|\p{N}| ?[^\s"#))
        #expect(try #require(PreTokenizer(named: "llama-bpe")).expressions[0].contains(#"|\p{N}{1,3}| ?[^\s"#))
        #expect(PreTokenizer(named: "tekken") == nil)
    }

    @Test func `a token goes before and behind texts where the file says so, and before those of Llama 3`() throws {
        let scratch = try ScratchFolder()
        func single(_ changes: [String: GGUFValue?]) throws -> String {
            let json = try fields(BytePairTokenizer(VocabularyFile.write(changes, in: scratch)))
            guard case .array(let parts) = json["post_processor"]?.object?["processors"] else { return "none" }
            return parts.last?.object?["single"]?.description ?? ""
        }
        #expect(try single([:]) == "none")
        let begins = #"{"SpecialToken":{"id":"<|turn|>","type_id":0}}"#
        let text = #"{"Sequence":{"id":"A","type_id":0}}"#
        let ends = #"{"SpecialToken":{"id":"<|end|>","type_id":0}}"#
        #expect(try single(["tokenizer.ggml.add_bos_token": .bool(true)]) == "[\(begins),\(text)]")
        #expect(try single(["tokenizer.ggml.add_eos_token": .bool(true)]) == "[\(text),\(ends)]")
        #expect(try single(["tokenizer.ggml.pre": .string("llama-bpe")]) == "[\(begins),\(text)]")
        #expect(
            try single(["tokenizer.ggml.pre": .string("llama-bpe"), "tokenizer.ggml.add_bos_token": .bool(false)])
                == "none"
        )
    }

    @Test func `settings name the tokens with a role and bring the chat template`() throws {
        let scratch = try ScratchFolder()
        let file = try VocabularyFile.write(in: scratch)
        let settings = try #require(
            try BytePairTokenizer(file).settings(tokens: HuggingFaceTokens(file), context: 512).object
        )
        #expect(settings["bos_token"] == .string("<|turn|>") && settings["eos_token"] == .string("<|end|>"))
        #expect(settings["chat_template"] == .string("{{ messages[0]['content'] }}\n"))
        #expect(settings["model_max_length"] == .number(512) && settings["unk_token"] == nil)
        let two = try VocabularyFile.write(["tokenizer.chat_template.tools": .string("T")], in: scratch)
        let named = try BytePairTokenizer(two).settings(tokens: HuggingFaceTokens(two), context: 512)
        guard case .array(let templates) = named.object?["chat_template"] else {
            Issue.record("no named templates")
            return
        }
        #expect(templates.compactMap { $0.object?["name"]?.string } == ["default", "tools"])
    }

    @Test func `both ends of an answer are told to generation`() throws {
        let scratch = try ScratchFolder()
        let file = try VocabularyFile.write(["tokenizer.ggml.eot_token_id": .uint32(1)], in: scratch)
        let fields = HuggingFaceTokens(file).generationConfiguration.object
        #expect(fields?["eos_token_id"] == .array([.number(0), .number(1)]))
    }

    @Test(
        arguments: [
            ("tokenizer.ggml.model", .string("llama"), "a vocabulary of the kind 'llama'"),
            (
                "tokenizer.ggml.pre", .string("tekken"),
                "by 'tekken', which can't be written as tokenizer.json; known are"
            ),
            ("tokenizer.ggml.merges", nil, "lacks tokenizer.ggml.tokens or tokenizer.ggml.merges"),
            ("tokenizer.ggml.merges", .strings(["ab"]), "a merge 'ab', which is no pair"),
            ("tokenizer.ggml.token_type", .int32s([1]), "11 tokens and 1 kinds"),
            (
                "tokenizer.ggml.tokens", .strings(VocabularyFile.tokens.dropLast() + ["a"]),
                "the token 'a' twice"
            ),
        ] as [(String, GGUFValue?, String)]
    )
    func `a vocabulary that is not known here or broken is named`(
        _ key: String,
        _ value: GGUFValue?,
        _ reason: String
    ) throws {
        let scratch = try ScratchFolder()
        let file = try VocabularyFile.write([key: value], in: scratch)
        let error = #expect(throws: AssizeTrainingError.self) { try BytePairTokenizer(file) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }
}
