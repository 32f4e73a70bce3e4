import AssizeCore
import Testing

@testable import AssizeLocal

struct PrefixCounterTests {
    /// Every distinct beginning of the prompts, one by one.
    private func reference(_ prompts: [[Int32]]) -> Int {
        var beginnings: Set<[Int32]> = []
        for prompt in prompts {
            for end in prompt.indices { beginnings.insert(Array(prompt[...end])) }
        }
        return beginnings.count
    }

    private func counter(_ prompts: [[Int32]]) -> PrefixCounter {
        var counter = PrefixCounter()
        for prompt in prompts { counter.add(prompt) }
        return counter
    }

    @Test func `a shared beginning is read once, worked by hand`() {
        let counter = counter([[1, 2, 3, 4], [1, 2, 5], [1, 2], [6], [1, 2, 3, 4], []])
        // 1 2 3 4, then 5 behind 1 2, then 6.
        #expect(counter.readTokens == 6)
        #expect(counter.askedTokens == 4 + 3 + 2 + 1 + 4)
        #expect(counter.prompts == 6)
        #expect(counter.longestPrompt == 4)
    }

    @Test func `a prompt asked again costs nothing but is asked`() {
        var counter = PrefixCounter()
        counter.add([1, 2, 3], times: 8)
        #expect(counter.prompts == 8)
        #expect(counter.askedTokens == 24)
        #expect(counter.readTokens == 3)
    }

    @Test func `nothing is counted of nothing`() {
        #expect(PrefixCounter().readTokens == 0)
        #expect(PrefixCounter().askedTokens == 0)
    }

    @Test(arguments: 0..<200)
    func `the tree agrees with the set of all beginnings, in any order`(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
        // Few different tokens, so that prompts part at every depth, some within a run and some at its end.
        let tokens = 1 + below(3)
        var prompts: [[Int32]] = []
        for _ in 0..<below(40) {
            let start = prompts.isEmpty || below(3) == 0 ? [] : prompts[below(prompts.count)]
            prompts.append(start.prefix(below(12)) + (0..<below(8)).map { _ in Int32(below(tokens)) })
        }
        let expected = reference(prompts)
        #expect(counter(prompts).readTokens == expected)
        #expect(counter(prompts.reversed()).readTokens == expected)
        #expect(counter(prompts + prompts).readTokens == expected)
        #expect(counter(prompts).askedTokens == prompts.reduce(0) { $0 + $1.count })
    }
}

extension EngineTests {
    @Suite struct PromptCounterTests {
        private func asks(_ text: String) -> [Ask] {
            [
                TestModel.rationaleAsk(text), TestModel.labelAsk(text, labels: ["Yes", "No"]),
                Ask(
                    messages: [Message(role: .user, content: text)],
                    format: .freeText(.init(opening: "Well,", maximumTokens: 4))
                ),
            ]
        }

        @Test func `a prompt has the tokens that the engine reads`() throws {
            let model = try LlamaModel(path: TestModel.path, content: .vocabulary)
            let template = try LocalModel.template(of: model, options: EngineOptions())
            let counter = try PromptCounter(path: TestModel.path)
            for ask in asks("Is caf\u{e9} a word? <|im_end|>") {
                let prepared = try PreparedPrompt(
                    ask: ask,
                    template: template,
                    vocabulary: Vocabulary(model: model),
                    contextTokens: 4096
                )
                var prefixes = PrefixCounter()
                try counter.count(ask, into: &prefixes)
                #expect(prefixes.readTokens == prepared.tokens.count)
                #expect(try counter.promptTokens(of: ask) == prepared.tokens.count)
            }
        }

        @Test func `prompts that begin alike share their tokens`() throws {
            let counter = try PromptCounter(path: TestModel.path)
            let long = String(repeating: "The fox jumps over the dog. ", count: 40)
            var shared = PrefixCounter()
            var apart = PrefixCounter()
            for word in ["red", "green", "blue"] {
                try counter.count(TestModel.rationaleAsk(long + word), times: 2, into: &shared)
                try counter.count(TestModel.rationaleAsk(word + long), times: 2, into: &apart)
            }
            #expect(shared.prompts == 6)
            #expect(shared.readTokens < shared.askedTokens / 5)
            #expect(apart.readTokens > apart.askedTokens / 3)
        }
    }
}
