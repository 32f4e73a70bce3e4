/// The sizes and constants of a transformer whose gradients are known here.
public struct ModelShape: Hashable, Sendable {
    /// The family, as GGUF's `general.architecture` names it.
    public let architecture: String
    /// Transformer layers.
    public let layers: Int
    /// Values in a token's vector between layers.
    public let width: Int
    /// Query heads.
    public let heads: Int
    /// Key and value heads, each shared by `heads / sharedHeads` query heads.
    public let sharedHeads: Int
    /// Values in a head.
    public let headSize: Int
    /// Values in the feed-forward part of a layer.
    public let innerWidth: Int
    /// Tokens in the vocabulary.
    public let vocabulary: Int
    /// The longest text the model was made for, in tokens.
    public let trainedContext: Int
    let normEpsilon: Float
    let attentionScale: Float
    let rotation: Rotation

    /// The families that can be trained.
    static let families = ["llama", "qwen2", "qwen3"]

    /// Reads the shape from a model file.
    ///
    /// - Throws: ``AssizeTrainingError`` for a family that is not known here, or a file that lacks something.
    init(_ file: GGUFFile) throws(AssizeTrainingError) {
        guard let architecture = file.string("general.architecture") else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message: "\(file.path) does not say its architecture; use a GGUF file made for llama.cpp"
            )
        }
        guard ModelShape.families.contains(architecture) else {
            throw AssizeTrainingError(
                code: .unknownArchitecture,
                message:
                    "\(file.path) is a '\(architecture)' model, whose gradients are not known here; models that can be trained: \(ModelShape.families.joined(separator: ", ")). Train others with --engine trl"
            )
        }
        func integer(_ key: String) throws(AssizeTrainingError) -> Int {
            guard let value = file.integer("\(architecture).\(key)"), value > 0 else {
                throw AssizeTrainingError(
                    code: .unreadableModel,
                    message: "\(file.path) lacks \(architecture).\(key); use a GGUF file made for llama.cpp"
                )
            }
            return value
        }
        guard let embedding = file.tensor("token_embd.weight") else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message: "\(file.path) lacks token_embd.weight; use a GGUF file with the whole model"
            )
        }
        if file.integer("\(architecture).expert_count") ?? 0 > 0 {
            throw AssizeTrainingError(
                code: .unknownArchitecture,
                message:
                    "\(file.path) is a mixture of experts, whose gradients are not known here; train it with --engine trl"
            )
        }
        self.architecture = architecture
        layers = try integer("block_count")
        width = try integer("embedding_length")
        heads = try integer("attention.head_count")
        sharedHeads = file.integer("\(architecture).attention.head_count_kv") ?? heads
        innerWidth = try integer("feed_forward_length")
        headSize = file.integer("\(architecture).attention.key_length") ?? width / heads
        vocabulary = embedding.dimensions[1]
        trainedContext = try integer("context_length")
        guard heads % max(sharedHeads, 1) == 0, headSize % 2 == 0 else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message:
                    "\(file.path) has \(heads) query heads of \(headSize) values over \(sharedHeads) key heads, which can't be"
            )
        }
        normEpsilon = Float(file.number("\(architecture).attention.layer_norm_rms_epsilon") ?? 1e-5)
        attentionScale = Float(
            file.number("\(architecture).attention.scale") ?? (1 / Double(headSize).squareRoot())
        )
        rotation = try Rotation(file, architecture: architecture, headSize: headSize, trainedContext: trainedContext)
    }
}

extension Rotation {
    /// - Throws: ``AssizeTrainingError`` for a way of stretching that is not known here.
    fileprivate init(_ file: GGUFFile, architecture: String, headSize: Int, trainedContext: Int)
        throws(AssizeTrainingError)
    {
        let stretching = file.string("\(architecture).rope.scaling.type") ?? "none"
        let factor =
            file.number("\(architecture).rope.scaling.factor") ?? file.number("\(architecture).rope.scale_linear") ?? 1
        guard ["none", "linear", "yarn"].contains(stretching) else {
            throw AssizeTrainingError(
                code: .unknownArchitecture,
                message:
                    "\(file.path) stretches positions by '\(stretching)'; those that can be trained: none, linear, yarn, and Llama 3's frequencies"
            )
        }
        self.init(
            dimensions: file.integer("\(architecture).rope.dimension_count") ?? headSize,
            mode: architecture == "llama" ? 0 : 2,
            base: Float(file.number("\(architecture).rope.freq_base") ?? 10_000),
            scale: stretching == "none" || factor == 0 ? 1 : Float(1 / factor),
            extrapolation: stretching == "yarn" ? 1 : 0,
            attentionFactor: Float(file.number("\(architecture).rope.scaling.attn_factor") ?? 1),
            originalContext: file.integer("\(architecture).rope.scaling.original_context_length") ?? trainedContext
        )
    }
}
