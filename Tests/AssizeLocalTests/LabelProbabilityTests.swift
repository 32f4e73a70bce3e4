import AssizeCore
import CLlama
import Testing

@testable import AssizeLocal

/// Label probabilities against a reckoning that shares no code with the engine: each label is spelled out token by token in a
/// context of its own, and every factor is a softmax over the whole vocabulary, summed in double precision.
extension EngineTests {
    @Suite struct LabelProbabilityTests {
        @Test(arguments: [
            (1...10).map(String.init),
            (0...100).map(String.init),
            ["A", "B", "Tie"],
            ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"],
            ["Yes", "No"],
        ])
        func `label probabilities agree with brute force to 1e-4`(labels: [String]) async throws {
            let model = try TestModel.load(sequences: 3)
            let reference = try Reference(path: TestModel.path)
            for (text, opening) in [
                ("Grade the answer. Question: 2 + 2? Answer: 5.", "Score: "),
                ("How good is this poem?\nRoses are red.", "Result:\n"),
            ] {
                let ask = TestModel.labelAsk(text, labels: labels, opening: opening)
                let answer = try await model.answer(ask)
                let distribution = try #require(answer.distribution)
                let expected = try reference.probabilities(of: labels, ask: ask, opening: opening)
                let total = expected.reduce(0, +)
                #expect(abs(distribution.mass - total) < 1e-4)
                for (index, label) in labels.enumerated() {
                    let difference = abs(distribution.probabilities[index] - expected[index] / total)
                    #expect(
                        difference < 1e-4,
                        "\(label): \(distribution.probabilities[index]) against \(expected[index] / total)"
                    )
                }
                #expect(answer.label == distribution.mostProbable)
            }
        }

        @Test func `the label behind a rationale is weighed behind that rationale`() async throws {
            let model = try TestModel.load(sequences: 2)
            let reference = try Reference(path: TestModel.path)
            let ask = TestModel.rationaleAsk("Grade the answer. Question: 2 + 2? Answer: 5.", maximumTokens: 20)
            let answer = try await model.answer(ask)
            let distribution = try #require(answer.distribution)
            let rationale = String(answer.text.dropLast("\nScore: X".count))
            let expected = try reference.probabilities(
                of: distribution.labels,
                ask: ask,
                opening: rationale + "\nScore: "
            )
            let total = expected.reduce(0, +)
            for (index, probability) in distribution.probabilities.enumerated() {
                // The rationale is tokenised anew here, which may cut it elsewhere than the model did.
                #expect(abs(probability - expected[index] / total) < 0.02)
            }
        }

        /// A context of one sequence that starts from nothing for every question.
        private struct Reference {
            private let model: LlamaModel
            private let vocabulary: Vocabulary
            private let template: ChatTemplate

            init(path: String) throws {
                model = try LlamaModel(path: path, content: .weights)
                vocabulary = Vocabulary(model: model)
                template = try LocalModel.template(of: model, options: EngineOptions())
            }

            /// P(label) for each label: its tokens' probabilities multiplied, times the probability that what follows does not
            /// make it a longer label.
            func probabilities(of labels: [String], ask: Ask, opening: String) throws -> [Double] {
                let prompt = try template.tokens(of: ask.messages, opening: "", vocabulary: vocabulary).tokens
                let spelled = labels.map { vocabulary.tokens(ofText: opening + $0) }
                let prefix = vocabulary.tokens(ofText: opening)
                let shared = spelled.reduce(prefix.count) { shared, tokens in
                    min(shared, zip(prefix, tokens).prefix { $0 == $1 }.count)
                }
                var known: [[Int32]: [Double]] = [:]
                func row(_ path: [Int32]) throws -> [Double] {
                    if let row = known[path] { return row }
                    let row = try softmax(after: prompt + prefix.prefix(shared) + path)
                    known[path] = row
                    return row
                }
                return try spelled.map { tokens in
                    var probability = 1.0
                    var path: [Int32] = []
                    for token in tokens.dropFirst(shared) {
                        probability *= try row(path)[Int(token)]
                        path.append(token)
                    }
                    let longer = spelled.filter { $0.count > tokens.count && $0.starts(with: tokens) }
                    guard !longer.isEmpty else { return probability }
                    let next = Set(longer.map { $0[tokens.count] })
                    let row = try row(path)
                    return probability * (1 - next.reduce(0) { $0 + row[Int($1)] })
                }
            }

            private func softmax(after tokens: [Int32]) throws -> [Double] {
                let plan = try EnginePlan(
                    options: EngineOptions(contextTokens: 1024, sequences: 1, threads: 1),
                    trainedContext: 2048,
                    cacheBytesPerToken: 1024,
                    cores: 2
                )
                let context = try LlamaContext(model: model, plan: plan, abortFlag: LlamaContext.AbortFlag())
                let batch = TokenBatch(capacity: 512)
                for (position, token) in tokens.enumerated() {
                    batch.append(token, position: position, sequences: [0], output: position == tokens.count - 1)
                }
                try #require(context.decode(batch) == .done)
                let logits = try #require(context.withLogits(row: tokens.count - 1) { Array($0) })
                let highest = Double(logits.max() ?? 0)
                let exponentials = logits.map { Double.exponential(Double($0) - highest) }
                let sum = exponentials.reduce(0, +)
                return exponentials.map { $0 / sum }
            }
        }
    }
}
