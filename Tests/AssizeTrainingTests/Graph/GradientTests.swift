import Foundation
import Testing

@testable import AssizeTraining

extension OwnKernelTests {
    /// Gradients of the tiny models against PEFT's, module by module.
    @Suite struct GradientTests {
        struct Gradients: Decodable {
            let models: [String: Model]
        }

        struct Model: Decodable {
            let sft: Tuned
            let dpo: Preferred
        }

        struct Tuned: Decodable {
            let prompt: [Int32]
            let answer: [Int32]
            let loss: Double
            let gradients: [String: [[Float]]]
        }

        struct Preferred: Decodable {
            let prompt: [Int32]
            let chosen: [Int32]
            let rejected: [Int32]
            let beta: Double
            let loss: Double
            let policy: [Double]
            let reference: [Double]
            let gradients: [String: [[Float]]]
        }

        /// Formats whose results are exact to rounding.
        enum Way: CaseIterable {
            case stock, stockStored, own, ownStored, ownTwoThreads

            func network(_ name: String) throws -> Network {
                try TinyModel.network(
                    name,
                    format: self == .stock || self == .stockStored ? .tensors32 : .panels(.float32),
                    storesActivations: self == .stockStored || self == .ownStored,
                    threads: self == .ownTwoThreads ? 2 : 1
                )
            }
        }

        @Test(arguments: TinyModel.names, Way.allCases)
        func `the gradients of fine-tuning on an answer are PEFT's`(name: String, way: Way) throws {
            let network = try way.network(name)
            let expected = try #require(try Fixture.load("gradients", as: Gradients.self).models[name]).sft
            var pack = Pack()
            pack.add(prompt: expected.prompt, answers: [expected.answer])
            let found = try network.logProbabilities(of: pack, adapter: .on, forGradients: true)
            let loss = -found.map(Double.init).reduce(0, +) / Double(found.count)
            #expect(abs(loss - expected.loss) < 1e-5 * expected.loss)
            try network.addGradients(weights: [Float](repeating: -1 / Float(found.count), count: found.count))
            try GradientTests.compare(network, expected.gradients, tolerance: 1e-3)
        }

        @Test(arguments: TinyModel.names, Way.allCases)
        func `the gradients of a preference behind one shared prompt are PEFT's of two sequences`(
            name: String,
            way: Way
        )
            throws
        {
            let network = try way.network(name)
            let expected = try #require(try Fixture.load("gradients", as: Gradients.self).models[name]).dpo
            var pack = Pack()
            let ranges = pack.add(prompt: expected.prompt, answers: [expected.chosen, expected.rejected])
            func sums(_ values: [Float]) -> [Double] { ranges.map { values[$0].map(Double.init).reduce(0, +) } }
            let reference = sums(try network.logProbabilities(of: pack, adapter: .off, forGradients: false))
            let policy = sums(try network.logProbabilities(of: pack, adapter: .on, forGradients: true))
            for (one, other) in zip(policy + reference, expected.policy + expected.reference) {
                #expect(abs(one - other) < 1e-4 * abs(other))
            }
            let ratio = (policy[0] - reference[0]) - (policy[1] - reference[1])
            let slope = -expected.beta / (1 + exp(expected.beta * ratio))
            var weights = [Float](repeating: 0, count: pack.targets.count)
            for place in ranges[0] { weights[place] = Float(slope) }
            for place in ranges[1] { weights[place] = Float(-slope) }
            try network.addGradients(weights: weights)
            try GradientTests.compare(network, expected.gradients, tolerance: 1e-3)
        }

        /// Compares each factor's gradient: the norm of the difference against the norm.
        static func compare(_ network: Network, _ expected: [String: [[Float]]], tolerance: Double) throws {
            let parameters = try #require(network.parameters)
            let gradients = parameters.gradients
            #expect(expected.count == parameters.places.count)
            for place in parameters.places {
                let name = place.name.dropLast(2) + ".weight.lora_" + place.name.suffix(1)
                let rows = try #require(expected[String(name)])
                let wanted = rows.flatMap { $0 }
                #expect(wanted.count == place.count)
                let found = gradients[place.offset..<place.offset + place.count]
                var difference = 0.0
                var size = 0.0
                for (one, other) in zip(found, wanted) {
                    difference += Double(one - other) * Double(one - other)
                    size += Double(other) * Double(other)
                }
                #expect(difference.squareRoot() <= tolerance * size.squareRoot(), "\(name)")
            }
        }
    }
}
