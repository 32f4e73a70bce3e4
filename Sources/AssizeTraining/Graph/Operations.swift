/// The differentiable operations that a transformer layer is made of.
///
/// There are two sets: ``PortableOperations`` of stock ggml nodes for any device, and ``ProcessorOperations`` with kernels of our
/// own. Matrices are `[width, tokens]`.
protocol Operations {
    var tape: Tape { get }
    /// The model's sizes.
    var shape: ModelShape { get }
    /// What the pack's tokens are and see.
    var inputs: PackInputs { get }
    /// Where results are kept that backward rules want; `nil` where they are computed again.
    var activations: Activations? { get }
    /// What computes.
    var device: Device { get }
    /// What the adapters do not see in this pass.
    var dropout: Dropout? { get }

    /// Root-mean-square norm of each row, times `weight`.
    func norm(_ x: Value, weight: Tensor) -> Value

    /// The same over each of `heads` heads that lie side by side in a row.
    func normHeads(_ x: Value, weight: Tensor, heads: Int) -> Value

    /// The projection, plus `residual` where there is one.
    ///
    /// - Parameters:
    ///   - x: `[inputs, tokens]`.
    ///   - linear: The projection.
    ///   - residual: `[outputs, tokens]`.
    ///   - keeps: Whether a later rule reads the result, so that it is worth storing.
    /// - Returns: `[outputs, tokens]`.
    func project(_ x: Value, _ linear: Linear, adding residual: Value?, keeps: Bool) -> Value

    /// Attention of the queries' heads over keys and values, each token seeing what ``Pack`` allows.
    func attend(queries: Value, keys: Value, values: Value) -> Value

    /// `silu(gate) up`.
    func gate(_ gate: Value, _ up: Value) -> Value

    /// The natural logarithms of tokens' probabilities.
    ///
    /// - Parameters:
    ///   - normed: `[width, rows]`, one row for each token to be predicted.
    ///   - tokens: `[rows]`.
    ///   - head: From vectors to logits.
    ///   - forGradients: Whether to compute their gradients as well.
    /// - Returns: `[1, rows]`, and `[width, rows]`: each logarithm's gradient by its own row.
    func score(_ normed: Tensor, tokens: Tensor, head: Linear, forGradients: Bool) -> ScoredTokens
}

// What both sets do alike.
extension Operations {
    var graph: GraphBuilder { tape.graph }

    /// The result that `make` builds, kept for the backward pass where that is wanted.
    func keep(_ dimensions: [Int], if keeps: Bool = true, _ make: () -> Tensor) -> Tensor {
        keeps ? activations?.keep(dimensions, make) ?? make() : make()
    }

    /// Rotary position embedding of `heads` heads that lie side by side in each row.
    func rotate(_ x: Value, heads: Int) -> Value {
        let tokens = x.tensor.dimensions[1]
        let split = [shape.headSize, heads, tokens]
        let width = shape.headSize * heads
        let turned = keep(split) {
            graph.rotated(
                graph.reshaped(x.tensor, split),
                positions: inputs.positions,
                shape.rotation,
                factors: inputs.rotationFactors
            )
        }
        return tape.result(graph.reshaped(turned, [width, tokens]), isTracked: x.isTracked) {
            [tape, graph, shape, inputs] dy in
            let turned = graph.rotatedBack(
                graph.reshaped(dy, split),
                positions: inputs.positions,
                shape.rotation,
                factors: inputs.rotationFactors
            )
            tape.addGradient(graph.reshaped(turned, [width, tokens]), to: x)
        }
    }
}

/// What an output head makes of rows.
struct ScoredTokens {
    let logProbabilities: Tensor
    let gradients: Tensor?
}
