import Foundation
import Testing

@testable import AssizeTraining

extension OwnKernelTests {
    /// What a network holds on to.
    @Suite struct NetworkMemoryTests {
        @Test(arguments: [FrozenModel.Format.tensors32, .panels(.float32)], [true, false])
        func `nothing of a computed graph stays: the device goes with the network`(
            format: FrozenModel.Format,
            isStored: Bool
        ) throws {
            weak var device: Device?
            try {
                let network = try TinyModel.network("qwen3", format: format, storesActivations: isStored)
                device = network.device
                for length in [3, 9, 5] {
                    var pack = Pack()
                    let tokens = (0..<Int32(length)).map { $0 + 1 }
                    pack.add(prompt: tokens, answers: [[4, 5], [6]])
                    let found = try network.logProbabilities(
                        of: pack,
                        adapter: .on,
                        forGradients: true,
                        dropout: length == 9 ? Dropout(rate: 0.1, seed: 1) : nil
                    )
                    try network.addGradients(weights: [Float](repeating: 1, count: found.count))
                    _ = try network.logProbabilities(of: pack, adapter: .off, forGradients: false)
                }
                #expect(device != nil)
            }()
            #expect(device == nil, "rules or operations hold each other")
        }
    }
}
