/// The low-rank change of one weight matrix: `B A`, with few rows in A and few columns in B.
///
/// LoRA: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021.
public struct LoraModule: Sendable, Hashable {
    /// The matrix's name in the GGUF file without `.weight`, such as `blk.0.attn_q`.
    public let name: String
    /// Rows of A and columns of B.
    public let rank: Int
    /// Values that go into the matrix.
    public let inputs: Int
    /// Values that come out of it.
    public let outputs: Int
    /// A: `rank` rows of `inputs` values.
    public var a: [Float]
    /// B: `outputs` rows of `rank` values.
    public var b: [Float]

    /// Puts a module together.
    ///
    /// - Parameters:
    ///   - name: The matrix's name without `.weight`.
    ///   - rank: Rows of A; at least 1.
    ///   - inputs: Values that go into the matrix.
    ///   - outputs: Values that come out of it.
    ///   - a: `rank * inputs` values, row by row.
    ///   - b: `outputs * rank` values, row by row.
    public init(name: String, rank: Int, inputs: Int, outputs: Int, a: [Float], b: [Float]) {
        precondition(rank > 0 && inputs > 0 && outputs > 0, "\(name): sizes begin at 1")
        precondition(a.count == rank * inputs && b.count == outputs * rank, "\(name): values that don't fit the sizes")
        self.name = name
        self.rank = rank
        self.inputs = inputs
        self.outputs = outputs
        self.a = a
        self.b = b
    }

    /// Whether all values are finite numbers.
    var isFinite: Bool {
        a.allSatisfy(\.isFinite) && b.allSatisfy(\.isFinite)
    }
}
