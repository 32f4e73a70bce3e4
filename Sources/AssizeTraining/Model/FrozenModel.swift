internal import CKernels
internal import CLlama

/// A base model's weights, ready for both directions of training.
///
/// Matrices are turned into one format whatever the file holds, each in two orders. The embedding stays in the file and is read
/// row by row.
final class FrozenModel {
    let shape: ModelShape
    let file: GGUFFile
    let layers: [TransformerLayer]
    let outputNorm: Tensor
    /// Vectors to logits.
    let head: Linear
    /// Llama 3's factors of the frequencies.
    let rotationFactors: Tensor?
    private let stores: [TensorStore]
    private let packed: [PackedMatrix]

    /// How frozen matrices are held in memory.
    enum Format: Hashable {
        /// As tensors of stock operations: exact.
        case tensors32
        /// As tensors of stock operations, in BF16.
        case tensors16
        /// As panels of our own kernels.
        case panels(PackedMatrix.Format)
    }

    /// Loads and converts all weights.
    ///
    /// - Throws: ``AssizeTrainingError`` when the file lacks a tensor or memory is short.
    init(_ file: GGUFFile, format: Format, on device: Device) throws(AssizeTrainingError) {
        let shape = try ModelShape(file)
        let loader = try WeightLoader(file, shape: shape, format: format, on: device)
        var layers: [TransformerLayer] = []
        let queries = shape.heads * shape.headSize
        let keys = shape.sharedHeads * shape.headSize
        for number in 0..<shape.layers {
            let name = "blk.\(number)"
            let hasHeadNorms = file.tensor("\(name).attn_q_norm.weight") != nil
            layers.append(
                TransformerLayer(
                    attentionNorm: try loader.vector("\(name).attn_norm.weight", shape.width),
                    query: try loader.linear("\(name).attn_q", inputs: shape.width, outputs: queries),
                    key: try loader.linear("\(name).attn_k", inputs: shape.width, outputs: keys),
                    value: try loader.linear("\(name).attn_v", inputs: shape.width, outputs: keys),
                    headNorms: hasHeadNorms
                        ? (
                            try loader.vector("\(name).attn_q_norm.weight", shape.headSize),
                            try loader.vector("\(name).attn_k_norm.weight", shape.headSize)
                        ) : nil,
                    output: try loader.linear("\(name).attn_output", inputs: queries, outputs: shape.width),
                    innerNorm: try loader.vector("\(name).ffn_norm.weight", shape.width),
                    gate: try loader.linear("\(name).ffn_gate", inputs: shape.width, outputs: shape.innerWidth),
                    up: try loader.linear("\(name).ffn_up", inputs: shape.width, outputs: shape.innerWidth),
                    down: try loader.linear("\(name).ffn_down", inputs: shape.innerWidth, outputs: shape.width)
                )
            )
        }
        let isTied = file.tensor("output.weight") == nil
        head = try loader.linear(
            isTied ? "token_embd" : "output",
            inputs: shape.width,
            outputs: shape.vocabulary
        )
        outputNorm = try loader.vector("output_norm.weight", shape.width)
        rotationFactors =
            file.tensor("rope_freqs.weight") == nil
            ? nil : try loader.vector("rope_freqs.weight", shape.rotation.dimensions / 2)
        self.shape = shape
        self.file = file
        self.layers = layers
        stores = loader.stores
        packed = loader.packed
    }

    /// Bytes of the converted weights.
    var byteCount: Int {
        stores.reduce(0) { $0 + $1.byteCount } + packed.reduce(0) { $0 + $1.byteCount }
    }

    /// The embeddings of tokens, one row after the other.
    ///
    /// - Throws: ``AssizeTrainingError`` for a token outside the vocabulary.
    func embeddings(of tokens: [Int32]) throws(AssizeTrainingError) -> [Float] {
        guard let embedding = file.tensor("token_embd.weight") else { preconditionFailure("checked with the shape") }
        var values: [Float] = []
        values.reserveCapacity(tokens.count * shape.width)
        var row = [Float](repeating: 0, count: shape.width)
        for token in tokens {
            guard token >= 0, Int(token) < shape.vocabulary else {
                throw AssizeTrainingError(
                    code: .invalidData,
                    message: "token \(token) is not in the vocabulary of \(shape.vocabulary) tokens"
                )
            }
            var span = row.mutableSpan
            try file.dequantise(embedding, rows: Int(token)..<Int(token) + 1, into: &span)
            values.append(contentsOf: row)
        }
        return values
    }
}
