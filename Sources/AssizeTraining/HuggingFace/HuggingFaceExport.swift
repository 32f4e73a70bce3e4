/// Writes a GGUF model as the folder that Hugging Face's Transformers loads: configuration, weights and tokenizer.
///
/// The folder computes what the GGUF file computes: weights are turned into floats, never quantised anew. Known are the
/// families whose gradients are known here, with byte-level BPE vocabularies; anything else is refused before a byte is
/// written. Memory stays bounded whatever the model's size.
public struct HuggingFaceExport: Sendable, Hashable {
    /// How weights are stored.
    public enum Format: String, Sendable, Hashable, Codable, CaseIterable {
        /// 32-bit floats: what the file holds, exactly.
        case f32
        /// The upper halves of 32-bit floats, rounded to nearest: half the size.
        case bf16
    }

    /// How far the weights are.
    public struct Progress: Sendable, Hashable {
        /// Bytes written.
        public let done: Int
        /// Bytes in all.
        public let total: Int
    }

    /// The longest weight file, in bytes, unless another is asked for.
    public static let usualShardBytes = 4_000_000_000

    /// The GGUF file.
    public let base: String
    /// How weights are stored.
    public let format: Format
    /// The longest weight file, in bytes; a single tensor may be longer.
    public let shardBytes: Int
    /// Whether the tokenizer is written as well; training on token ids needs none.
    public let hasTokenizer: Bool

    /// Takes a model.
    ///
    /// - Parameters:
    ///   - base: The GGUF file.
    ///   - format: How weights are stored.
    ///   - shardBytes: The longest weight file, in bytes; longer models get several files and an index.
    ///   - hasTokenizer: Whether the tokenizer is written as well.
    public init(
        base: String,
        format: Format,
        shardBytes: Int = HuggingFaceExport.usualShardBytes,
        hasTokenizer: Bool = true
    ) {
        precondition(shardBytes > 0, "a weight file of \(shardBytes) bytes")
        self.base = base
        self.format = format
        self.shardBytes = shardBytes
        self.hasTokenizer = hasTokenizer
    }

    /// Writes the folder: it appears whole or not at all.
    ///
    /// - Parameters:
    ///   - folder: The folder to make; it must not be there.
    ///   - progress: Told after each piece of the weights.
    /// - Throws: ``AssizeTrainingError`` when the model can't be read or expressed, the folder is there already, or it
    ///   can't be written.
    public func write(
        to folder: String,
        progress: (Progress) -> Void = { _ in }
    ) throws(AssizeTrainingError) {
        let file = try GGUFFile(path: base)
        let weights = try HuggingFaceWeights(file)
        let tokens = HuggingFaceTokens(file)
        let configuration = try HuggingFaceConfiguration(file, weights: weights, tokens: tokens, format: format)
        let tokenizer = hasTokenizer ? try BytePairTokenizer(file) : nil
        let staged = try StagedFolder(path: folder)
        try weights.write(to: staged, format: format, shardBytes: shardBytes, progress: progress)
        try staged.write(configuration.json, to: "config.json")
        try staged.write(tokens.generationConfiguration, to: "generation_config.json")
        if let tokenizer {
            try staged.write(tokenizer.json, to: "tokenizer.json")
            let settings = tokenizer.settings(tokens: tokens, context: configuration.shape.trainedContext)
            try staged.write(settings, to: "tokenizer_config.json")
        }
        try staged.commit()
    }
}
