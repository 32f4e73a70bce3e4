/// A model's `config.json` as Transformers reads it.
struct HuggingFaceConfiguration {
    /// The model's sizes.
    let shape: ModelShape
    private let fields: [String: JSONValue]

    private static let classes = [
        "llama": "LlamaForCausalLM", "qwen2": "Qwen2ForCausalLM", "qwen3": "Qwen3ForCausalLM",
    ]

    /// Describes a model.
    ///
    /// - Parameters:
    ///   - file: The model's file.
    ///   - weights: Its tensors.
    ///   - tokens: Its tokens with a role.
    ///   - format: How weights are stored.
    /// - Throws: ``AssizeTrainingError`` for something that Transformers' class of the family does not compute.
    init(
        _ file: GGUFFile,
        weights: HuggingFaceWeights,
        tokens: HuggingFaceTokens,
        format: HuggingFaceExport.Format
    ) throws(AssizeTrainingError) {
        let shape = try ModelShape(file)
        guard let name = HuggingFaceConfiguration.classes[shape.architecture] else {
            throw AssizeTrainingError(
                code: .unknownArchitecture,
                message:
                    "Transformers' name for the architecture '\(shape.architecture)' is not known here, only for \(HuggingFaceConfiguration.classes.keys.sorted().listed)"
            )
        }
        let usual = 1 / Double(shape.headSize).squareRoot()
        guard abs(Double(shape.attentionScale) / usual - 1) < 1e-6 else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message:
                    "\(file.path) multiplies attention by \(shape.attentionScale), \(name) always by \(usual); it can't be written as one"
            )
        }
        var fields: [String: JSONValue] = [
            "architectures": .array([.string(name)]),
            "model_type": .string(shape.architecture),
            "hidden_size": .count(shape.width),
            "intermediate_size": .count(shape.innerWidth),
            "num_hidden_layers": .count(shape.layers),
            "num_attention_heads": .count(shape.heads),
            "num_key_value_heads": .count(shape.sharedHeads),
            "head_dim": .count(shape.headSize),
            "vocab_size": .count(shape.vocabulary),
            "max_position_embeddings": .count(shape.trainedContext),
            "hidden_act": .string("silu"),
            "attention_dropout": .number(0),
            "rms_norm_eps": .float(shape.normEpsilon),
            "rope_theta": .float(shape.rotation.base),
            "rope_scaling": try RopeScaling(file, shape: shape).json,
            "tie_word_embeddings": .bool(weights.isTied),
            "torch_dtype": .string(format == .f32 ? "float32" : "bfloat16"),
            "use_cache": .bool(true),
        ]
        switch shape.architecture {
        case "llama":
            fields["attention_bias"] = .bool(weights.hasAttentionBias)
            fields["mlp_bias"] = .bool(weights.hasInnerBias)
        case "qwen3": fields["attention_bias"] = .bool(weights.hasAttentionBias)
        default: break
        }
        if shape.architecture != "llama" { fields["use_sliding_window"] = .bool(false) }
        for (name, token) in tokens.roles where name != "unk_token" { fields["\(name)_id"] = .count(token) }
        self.shape = shape
        self.fields = fields
    }

    /// The file's content.
    var json: JSONValue { .object(fields) }
}

extension JSONValue {
    /// A whole number.
    static func count(_ value: Int) -> JSONValue { .number(Double(value)) }

    /// A 32-bit float by its shortest digits: 1e-05 rather than 9.99999974738e-06.
    static func float(_ value: Float) -> JSONValue { .number(Double(value.description) ?? Double(value)) }
}
