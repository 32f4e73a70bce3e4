import Testing

@testable import AssizeTraining

extension OwnKernelTests {
    /// Log-probabilities of the tiny models against PyTorch's.
    @Suite struct ForwardTests {
        private struct Forward: Decodable {
            let models: [String: Model]
        }

        private struct Model: Decodable {
            let sequences: [Sequence]
            let packed: Packed
        }

        private struct Sequence: Decodable {
            let tokens: [Int32]
            let nextLogProbabilities: [Float]
        }

        private struct Packed: Decodable {
            let prompt: [Int32]
            let answers: [Answer]
        }

        private struct Answer: Decodable {
            let tokens: [Int32]
            let logProbabilities: [Float]
        }

        @Test(arguments: TinyModel.names, [FrozenModel.Format.tensors32, .panels(.float32)])
        func `every next token is as probable as PyTorch says`(name: String, format: FrozenModel.Format) throws {
            let network = try TinyModel.network(name, format: format)
            let model = try #require(try Fixture.load("forward", as: Forward.self).models[name])
            for sequence in model.sequences {
                var pack = Pack()
                pack.add(prompt: sequence.tokens, answers: [], predictsPrompt: true)
                let found = try network.logProbabilities(of: pack, adapter: .off, forGradients: false)
                #expect(found.count == sequence.nextLogProbabilities.count)
                for (one, other) in zip(found, sequence.nextLogProbabilities) {
                    #expect(abs(one - other) < 1e-4 * max(1, abs(other)))
                }
            }
        }

        @Test(arguments: TinyModel.names, [FrozenModel.Format.tensors32, .panels(.float32)])
        func `answers side by side behind one prompt are as probable as each by itself`(
            name: String,
            format: FrozenModel.Format
        ) throws {
            let network = try TinyModel.network(name, format: format)
            let packed = try #require(try Fixture.load("forward", as: Forward.self).models[name]).packed
            var pack = Pack()
            // Another group before it, which must not be seen.
            pack.add(prompt: [5, 6, 7], answers: [[8, 9], [1]])
            let ranges = pack.add(prompt: packed.prompt, answers: packed.answers.map(\.tokens))
            let found = try network.logProbabilities(of: pack, adapter: .off, forGradients: false)
            for (range, answer) in zip(ranges, packed.answers) {
                #expect(range.count == answer.tokens.count)
                for (one, other) in zip(found[range], answer.logProbabilities) {
                    #expect(abs(one - other) < 1e-4 * max(1, abs(other)))
                }
            }
        }
    }
}
