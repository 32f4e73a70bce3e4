internal import CLlama

/// A frozen model with trained factors: log-probabilities of a pack's targets, and the gradients of any weighted sum of them.
///
/// Graphs are built a layer at a time and thrown away. Between them lie the vectors after each layer, and, if so chosen, what
/// the layers' backward rules want, so that they need not be computed again.
final class Network {
    let model: FrozenModel
    let device: Device
    let parameters: AdapterParameters?
    private let storesActivations: Bool
    private let rank: Int
    private let headRows: Int
    private var inputs: PackInputs?
    private var dropout: Dropout?
    private var stream: TensorStore?
    private var streamTokens = 0
    private var kept: TensorStore?
    private var outputs: TensorStore?
    /// Memory of our own kernels; without it stock operations are used.
    private let workspace: Workspace?
    /// The most bytes the logits of one chunk may take.
    static let logitBytes = 32 << 20

    /// - Parameters:
    ///   - model: Its projections carry the factors of `parameters`.
    ///   - parameters: What is trained; without them only log-probabilities can be had.
    ///   - rank: The adapter's rank.
    ///   - storesActivations: Keeps what the backward pass wants: quicker, for memory that grows with depth.
    ///   - device: Where the model lies.
    init(model: FrozenModel, parameters: AdapterParameters?, rank: Int, storesActivations: Bool, on device: Device) {
        self.model = model
        self.parameters = parameters
        self.rank = rank
        self.device = device
        self.storesActivations = storesActivations
        if case .panels = model.head.weights, case .processor(let threads) = device.kind {
            workspace = Workspace(threads: threads)
        } else {
            workspace = nil
        }
        headRows = max(4, min(256, Network.logitBytes / (4 * model.shape.vocabulary)))
    }

    /// Whether projections use their trained factors.
    enum Adapter {
        case on
        case off
    }

    /// The natural logarithm of each target's probability.
    ///
    /// - Parameters:
    ///   - pack: What is read.
    ///   - adapter: Off gives the base model's.
    ///   - forGradients: Keeps what ``addGradients(weights:)`` needs; the adapter must be on.
    ///   - dropout: What the adapters do not see, in this pass and in the gradients that follow.
    /// - Returns: One number for each of the pack's targets.
    /// - Throws: ``AssizeTrainingError`` when memory is short or the engine fails.
    func logProbabilities(
        of pack: Pack,
        adapter: Adapter,
        forGradients: Bool,
        dropout: Dropout? = nil
    ) throws(AssizeTrainingError) -> [Float] {
        let shape = model.shape
        self.dropout = dropout
        parameters?.prepare()
        let inputs = try PackInputs(
            pack,
            on: device,
            masks: workspace == nil,
            rotationFactors: model.rotationFactors
        )
        self.inputs = inputs
        try makeRoom(tokens: pack.count, targets: pack.targets.count, forGradients: forGradients)
        guard let stream, let outputs else { preconditionFailure("room was made") }
        stream["after 0"].write(try model.embeddings(of: pack.tokens))
        for (number, layer) in model.layers.enumerated() {
            let graph = GraphBuilder()
            let tape = Tape(graph: graph)
            let use: Activations.Use = storesActivations && forGradients ? .write : .none
            let operations = self.operations(tape, inputs, activations(use, layer: number, graph), adapter: adapter)
            let x = tape.value(stream["after \(number)"], isTracked: false)
            let y = layer.apply(operations, to: x, shape: shape)
            graph.require(graph.copied(y.tensor, to: stream["after \(number + 1)"]))
            try compute(tape)
        }
        try computeHead(inputs, stream: stream, outputs: outputs, forGradients: forGradients)
        return outputs["log probabilities"].readFloats()
    }

    /// Adds the gradient of `sum of weights[i] * log p(target i)` over the last pack to the adapter's.
    ///
    /// - Parameter weights: One for each target.
    /// - Throws: ``AssizeTrainingError`` when memory is short or the engine fails.
    func addGradients(weights: [Float]) throws(AssizeTrainingError) {
        guard let inputs, let stream, let outputs else { preconditionFailure("log-probabilities come first") }
        precondition(weights.count == inputs.pack.targets.count && parameters != nil)
        let shape = model.shape
        outputs["weights"].write(weights)
        let last = model.layers.count
        var incoming = "gradient a"
        var outgoing = "gradient b"
        try seedGradient(inputs, x: stream["after \(last)"], outputs: outputs, into: stream[incoming])
        for (number, layer) in model.layers.enumerated().reversed() {
            let graph = GraphBuilder(capacity: 2048)
            let tape = Tape(graph: graph)
            let use: Activations.Use = storesActivations ? .read : .none
            let operations = self.operations(tape, inputs, activations(use, layer: number, graph), adapter: .on)
            // Nothing before the first layer is trained.
            let x = tape.value(stream["after \(number)"], isTracked: number > 0)
            let y = layer.apply(operations, to: x, shape: shape)
            if y.isTracked { tape.runBackward(from: y, gradient: stream[incoming]) }
            if let gradient = tape.gradient(of: x) {
                graph.require(graph.copied(gradient, to: stream[outgoing]))
            }
            try compute(tape)
            swap(&incoming, &outgoing)
        }
    }

    private func compute(_ tape: Tape) throws(AssizeTrainingError) {
        defer { tape.discard() }
        try device.compute(tape.graph)
    }

    // Places

    private func operations(_ tape: Tape, _ inputs: PackInputs, _ activations: Activations?, adapter: Adapter)
        -> any Operations
    {
        guard let workspace, let stream else {
            return PortableOperations(
                tape: tape,
                shape: model.shape,
                inputs: inputs,
                activations: activations,
                usesAdapter: adapter == .on,
                device: device,
                dropout: dropout
            )
        }
        return ProcessorOperations(
            tape: tape,
            shape: model.shape,
            inputs: inputs,
            activations: activations,
            usesAdapter: adapter == .on,
            device: device,
            dropout: dropout,
            workspace: workspace,
            side: SideMemory(store: stream, name: "side", graph: tape.graph)
        )
    }

    private func activations(_ use: Activations.Use, layer: Int, _ graph: GraphBuilder) -> Activations? {
        guard use != .none, let kept else { return nil }
        let bytes = storedBytes(tokens: streamTokens)
        return Activations(use, store: kept, name: "activations", offset: layer * bytes, graph: graph)
    }

    /// The bytes that any layer keeps of a pack.
    private func storedBytes(tokens: Int) -> Int {
        model.layers.map { $0.storedBytes(tokens: tokens, shape: model.shape, rank: rank) }.max() ?? 0
    }

    /// Memory for the vectors between layers, kept while packs of the same length follow, and for activations, which only grows.
    private func makeRoom(tokens: Int, targets: Int, forGradients: Bool) throws(AssizeTrainingError) {
        let shape = model.shape
        if stream == nil || streamTokens != tokens {
            stream = nil
            var layouts = (0...shape.layers)
                .map {
                    TensorStore.Layout(name: "after \($0)", type: GGML_TYPE_F32, dimensions: [shape.width, tokens])
                }
            if parameters != nil {
                for name in ["gradient a", "gradient b"] {
                    layouts.append(.init(name: name, type: GGML_TYPE_F32, dimensions: [shape.width, tokens]))
                }
            }
            if workspace != nil {
                let bytes = SideMemory.bytes(tokens: tokens, shape: shape, rank: rank)
                layouts.append(.init(name: "side", type: GGML_TYPE_F32, dimensions: [bytes / 4]))
            }
            stream = try TensorStore(layouts, on: device)
            streamTokens = tokens
        }
        let bytes = storedBytes(tokens: tokens)
        if forGradients, storesActivations, kept.map({ $0["activations"].byteCount < bytes * shape.layers }) ?? true {
            kept = nil
            let layout = TensorStore.Layout(
                name: "activations",
                type: GGML_TYPE_F32,
                dimensions: [bytes / 4, shape.layers]
            )
            kept = try TensorStore([layout], on: device)
        }
        outputs = try TensorStore(
            [
                .init(name: "tokens", type: GGML_TYPE_I32, dimensions: [targets]),
                .init(name: "log probabilities", type: GGML_TYPE_F32, dimensions: [1, targets]),
                .init(name: "weights", type: GGML_TYPE_F32, dimensions: [1, targets]),
                .init(name: "gradients", type: GGML_TYPE_F32, dimensions: [shape.width, targets]),
            ],
            on: device
        )
    }

    // The output head

    /// Log-probabilities, and for each the gradient by the normed vector it was computed from, a chunk of rows at a time: the
    /// logits of all targets are never there together.
    private func computeHead(
        _ inputs: PackInputs,
        stream: TensorStore,
        outputs: TensorStore,
        forGradients: Bool
    ) throws(AssizeTrainingError) {
        let targets = inputs.pack.targets
        outputs["tokens"].write(targets.map(\.token))
        let x = stream["after \(model.layers.count)"]
        var first = 0
        while first < targets.count {
            let count = min(headRows, targets.count - first)
            let graph = GraphBuilder()
            func part(_ tensor: Tensor) -> Tensor { graph.rows(tensor, from: first, count: count) }
            let rows = graph.gathered(x, rows: graph.elements(inputs.targetRows, from: first, count: count))
            let tape = Tape(graph: graph)
            let operations = self.operations(tape, inputs, nil, adapter: .off)
            let normed = operations.norm(tape.value(rows, isTracked: false), weight: model.outputNorm).tensor
            let tokens = graph.elements(outputs["tokens"], from: first, count: count)
            let scored = operations.score(normed, tokens: tokens, head: model.head, forGradients: forGradients)
            graph.require(graph.copied(scored.logProbabilities, to: part(outputs["log probabilities"])))
            if let gradients = scored.gradients {
                graph.require(graph.copied(gradients, to: part(outputs["gradients"])))
            }
            try compute(tape)
            first += count
        }
    }

    /// The gradient by the last layer's output: zero but for the rows that predict something.
    private func seedGradient(_ inputs: PackInputs, x: Tensor, outputs: TensorStore, into target: Tensor)
        throws(AssizeTrainingError)
    {
        let graph = GraphBuilder()
        let tape = Tape(graph: graph)
        let operations = self.operations(tape, inputs, nil, adapter: .off)
        let rows = tape.value(graph.gathered(x, rows: inputs.targetRows), isTracked: true)
        let normed = operations.norm(rows, weight: model.outputNorm)
        tape.runBackward(from: normed, gradient: graph.elementwise(outputs["gradients"], outputs["weights"]))
        guard let gradient = tape.gradient(of: rows) else { preconditionFailure("the norm passes gradients on") }
        let spread = graph.scattered(gradient, rows: inputs.targetRows, like: x)
        graph.require(graph.copied(spread, to: target))
        try compute(tape)
    }
}
