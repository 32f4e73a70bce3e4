import AssizeCore
import AssizeTesting
import Testing

@testable import AssizeLocal

extension EngineTests {
    @Suite struct LocalModelTests {
        @Test(arguments: [1, 4])
        func `the embedded engine keeps the contract`(sequences: Int) async throws {
            try await LanguageModelContract(model: TestModel.load(sequences: sequences)).verify()
        }

        @Test func `a prompt longer than the context fails by itself, and its neighbours are answered`() async throws {
            let model = try TestModel.load(contextTokens: 256)
            let long = TestModel.rationaleAsk(String(repeating: "word ", count: 2000))
            let short = TestModel.rationaleAsk("Grade this: 2 + 2 = 4.")
            async let first = model.answer(short)
            do throws(LanguageModelError) {
                _ = try await model.answer(long)
                Issue.record("the long prompt was answered")
            } catch {
                #expect(error.code == .overLength)
                #expect(error.message.contains("--context"))
            }
            #expect(try await first.label != nil)
        }

        @Test func `on request a long prompt loses its middle and says so`() async throws {
            let model = try TestModel.load(contextTokens: 256)
            var ask = TestModel.labelAsk(
                "START " + String(repeating: "word ", count: 2000) + " END",
                labels: ["1", "2"]
            )
            ask.overflow = .truncateMiddle
            let answer = try await model.answer(ask)
            #expect(answer.truncatedTokens > 1500)
            #expect(answer.usage.prompt + 8 <= 256)
            #expect(answer.label != nil)
        }

        @Test func `a grammar holds the answer to its language`() async throws {
            let model = try TestModel.load()
            let grammar = #"root ::= "{\"score\": " [1-5] "}""#
            let ask = Ask(
                messages: [Message(role: .user, content: "Write JSON.")],
                format: .freeText(.init(maximumTokens: 40, grammar: grammar)),
                sampling: Sampling(temperature: 1),
                seed: 3
            )
            let answer = try await model.answer(ask)
            #expect(answer.text.wholeMatch(of: /\{"score": [1-5]\}/) != nil, "\(answer.text)")
            #expect(answer.finish == .stop)
        }

        @Test func `a grammar that is none is an error of its ask`() async throws {
            let model = try TestModel.load()
            let ask = Ask(
                messages: [Message(role: .user, content: "Write JSON.")],
                format: .freeText(.init(maximumTokens: 4, grammar: "root ::= ((("))
            )
            let error = await #expect(throws: LanguageModelError.self) { try await model.answer(ask) }
            #expect(error?.message.contains("GBNF") == true)
        }

        @Test func `seeds tell samples apart`() async throws {
            let model = try TestModel.load()
            var texts: Set<String> = []
            for seed in 0..<6 {
                let ask = TestModel.rationaleAsk("Describe the sea.", seed: UInt64(seed), temperature: 1)
                texts.insert(try await model.answer(ask).text)
            }
            #expect(texts.count > 3)
        }

        @Test func `deterministic, an answer does not depend on what else is asked`() async throws {
            let model = try TestModel.load(isDeterministic: true)
            let ask = TestModel.rationaleAsk("Is the sky blue? Answer: yes.")
            let alone = try await model.answer(ask)
            async let other = model.answer(TestModel.rationaleAsk("Name three rivers. Answer: Rhine, Elbe, Oder."))
            async let again = model.answer(ask)
            async let third = model.answer(TestModel.rationaleAsk("What is 7 * 6? Answer: 42."))
            let (second, _, _) = try await (again, other, third)
            #expect(second.text == alone.text)
            #expect(second.distribution == alone.distribution)
        }

        @Test func `the text of a rationale does not depend on when it was cancelled round it`() async throws {
            let model = try TestModel.load()
            let ask = TestModel.rationaleAsk("Is the sky blue? Answer: yes.", maximumTokens: 40)
            let before = try await model.answer(ask)
            let noise = (0..<12)
                .map { index in
                    Task {
                        _ = try? await model.answer(TestModel.rationaleAsk("Count to \(index).", maximumTokens: 400))
                    }
                }
            for task in noise { task.cancel() }
            for task in noise { await task.value }
            #expect(try await model.answer(ask).label == before.label)
        }

        @Test func `a missing file and a file that is no GGUF are clear errors`() throws {
            let missing = #expect(throws: AssizeLocalError.self) {
                try LocalModel(path: "/nonexistent/model.gguf", name: "x", sha256: nil)
            }
            #expect(missing?.code == .unreadableModel)
            #expect(missing?.message.contains("/nonexistent/model.gguf") == true)
            let source = #expect(throws: AssizeLocalError.self) {
                try LocalModel(path: #filePath, name: "x", sha256: nil)
            }
            #expect(source?.code == .unreadableModel)
        }

        @Test func `an unknown chat template names the way out`() throws {
            let error = #expect(throws: AssizeLocalError.self) {
                try LocalModel(
                    path: TestModel.path,
                    name: "x",
                    sha256: nil,
                    options: EngineOptions(chatTemplate: "no-such-template")
                )
            }
            #expect(error?.code == .unknownTemplate)
            #expect(error?.message.contains("--chat-template") == true)
            #expect(error?.message.contains("chatml") == true)
        }
    }
}
