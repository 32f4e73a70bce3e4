/// A projection `y = W x + bias + scale B A x`, with `W` frozen and the LoRA factors `A` and `B` trained (arXiv 2106.09685).
final class Linear {
    /// The tensor's name in the GGUF file without `.weight`, such as `blk.0.attn_q`.
    let name: String
    let inputs: Int
    let outputs: Int
    /// How the frozen weights lie in memory.
    let weights: FrozenWeights
    /// `[outputs]`.
    let bias: Tensor?
    /// The trained part, if this projection has one.
    var factors: LoraFactors?

    /// The frozen weights twice, since each direction of a product wants its own order.
    enum FrozenWeights {
        /// Tensors for stock operations: `[inputs, outputs]`, and the transposed `[outputs, inputs]`.
        case tensors(forward: Tensor, backward: Tensor)
        /// Panels for our own products.
        case panels(forward: PackedMatrix, backward: PackedMatrix)
    }

    /// How panels hold their numbers.
    var format: PackedMatrix.Format {
        if case .panels(let forward, _) = weights { return forward.format }
        return .float32
    }

    init(name: String, inputs: Int, outputs: Int, weights: FrozenWeights, bias: Tensor?) {
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.weights = weights
        self.bias = bias
    }
}

/// The trained factors of one projection, and where their gradients are summed.
struct LoraFactors {
    /// `[inputs, rank]`.
    let a: Tensor
    /// `[rank, outputs]`.
    let b: Tensor
    /// As `a`.
    let gradientA: Tensor
    /// As `b`.
    let gradientB: Tensor
    let rank: Int
    /// What `B A x` is multiplied by.
    let scale: Float
    /// The same numbers for our own products, as of the last ``AdapterParameters/prepare()``.
    var packed: PackedFactors?
}
