import AssizeCore
import Testing

@testable import AssizeLocal

extension EngineTests {
    @Suite struct GrammarSamplingTests {
        /// Rows of the first tokens alone, among them every single character: quicker than those of the whole vocabulary.
        private static let rowSize = 2048
        private let model: LlamaModel
        private let vocabulary: Vocabulary

        init() throws {
            model = try LlamaModel(path: TestModel.path, content: .vocabulary)
            vocabulary = Vocabulary(model: model)
        }

        private func sampler(_ sampling: Sampling, seed: UInt64, _ grammar: String) throws -> TokenSampler {
            try TokenSampler(sampling: sampling, seed: seed, grammar: grammar, model: model)
        }

        private func token(_ text: String) throws -> Int32 {
            let tokens = vocabulary.tokens(ofText: text)
            try #require(tokens.count == 1)
            return tokens[0]
        }

        @Test(arguments: [
            Sampling(), Sampling(temperature: 1), Sampling(temperature: 1, topP: 0.3),
            Sampling(temperature: 0.7, topP: 0.9, minP: 0.2, repetitionPenalty: 1.2),
        ])
        func `whatever the logits, the text is in the grammar's language`(sampling: Sampling) throws {
            for seed in 0..<UInt64(3) {
                let grammar = #"root ::= "{" [a-z] [a-z]? [a-z]? ":" [0-9] [0-9]? "}""#
                let sampler = try sampler(sampling, seed: seed, grammar)
                #expect(sampler.hasGrammar)
                var generator = LogitGenerator(seed: seed)
                var text: [UInt8] = []
                for _ in 0..<20 {
                    var row = generator.row(count: GrammarSamplingTests.rowSize)
                    let before = row
                    let drawn = row.withUnsafeMutableBufferPointer { sampler.draw(from: $0, banning: []) }
                    #expect(row == before)
                    let token = try #require(drawn)
                    if vocabulary.isEnd(token) { break }
                    text += vocabulary.bytes(of: token)
                }
                let string = String(decoding: text, as: UTF8.self)
                #expect(string.wholeMatch(of: /\{[a-z]{1,3}:[0-9]{1,2}\}/) != nil, "\(string)")
            }
        }

        @Test(arguments: [0, 3, 200])
        func `allowed tokens keep their shares among each other`(refused: Int) throws {
            let allowed = try ["x", "y", "z"].map { try token($0) }
            var row = [Float](repeating: -20, count: GrammarSamplingTests.rowSize)
            // None of these is a single x, y or z.
            for index in 0..<refused { row[1000 + index] = 3 }
            for (index, token) in allowed.enumerated() { row[Int(token)] = Float(index) }
            // The cut is made before the grammar is asked: of 203 tokens the last falls to it.
            let cut = Sampling(temperature: 1, minP: 0.06)
            for (sampling, kept) in [(Sampling(temperature: 1), 0..<3), (cut, refused == 0 ? 0..<3 : 1..<3)] {
                var counts = [Int](repeating: 0, count: 3)
                let draws = refused > 64 ? 200 : 1000
                for seed in 0..<draws {
                    let sampler = try sampler(sampling, seed: UInt64(seed), "root ::= [xyz]")
                    let drawn = row.withUnsafeMutableBufferPointer { sampler.draw(from: $0, banning: []) }
                    let index = try #require(allowed.firstIndex { $0 == drawn })
                    counts[index] += 1
                }
                let weights = (0..<3).map { kept.contains($0) ? SamplingReference.exponential(Double($0)) : 0 }
                let total = weights.reduce(0, +)
                for (count, weight) in zip(counts, weights) {
                    let expected = Double(draws) * weight / total
                    #expect(abs(Double(count) - expected) <= 4 * expected.squareRoot(), "\(counts)")
                }
            }
        }

        @Test func `when the cuts leave nothing that is allowed they are made anew`() throws {
            let allowed = try ["x", "y", "z"].map { try token($0) }
            var row = [Float](repeating: -20, count: GrammarSamplingTests.rowSize)
            row[1000] = 30
            for (index, token) in allowed.enumerated() { row[Int(token)] = Float(10 * index) - 15 }
            for sampling in [
                Sampling(), Sampling(temperature: 1, topP: 0.9), Sampling(temperature: 1, minP: 0.1),
            ] {
                for seed in 0..<UInt64(5) {
                    let sampler = try sampler(sampling, seed: seed, "root ::= [xyz]")
                    let drawn = row.withUnsafeMutableBufferPointer { sampler.draw(from: $0, banning: []) }
                    #expect(drawn == allowed[2])
                }
            }
        }

        @Test func `no token is drawn when all that the grammar allows are banned`() throws {
            let allowed = try ["x", "y"].map { try token($0) }
            var row = [Float](repeating: 0, count: GrammarSamplingTests.rowSize)
            for sampling in [Sampling(), Sampling(temperature: 1, topP: 0.9)] {
                let sampler = try sampler(sampling, seed: 1, "root ::= [xy]")
                let drawn = row.withUnsafeMutableBufferPointer { sampler.draw(from: $0, banning: allowed) }
                #expect(drawn.map { vocabulary.bytes(of: $0) } == nil)
                // Nothing was accepted: the grammar is where it was.
                let next = row.withUnsafeMutableBufferPointer { sampler.draw(from: $0, banning: [allowed[0]]) }
                #expect(next == allowed[1])
            }
        }

        @Test func `a grammar that is none says so`() throws {
            let error = #expect(throws: AssizeLocalError.self) {
                try sampler(Sampling(), seed: 0, "root ::= (((")
            }
            #expect(error?.code == .invalidGrammar)
            #expect(error?.message.contains("GBNF") == true)
        }
    }
}
