/// Where a layer's intermediate results are kept from the forward to the backward pass.
///
/// Both passes build the layer with the same code, so the n-th result kept is the n-th result read. Without a place nothing is
/// kept: the backward graph then computes everything again from the layer's input.
final class Activations {
    /// What happens to a result that backward rules will want.
    enum Use {
        /// Computed where it is needed; the layer has no ``Activations`` then.
        case none
        /// Written into the store.
        case write
        /// Taken from the store; the operation that made it does not enter the graph.
        case read
    }

    private let store: TensorStore
    private let name: String
    private let graph: GraphBuilder
    private let use: Use
    private var offset: Int

    /// - Parameters:
    ///   - use: What this pass does with them.
    ///   - store: Memory for all layers.
    ///   - name: The tensor in `store` that takes them.
    ///   - offset: Where this layer's part begins, in bytes.
    ///   - graph: The graph that is being built.
    init(_ use: Use, store: TensorStore, name: String, offset: Int, graph: GraphBuilder) {
        self.use = use
        self.store = store
        self.name = name
        self.offset = offset
        self.graph = graph
    }

    /// The result that `make` builds, kept or read back as this pass wants it.
    func keep(_ dimensions: [Int], _ make: () -> Tensor) -> Tensor {
        guard use != .none else { return make() }
        let tensor = use == .write ? make() : graph.leaf(dimensions)
        store.place(tensor, in: name, at: offset)
        offset += Activations.bytes(for: dimensions)
        return tensor
    }

    /// A place for what a kernel writes beside its result: written in the forward pass, read in the backward pass.
    func side(_ dimensions: [Int]) -> Tensor {
        let tensor = graph.leaf(dimensions)
        store.place(tensor, in: name, at: offset)
        offset += Activations.bytes(for: dimensions)
        return tensor
    }

    /// The bytes a result takes, with what keeps the next one aligned.
    static func bytes(for dimensions: [Int]) -> Int {
        (dimensions.reduce(4, *) + 127) / 128 * 128
    }
}
