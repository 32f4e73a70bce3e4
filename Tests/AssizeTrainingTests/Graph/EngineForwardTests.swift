import Foundation
import Testing

@testable import AssizeTraining

extension OwnKernelTests {
    /// The same log-probabilities as llama.cpp's, which will judge with what is trained here.
    @Suite struct EngineForwardTests {
        private func found(_ network: Network, _ tokens: [Int32], _ next: [Int32], adapter: Network.Adapter) throws
            -> [Double]
        {
            var pack = Pack()
            // Each token as an answer of its own behind the text.
            pack.add(prompt: tokens, answers: next.map { [$0] })
            return try network.logProbabilities(of: pack, adapter: adapter, forGradients: false).map(Double.init)
        }

        private func check(_ found: [Double], _ expected: [Double], tolerance: Double) {
            let difference = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            let size = expected.reduce(0) { $0 + $1 * $1 }
            #expect(found.count == expected.count)
            #expect(difference.squareRoot() <= tolerance * size.squareRoot(), "\((difference / size).squareRoot())")
        }

        @Test(arguments: TinyModel.names, [FrozenModel.Format.tensors32, .panels(.float32)])
        func `every next token is as probable as llama.cpp says, with and without an adapter`(
            name: String,
            format: FrozenModel.Format
        ) throws {
            let folder = try ScratchFolder()
            let path = try TinyModel.write(name, in: folder.path)
            let network = try TinyModel.network(name, amplitude: 0.3, format: format)
            let tokens: [Int32] = [3, 71, 9, 15, 40, 40, 2]
            let all = (0..<Int32(96)).map { $0 }
            let plain = try EngineLogits.logProbabilities(model: path, after: tokens)
            check(try found(network, tokens, all, adapter: .off), plain, tolerance: 1e-4)

            // The adapter that the network was made with, by the same rule.
            let adapter = try OracleAdapter.filled(base: path, rank: 4, alpha: 8, seed: 7, amplitude: 0.3)
            try adapter.writeGGUF(to: folder.file("a.gguf"))
            let changed = try EngineLogits.logProbabilities(model: path, adapter: folder.file("a.gguf"), after: tokens)
            check(try found(network, tokens, all, adapter: .on), changed, tolerance: 1e-4)
            #expect(zip(plain, changed).contains { abs($0 - $1) > 0.05 }, "the adapter has no effect to compare")
        }

        @Test(.enabled(if: PulledModel.isThere))
        func `of the real model too, whatever format its weights are in`() throws {
            let folder = try ScratchFolder()
            try EngineLogits.widen(PulledModel.path, to: folder.file("wide.gguf"))
            let tokens: [Int32] = [504, 2, 314, 1998, 36, 253, 198, 10]
            let expected = try EngineLogits.logProbabilities(model: folder.file("wide.gguf"), after: tokens)
            let next = expected.indices.sorted { expected[$0] > expected[$1] }.prefix(40).map(Int32.init)
            let device = try Device(.processor(threads: 2))
            let model = try FrozenModel(GGUFFile(path: PulledModel.path), format: .tensors32, on: device)
            let network = Network(model: model, parameters: nil, rank: 0, storesActivations: false, on: device)
            check(
                try found(network, tokens, next, adapter: .off),
                next.map { expected[Int($0)] },
                tolerance: 1e-4
            )
        }
    }
}
