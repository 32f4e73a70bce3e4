import AssizeCore
import CLlama
import Foundation
import Testing

@testable import AssizeLocal

/// What must not change however much is shared and computed together.
extension EngineTests {
    @Suite struct SharedEngineTests {
        private static let texts = [
            "Grade this answer to 'What is 2 + 2?': four.",
            "Grade this answer to 'What is 2 + 2?': five.",
            "Is Paris the capital of France? Explain in a sentence.",
            "Write a line about the sea.",
            "Judge the tone of: 'Go away!'",
            String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 30) + "How many animals?",
            String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 30) + "Which animal is lazy?",
        ]

        private static func load(
            path: String = TestModel.path,
            isDeterministic: Bool = false,
            flashAttention: FlashAttention? = nil
        ) throws -> LocalModel {
            try LocalModel(
                path: path,
                name: "smollm2-135m",
                sha256: nil,
                options: EngineOptions(
                    contextTokens: 1024,
                    isDeterministic: isDeterministic,
                    threads: 1,
                    flashAttention: flashAttention
                )
            )
        }

        /// The model's weights at full precision, as a file in `folder`: formats that round activations too, as Q4_1 does, turn
        /// a difference in the last bit into one of the second digit, with any engine.
        private static func writeFullPrecision(in folder: String) throws -> String {
            let path = "\(folder)/f32.gguf"
            var parameters = llama_model_quantize_default_params()
            parameters.ftype = LLAMA_FTYPE_ALL_F32
            parameters.allow_requantize = true
            parameters.nthread = 1
            try #require(llama_model_quantize(TestModel.path, path, &parameters) == 0)
            return path
        }

        private static func freeAsk(_ text: String, tokens: Int, temperature: Double = 0, seed: UInt64 = 1) -> Ask {
            Ask(
                messages: [Message(role: .user, content: text)],
                format: .freeText(.init(maximumTokens: tokens)),
                sampling: Sampling(temperature: temperature),
                seed: seed
            )
        }

        @Test func `alone and greedy, the engine writes what a plain loop over one sequence writes`() async throws {
            let model = try SharedEngineTests.load(isDeterministic: true)
            let loop = try PlainLoop()
            for text in SharedEngineTests.texts {
                let ask = SharedEngineTests.freeAsk(text, tokens: 24)
                let answer = try await model.answer(ask)
                #expect(try loop.write(ask, tokens: 24) == answer.text)
            }
        }

        @Test func `deterministic answers are the same to the last bit in any order and company`() async throws {
            let asks = SharedEngineTests.texts.flatMap { text in
                [0, 1].map { TestModel.rationaleAsk(text, maximumTokens: 12, seed: UInt64($0), temperature: 1) }
                    + [TestModel.labelAsk(text, labels: (0...20).map(String.init))]
            }
            let straight = try SharedEngineTests.load(isDeterministic: true)
            var expected: [Ask: Answer] = [:]
            for ask in asks { expected[ask] = try await straight.answer(ask) }

            let busy = try SharedEngineTests.load(isDeterministic: true)
            var random = SplitMix64(seed: 5)
            for _ in 0..<2 {
                let answers = try await SharedEngineTests.answers(to: asks.shuffled(using: &random), of: busy)
                for (ask, answer) in answers {
                    let known = try #require(expected[ask])
                    #expect(answer.text == known.text)
                    #expect(answer.distribution == known.distribution)
                }
            }
        }

        @Test func `forked samples are drawn from the model's own distribution`() async throws {
            let model = try SharedEngineTests.load()
            let text = "Name a colour, just one word."
            let asks = (0..<2000)
                .map { SharedEngineTests.freeAsk(text, tokens: 1, temperature: 1, seed: SplitMix64.derive(7, "\($0)")) }
            let answers = try await SharedEngineTests.answers(to: asks, of: model)
            let first = try PlainLoop().firstTokens(of: asks[0])
            var counts: [String: Int] = [:]
            for (_, answer) in answers { counts[answer.text, default: 0] += 1 }
            // Texts that are expected at least 8 times stand for themselves, the others together.
            var statistic = 0.0
            var cells = 0
            var restCount = 2000
            var restExpected = 2000.0
            for (text, probability) in first where probability * 2000 >= 8 {
                let expected = probability * 2000
                let count = counts[text] ?? 0
                statistic += (Double(count) - expected) * (Double(count) - expected) / expected
                restCount -= count
                restExpected -= expected
                cells += 1
            }
            statistic += (Double(restCount) - restExpected) * (Double(restCount) - restExpected) / max(restExpected, 1)
            #expect(cells >= 5)
            // Wilson and Hilferty's approximation of the chi-square quantile at 0.9999 with `cells` degrees of freedom.
            let k = Double(cells)
            let root = 1 - 2 / (9 * k) + 3.719 * (2 / (9 * k)).squareRoot()
            #expect(statistic < k * root * root * root, "chi-square \(statistic) over \(cells + 1) cells")
            #expect(answers.filter { $0.1.usage.cached > 0 }.count >= 1990, "one prompt is read once")
        }

        @Test func `label probabilities do not depend on the company`() async throws {
            let folder = FileManager.default.temporaryDirectory.path + "/assize-f32-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let path = try SharedEngineTests.writeFullPrecision(in: folder)
            let asks = SharedEngineTests.texts.map { TestModel.labelAsk($0, labels: (1...12).map(String.init)) }
            let alone = try SharedEngineTests.load(path: path, isDeterministic: true, flashAttention: .off)
            let together = try SharedEngineTests.load(path: path, flashAttention: .off)
            let company = (0..<12)
                .map {
                    TestModel.rationaleAsk("Item \($0) is here.", maximumTokens: 12, seed: UInt64($0), temperature: 1)
                }
            let answers = try await SharedEngineTests.answers(to: company + asks + company, of: together)
            var largest = 0.0
            for (ask, answer) in answers where asks.contains(ask) {
                let expected = try #require(try await alone.answer(ask).distribution)
                let found = try #require(answer.distribution)
                for (one, other) in zip(found.probabilities, expected.probabilities) {
                    largest = max(largest, abs(one - other))
                }
            }
            #expect(largest < 1e-3)
        }

        @Test func `adapters answer beside the model itself, each as if alone`() async throws {
            let folder = FileManager.default.temporaryDirectory.path + "/assize-lora-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let base = try SharedEngineTests.load(
                path: SharedEngineTests.writeFullPrecision(in: folder),
                flashAttention: .off
            )
            var models: [LocalModel] = [base]
            for seed in 1...2 {
                let path = "\(folder)/\(seed).gguf"
                try LoraFile.write(to: path, architecture: "llama", width: 576, layers: 12, seed: UInt64(seed))
                models.append(try await base.adapted(path: path, name: "adapter \(seed)", sha256: nil))
            }
            #expect(models.map(\.identity.adapter) == [nil, "adapter 1", "adapter 2"])

            let asks = SharedEngineTests.texts.map { TestModel.labelAsk($0, labels: ["1", "2", "3", "4", "5"]) }
            var alone: [[LabelDistribution?]] = []
            for model in models {
                var row: [LabelDistribution?] = []
                for ask in asks { row.append(try await model.answer(ask).distribution) }
                alone.append(row)
            }
            #expect(alone[0] != alone[1])
            #expect(alone[1] != alone[2])
            try await withThrowingTaskGroup(of: (Int, Int, LabelDistribution?).self) { group in
                for (number, model) in models.enumerated() {
                    for (index, ask) in asks.enumerated() {
                        group.addTask { (number, index, try await model.answer(ask).distribution) }
                    }
                }
                for try await (number, index, distribution) in group {
                    let expected = try #require(alone[number][index])
                    let found = try #require(distribution)
                    for (one, other) in zip(found.probabilities, expected.probabilities) {
                        #expect(abs(one - other) < 1e-3, "adapter \(number), ask \(index)")
                    }
                }
            }
        }

        @Test func `a file that is no adapter is an error, and the model goes on`() async throws {
            let model = try SharedEngineTests.load()
            await #expect(throws: AssizeLocalError.self) {
                try await model.adapted(path: TestModel.path, name: "none", sha256: nil)
            }
            let answer = try await model.answer(SharedEngineTests.freeAsk("Say yes.", tokens: 2))
            #expect(!answer.text.isEmpty)
        }

        private static func answers(to asks: [Ask], of model: LocalModel) async throws -> [(Ask, Answer)] {
            try await withThrowingTaskGroup(of: (Ask, Answer).self) { group in
                for ask in asks { group.addTask { (ask, try await model.answer(ask)) } }
                var answers: [(Ask, Answer)] = []
                for try await pair in group { answers.append(pair) }
                return answers
            }
        }
    }
}
