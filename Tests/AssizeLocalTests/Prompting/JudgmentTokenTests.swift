import AssizeCore
import Testing

@testable import AssizeLocal

extension EngineTests {
    /// Judgments in tokens, with the small real model.
    @Suite struct JudgmentTokenTests {
        private func tokenizer() throws -> ConversationTokenizer {
            try ConversationTokenizer(path: TestModel.path)
        }

        private func text(_ tokens: some Collection<Int32>, _ tokenizer: ConversationTokenizer) -> String {
            String(decoding: tokens.flatMap { tokenizer.vocabulary.bytes(of: $0) }, as: UTF8.self)
        }

        private func ask(opening: String = "Feedback:", lead: String, marker: String = "\nScore: ") -> Ask {
            Ask(
                messages: [Message(role: .user, content: "Is it good? It is.")],
                format: .rationaleThenLabel(
                    .init(
                        opening: opening,
                        lead: lead,
                        marker: marker,
                        stops: ["Score:", "\n\n"],
                        labels: ["1", "2", "3", "4", "5", "10"],
                        maximumTokens: 60
                    )
                )
            )
        }

        @Test func `the tokens are those that the engine reads and writes when the model says the same`() async throws {
            let tokenizer = try tokenizer()
            let loop = try PlainLoop()
            for question in ["Describe the sea in one sentence.", "What is 2 + 2? Answer: 4.", "Say hello to Anna."] {
                let ask = TestModel.rationaleAsk(question, maximumTokens: 40)
                guard case .rationaleThenLabel(let form) = ask.format else { continue }
                let answer = try await TestModel.load(sequences: 1, isDeterministic: true).answer(ask)
                let rationale = try #require(answer.rationale)
                let label = try #require(answer.label)
                let made = try tokenizer.judgment(of: ask, rationale: rationale, label: label)

                let prepared = try PreparedPrompt(
                    ask: ask,
                    template: tokenizer.template,
                    vocabulary: tokenizer.vocabulary,
                    contextTokens: 2048
                )
                #expect(made.prompt == prepared.tokens)
                var writing = Writing(maximumTokens: 40, minimumTokens: 0, stops: form.stops)
                for token in try loop.tokens(ask, count: 40) {
                    if writing.append(token, bytes: tokenizer.vocabulary.bytes(of: token)) { break }
                }
                let (kept, rest) = writing.settle()
                let tree = try #require(prepared.labels)
                let spelled = try #require(tree.tokens(of: label))
                let written =
                    Array(writing.tokens[..<kept]) + tokenizer.vocabulary.tokens(ofText: rest, continuing: true)
                #expect(made.answer == written + tree.forced + spelled + tokenizer.end, "\(rationale)")
            }
        }

        @Test(arguments: ["", " The response", "The response "], ["1", "10"])
        func `decoding the tokens gives the text back, whatever the rationale says`(lead: String, label: String) throws
        {
            let tokenizer = try tokenizer()
            let ask = ask(lead: lead)
            var random = SplitMix64(seed: 7)
            let pieces = [
                "good", " ", "\n", "é", "日本", "😀", "<|im_end|>", "4/5", "\t", "x=1;", "don't", "…", "[RESULT]",
                "e\u{301}",
            ]
            for _ in 0..<60 {
                var rationale = (0..<Int(random.next() % 12)).map { _ in pieces[Int(random.next() % 14)] }.joined()
                rationale = (lead.trimmed + (lead.isEmpty ? "" : " ") + rationale).replacing("\n\n", with: "\n").trimmed
                if rationale == lead.trimmed { rationale = "\(rationale) was.".trimmed }
                let made = try tokenizer.judgment(of: ask, rationale: rationale, label: label)
                #expect(made.answer.last == tokenizer.end.last)
                #expect(!made.answer.dropLast().contains { tokenizer.vocabulary.endsText($0) })
                let whole = text(made.prompt, tokenizer) + text(made.answer.dropLast(), tokenizer)
                #expect(whole.utf8.reversed().starts(with: "\(rationale)\nScore: \(label)".utf8.reversed()), "\(whole)")
                let separator = lead.first == " " || lead.isEmpty ? " " : ""
                if !rationale.isEmpty {
                    #expect(whole.contains("assistant\nFeedback:\(separator)\(rationale)"), "\(whole)")
                }
            }
        }

        @Test func `of a label alone the words before it are read`() throws {
            let tokenizer = try tokenizer()
            let ask = TestModel.labelAsk("Is it good?", labels: ["Yes", "No"], opening: "Answer: ")
            let made = try tokenizer.judgment(of: ask, rationale: "not read", label: "No")
            #expect(text(made.prompt, tokenizer).hasSuffix("assistant\nAnswer:"))
            #expect(text(made.answer.dropLast(), tokenizer) == " No")
            #expect(made.answer.last == tokenizer.end.last)
        }

        @Test func `what the format could not have brought forth is refused`() throws {
            let tokenizer = try tokenizer()
            let long = String(repeating: "The response is good. ", count: 40)
            for (rationale, label, word) in [
                ("Correct.", "1", "The response"), ("The response is good.\n\nIt is.", "1", "\\n\\n"),
                ("The response is good.", "7", "'7'"), (long, "1", "60"),
            ] {
                let error = #expect(throws: LanguageModelError.self) {
                    try tokenizer.judgment(of: ask(lead: " The response"), rationale: rationale, label: label)
                }
                #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
            }
        }

        @Test func `a dialogue through the model's own template`() throws {
            let tokenizer = try tokenizer()
            let (tokens, trained) = try tokenizer.conversation(ConversationTests.dialogue)
            #expect(trained.map { text(tokens[$0].dropLast(), tokenizer) } == ["answer one", "an answer"])
            let before = Array(tokens[..<trained[1].lowerBound])
            #expect(before == (try tokenizer.prompt(Array(ConversationTests.dialogue.dropLast()))))
        }
    }
}
