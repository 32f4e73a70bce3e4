/// The weights of one transformer layer, and how they are put together.
final class TransformerLayer {
    let attentionNorm: Tensor
    let query: Linear
    let key: Linear
    let value: Linear
    /// Norms of each query and key head; Qwen3 has them.
    let headNorms: (query: Tensor, key: Tensor)?
    let output: Linear
    let innerNorm: Tensor
    let gate: Linear
    let up: Linear
    let down: Linear

    init(
        attentionNorm: Tensor,
        query: Linear,
        key: Linear,
        value: Linear,
        headNorms: (query: Tensor, key: Tensor)?,
        output: Linear,
        innerNorm: Tensor,
        gate: Linear,
        up: Linear,
        down: Linear
    ) {
        self.attentionNorm = attentionNorm
        self.query = query
        self.key = key
        self.value = value
        self.headNorms = headNorms
        self.output = output
        self.innerNorm = innerNorm
        self.gate = gate
        self.up = up
        self.down = down
    }

    /// Every projection, in the order of computation.
    var projections: [Linear] { [query, key, value, output, gate, up, down] }

    /// The layer's output for `x`, `[width, tokens]`.
    func apply(_ operations: some Operations, to x: Value, shape: ModelShape) -> Value {
        let attentionInput = operations.norm(x, weight: attentionNorm)
        var queries = operations.project(attentionInput, query, adding: nil, keeps: headNorms != nil)
        var keys = operations.project(attentionInput, key, adding: nil, keeps: headNorms != nil)
        let values = operations.project(attentionInput, value, adding: nil, keeps: true)
        if let headNorms {
            queries = operations.normHeads(queries, weight: headNorms.query, heads: shape.heads)
            keys = operations.normHeads(keys, weight: headNorms.key, heads: shape.sharedHeads)
        }
        queries = operations.rotate(queries, heads: shape.heads)
        keys = operations.rotate(keys, heads: shape.sharedHeads)
        let attended = operations.attend(queries: queries, keys: keys, values: values)
        let middle = operations.project(attended, output, adding: x, keeps: true)
        let innerInput = operations.norm(middle, weight: innerNorm)
        let inner = operations.gate(
            operations.project(innerInput, gate, adding: nil, keeps: true),
            operations.project(innerInput, up, adding: nil, keeps: true)
        )
        return operations.project(inner, down, adding: middle, keeps: false)
    }

    /// The bytes of what a layer keeps of a pack, when activations are stored.
    func storedBytes(tokens: Int, shape: ModelShape, rank: Int) -> Int {
        let queries = shape.headSize * shape.heads
        let keys = shape.headSize * shape.sharedHeads
        let turned = headNorms == nil ? [queries, keys] : [queries, queries, keys, keys]
        let attention = turned + [keys, queries, shape.heads]
        let widths = attention + [shape.width, shape.innerWidth, shape.innerWidth] + [Int](repeating: rank, count: 7)
        return widths.reduce(0) { $0 + Activations.bytes(for: [$1, tokens]) }
    }
}
