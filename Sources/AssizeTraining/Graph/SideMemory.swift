/// Memory for a graph's side results: what a kernel writes beside its result, for a kernel behind it.
///
/// ggml lends its own memory to one node after the other and knows nothing of side results, so they lie apart. One layer's graph
/// uses it at a time.
final class SideMemory {
    private let store: TensorStore
    private let name: String
    private let graph: GraphBuilder
    private var offset = 0

    init(store: TensorStore, name: String, graph: GraphBuilder) {
        self.store = store
        self.name = name
        self.graph = graph
    }

    /// A place for `[width, rows]` floats.
    func place(_ dimensions: [Int]) -> Tensor {
        let tensor = graph.leaf(dimensions)
        store.place(tensor, in: name, at: offset)
        offset += Activations.bytes(for: dimensions)
        return tensor
    }

    /// The bytes that a layer's graph may take: each projection's products with the factors, forward and backward, and the
    /// attention's sums.
    static func bytes(tokens: Int, shape: ModelShape, rank: Int) -> Int {
        14 * Activations.bytes(for: [rank, tokens]) + Activations.bytes(for: [shape.heads, tokens])
    }
}
