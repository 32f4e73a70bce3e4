/// What an adapter adds to one projection, in stock operations, and its vector-Jacobian rule.
struct Adaptation {
    private let tape: Tape
    private let factors: LoraFactors
    private let x: Value
    /// What the adapter sees of `x`.
    private let seen: Tensor
    private let mask: Tensor?
    private let lowRank: Tensor
    private var graph: GraphBuilder { tape.graph }

    init(_ operations: some Operations, _ linear: Linear, _ factors: LoraFactors, x: Value) {
        tape = operations.tape
        self.factors = factors
        self.x = x
        mask = operations.dropout?
            .mask(x.tensor.dimensions, for: linear, in: operations.tape.graph, on: operations.device)
        seen = mask.map { operations.tape.graph.elementwise(x.tensor, $0) } ?? x.tensor
        lowRank = operations.tape.graph.product(factors.a, seen)
    }

    /// `scale B A x`.
    func change() -> Tensor {
        graph.scaled(graph.product(factors.b, lowRank), by: factors.scale)
    }

    /// Adds to the gradients of both factors and of `x`.
    func addGradients(_ dy: Tensor) {
        let g = graph.scaled(graph.product(graph.transposed(factors.b), dy), by: factors.scale)
        if x.isTracked {
            let back = graph.product(graph.transposed(factors.a), g)
            tape.addGradient(mask.map { graph.elementwise(back, $0) } ?? back, to: x)
        }
        graph.require(graph.accumulate(graph.outerProduct(seen, g), into: factors.gradientA))
        let weighted = graph.scaled(lowRank, by: factors.scale)
        graph.require(graph.accumulate(graph.outerProduct(weighted, dy), into: factors.gradientB))
    }
}
