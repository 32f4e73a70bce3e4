import AssizeCore
import CKernels
import CLlama
import Testing

@testable import AssizeTraining

extension OwnKernelTests {
    /// Each operation's vector-Jacobian rule against central differences, in stock operations and in our own kernels at every level
    /// that this processor has.
    @Suite(.serialized) struct OperationTests {
        /// Operations that are written apart.
        enum Way: Hashable {
            case stock
            case own(level: Int32)

            static var all: [Way] { [.stock] + (0...assize_cpu_level()).map { .own(level: $0) } }
        }

        /// One operation over inputs of `[width, tokens]`.
        struct Case: CustomTestStringConvertible, Sendable {
            let name: String
            var model = "qwen3"
            var rate = 0.0
            let widths: @Sendable (ModelShape) -> [Int]
            let apply: @Sendable (any Operations, [Value], TransformerLayer) -> Value

            var testDescription: String { name }
        }

        static let cases = [
            Case(name: "norm", widths: { [$0.width] }) { operations, x, layer in
                operations.norm(x[0], weight: layer.attentionNorm)
            },
            Case(name: "norm of heads", widths: { [$0.heads * $0.headSize] }) { operations, x, layer in
                operations.normHeads(x[0], weight: layer.headNorms?.query ?? layer.attentionNorm, heads: 4)
            },
            Case(name: "projection", widths: { [$0.width] }) { operations, x, layer in
                operations.project(x[0], layer.gate, adding: nil, keeps: true)
            },
            Case(name: "projection with bias", model: "qwen2", widths: { [$0.width] }) { operations, x, layer in
                operations.project(x[0], layer.query, adding: nil, keeps: true)
            },
            Case(name: "projection with residual", widths: { [$0.innerWidth, $0.width] }) { operations, x, layer in
                operations.project(x[0], layer.down, adding: x[1], keeps: true)
            },
            Case(name: "projection that hides inputs", rate: 0.3, widths: { [$0.innerWidth, $0.width] }) {
                operations,
                x,
                layer in
                operations.project(x[0], layer.down, adding: x[1], keeps: true)
            },
            Case(name: "two projections of one input", widths: { [$0.width] }) { operations, x, layer in
                operations.gate(
                    operations.project(x[0], layer.gate, adding: nil, keeps: true),
                    operations.project(x[0], layer.up, adding: nil, keeps: true)
                )
            },
            Case(name: "rotation of halves", widths: { [$0.heads * $0.headSize] }) { operations, x, _ in
                operations.rotate(x[0], heads: 4)
            },
            Case(name: "rotation of neighbours", model: "llama-untied-scaled", widths: { [$0.heads * $0.headSize] }) {
                operations,
                x,
                _ in
                operations.rotate(x[0], heads: 4)
            },
            Case(
                name: "attention",
                widths: { [$0.heads * $0.headSize, $0.sharedHeads * $0.headSize, $0.sharedHeads * $0.headSize] }
            ) { operations, x, _ in
                operations.attend(queries: x[0], keys: x[1], values: x[2])
            },
            Case(name: "gate", widths: { [$0.innerWidth, $0.innerWidth] }) { operations, x, _ in
                operations.gate(x[0], x[1])
            },
            Case(name: "layer", widths: { [$0.width] }) { operations, x, layer in
                layer.apply(operations, to: x[0], shape: ModelShape.tiny(layer))
            },
        ]

        @Test(arguments: cases, Way.all)
        func `a rule is the derivative of its operation`(one: Case, way: Way) throws {
            if case .own(let level) = way { assize_limit_cpu_level(level) }
            defer { assize_limit_cpu_level(3) }
            let bench = try Bench(one, way)
            let (gradients, factorGradients) = try bench.gradients()
            var random = SplitMix64(seed: 3)
            for input in bench.values.indices {
                for _ in 0..<3 {
                    let direction = bench.values[input].map { _ in Float(random.nextUnit() - 0.5) }
                    let expected = zip(gradients[input], direction).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                    let found = try bench.slope { values, _, step in
                        for place in direction.indices { values[input][place] += step * direction[place] }
                    }
                    #expect(abs(found - expected) <= 5e-3 * max(1, abs(expected)), "input \(input)")
                }
            }
            guard !factorGradients.isEmpty else { return }
            for _ in 0..<3 {
                let direction = factorGradients.map { _ in Float(random.nextUnit() - 0.5) }
                let expected = zip(factorGradients, direction).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                let found = try bench.slope { _, factors, step in
                    for place in direction.indices { factors[place] += step * direction[place] }
                }
                #expect(abs(found - expected) <= 5e-3 * max(1, abs(expected)), "factors")
            }
        }

        /// An operation with everything it reads.
        private final class Bench {
            let one: Case
            let way: Way
            let network: Network
            let inputs: PackInputs
            let values: [[Float]]
            let weights: [Float]
            let tokens: Int

            init(_ one: Case, _ way: Way) throws {
                self.one = one
                self.way = way
                network = try TinyModel.network(
                    one.model,
                    amplitude: 0.3,
                    format: way == .stock ? .tensors32 : .panels(.float32)
                )
                var pack = Pack()
                pack.add(prompt: [1, 2, 3, 4, 5], answers: [[6, 7, 8], [9, 10]])
                pack.add(prompt: [4, 2], answers: [[1, 2, 3, 4, 5, 6]])
                tokens = pack.count
                inputs = try PackInputs(
                    pack,
                    on: network.device,
                    masks: way == .stock,
                    rotationFactors: network.model.rotationFactors
                )
                var random = SplitMix64(seed: 9)
                func draw(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.nextUnit() * 2 - 1) } }
                values = one.widths(network.model.shape).map { draw($0 * pack.count) }
                weights = draw(network.model.shape.innerWidth * pack.count)
            }

            private func operations(_ tape: Tape, side: TensorStore) -> any Operations {
                let dropout = one.rate > 0 ? Dropout(rate: one.rate, seed: 5) : nil
                guard way != .stock else {
                    return PortableOperations(
                        tape: tape,
                        shape: network.model.shape,
                        inputs: inputs,
                        activations: nil,
                        usesAdapter: true,
                        device: network.device,
                        dropout: dropout
                    )
                }
                return ProcessorOperations(
                    tape: tape,
                    shape: network.model.shape,
                    inputs: inputs,
                    activations: nil,
                    usesAdapter: true,
                    device: network.device,
                    dropout: dropout,
                    workspace: Workspace(threads: 1),
                    side: SideMemory(store: side, name: "side", graph: tape.graph)
                )
            }

            /// Builds and computes the operation; `backward` adds what is to be read besides.
            private func compute(
                _ values: [[Float]],
                backward: (Tape, [Value], Value, TensorStore) -> Void = { _, _, _, _ in }
            ) throws -> [Float] {
                network.parameters?.prepare()
                let device = network.device
                let bytes = SideMemory.bytes(tokens: tokens, shape: network.model.shape, rank: 4)
                var layouts = [
                    TensorStore.Layout(name: "side", type: GGML_TYPE_F32, dimensions: [bytes / 4]),
                    .init(name: "weights", type: GGML_TYPE_F32, dimensions: [network.model.shape.innerWidth, tokens]),
                    .init(name: "result", type: GGML_TYPE_F32, dimensions: [weights.count * 4]),
                ]
                for (number, values) in values.enumerated() {
                    for name in ["x", "g"] {
                        layouts.append(
                            .init(
                                name: "\(name)\(number)",
                                type: GGML_TYPE_F32,
                                dimensions: [values.count / tokens, tokens]
                            )
                        )
                    }
                }
                let store = try TensorStore(layouts, on: device)
                for (number, values) in values.enumerated() { store["x\(number)"].write(values) }
                store["weights"].write(weights)
                let graph = GraphBuilder(capacity: 2048)
                let tape = Tape(graph: graph)
                let operations = operations(tape, side: store)
                let x = values.indices.map { tape.value(store["x\($0)"], isTracked: true) }
                let y = one.apply(operations, x, network.model.layers[0])
                let result = graph.part(store["result"], [y.tensor.count / tokens, tokens], at: 0)
                graph.require(graph.copied(y.tensor, to: result))
                backward(tape, x, y, store)
                try device.compute(graph)
                captured = values.indices.map { store["g\($0)"].readFloats() }
                return Array(store["result"].readFloats().prefix(y.tensor.count))
            }

            private var captured: [[Float]] = []

            func gradients() throws -> (inputs: [[Float]], factors: [Float]) {
                network.parameters?.clearGradients()
                _ = try compute(values) { tape, x, y, store in
                    let width = y.tensor.count / tokens
                    tape.runBackward(from: y, gradient: tape.graph.part(store["weights"], [width, tokens], at: 0))
                    for (number, value) in x.enumerated() {
                        guard let gradient = tape.gradient(of: value) else { continue }
                        tape.graph.require(tape.graph.copied(gradient, to: store["g\(number)"]))
                    }
                }
                let factors = network.parameters?.gradients ?? []
                return (captured, factors.contains { $0 != 0 } ? factors : [])
            }

            /// The central difference of the weighted sum of the result.
            func slope(_ move: (inout [[Float]], inout [Float], Float) -> Void) throws -> Double {
                let start = network.parameters?.values ?? []
                defer { network.parameters?.values = start }
                let step: Float = 1e-2
                let sums = try [step, -step]
                    .map { step in
                        var (values, factors) = (values, start)
                        move(&values, &factors, step)
                        network.parameters?.values = factors
                        return zip(try compute(values), weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                    }
                return (sums[0] - sums[1]) / Double(2 * step)
            }
        }
    }
}

extension ModelShape {
    /// The shape of the tiny model that a layer is of.
    fileprivate static func tiny(_ layer: TransformerLayer) -> ModelShape {
        shapes.first { $0.width == layer.query.inputs && $0.innerWidth == layer.gate.outputs } ?? shapes[0]
    }

    private static let shapes: [ModelShape] = {
        (try? [TinyModel.network("qwen3").model.shape]) ?? []
    }()
}
