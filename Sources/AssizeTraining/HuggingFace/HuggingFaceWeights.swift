/// A model's tensors under Transformers' names, in the order of its layers.
struct HuggingFaceWeights {
    /// One tensor.
    struct Tensor {
        /// Transformers' name.
        let name: String
        /// What the GGUF file says of it.
        let info: GGUFTensorInfo
        /// The other order of its rows in GGUF; `nil` when the order is the same.
        let permutation: HeadPermutation?

        /// The sizes, the one that lies contiguous last.
        var shape: [Int] { info.dimensions[1] == 1 ? [info.width] : [info.dimensions[1], info.width] }
    }

    /// The tensors.
    let tensors: [Tensor]
    /// The model's file.
    let file: GGUFFile
    /// Whether the output head is the embedding.
    let isTied: Bool
    /// Whether attention's projections have biases; of Qwen2 always, and not the output's.
    let hasAttentionBias: Bool
    /// Whether the feed-forward projections have biases.
    let hasInnerBias: Bool

    private static let norms = [
        "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q_norm": "self_attn.q_norm",
        "attn_k_norm": "self_attn.k_norm",
    ]
    private static let attention = ["attn_q", "attn_k", "attn_v", "attn_output"]
    private static let inner = ["ffn_gate", "ffn_up", "ffn_down"]
    /// Norms of each head, which of these families only Qwen3 has.
    private static let headNorms = ["attn_q_norm", "attn_k_norm"]
    /// What is no weight of Transformers' model, but told by its configuration.
    private static let configured: Set = ["rope_freqs.weight"]

    /// Finds a place for every tensor.
    ///
    /// - Parameter file: The model's file.
    /// - Throws: ``AssizeTrainingError`` for tensors that Transformers' class has no place for, or biases of some
    ///   projections only.
    init(_ file: GGUFFile) throws(AssizeTrainingError) {
        let base = try AdapterBase(file)
        let names = try PEFTNames(base)
        var tensors: [Tensor] = []
        var strange: [String] = []
        for info in file.tensors where !HuggingFaceWeights.configured.contains(info.name) {
            guard info.isMatrix, let name = HuggingFaceWeights.name(of: info.name, base, names) else {
                strange.append(info.name)
                continue
            }
            let module = info.name.split(separator: ".").dropLast().joined(separator: ".")
            let permutation = names.permutation(of: module)
            if let permutation, !permutation.fits(HuggingFaceWeights.outputs(of: info)) {
                throw AssizeTrainingError(
                    code: .unreadableModel,
                    message:
                        "\(file.path) has \(info.name) of \(info.shape), which don't divide into \(permutation.heads) heads"
                )
            }
            tensors.append(Tensor(name: name, info: info, permutation: permutation))
        }
        guard strange.isEmpty else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message:
                    "\(file.path) holds \(strange.listed), which Transformers' \(base.architecture) has no place for"
            )
        }
        try HuggingFaceWeights.checkWhole(file, base)
        self.tensors = tensors
        self.file = file
        isTied = file.tensor("output.weight") == nil
        let isQwen2 = base.architecture == "qwen2"
        hasAttentionBias = try HuggingFaceWeights.hasBias(
            of: isQwen2 ? HuggingFaceWeights.attention.dropLast() : HuggingFaceWeights.attention,
            in: file,
            layers: base.layers
        )
        hasInnerBias = try HuggingFaceWeights.hasBias(of: HuggingFaceWeights.inner, in: file, layers: base.layers)
        let isUsual = !isQwen2 || (hasAttentionBias && file.tensor("blk.0.attn_output.bias") == nil)
        guard isUsual, base.architecture == "llama" || !hasInnerBias else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message: "\(file.path) has biases in other places than Transformers' \(base.architecture)"
            )
        }
    }

    /// Refuses a file that lacks a tensor: Transformers would fill its place with random values.
    private static func checkWhole(_ file: GGUFFile, _ base: AdapterBase) throws(AssizeTrainingError) {
        let modules = attention + inner + ["attn_norm", "ffn_norm"]
        let all = base.architecture == "qwen3" ? modules + headNorms : modules
        let names =
            ["token_embd.weight", "output_norm.weight"]
            + (0..<base.layers).flatMap { layer in all.map { "blk.\(layer).\($0).weight" } }
        let missing = names.filter { file.tensor($0) == nil }
        guard missing.isEmpty else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message: "\(file.path) lacks \(missing.listed); use a GGUF file with the whole model"
            )
        }
    }

    /// Values that go out of a projection: a bias has as many as its matrix has rows.
    static func outputs(of info: GGUFTensorInfo) -> Int {
        info.name.hasSuffix(".bias") ? info.width : info.rows
    }

    private static func name(of tensor: String, _ base: AdapterBase, _ names: PEFTNames) -> String? {
        switch tensor {
        case "token_embd.weight": return "model.embed_tokens.weight"
        case "output_norm.weight": return "model.norm.weight"
        case "output.weight": return "lm_head.weight"
        default: break
        }
        let parts = tensor.split(separator: ".").map(String.init)
        guard parts.count == 4, parts[0] == "blk", ["weight", "bias"].contains(parts[3]) else { return nil }
        if let norm = norms[parts[2]] {
            let isKnown = parts[3] == "weight" && (base.architecture == "qwen3" || !headNorms.contains(parts[2]))
            return isKnown ? "model.layers.\(parts[1]).\(norm).weight" : nil
        }
        return names.transformers(parts.dropLast().joined(separator: ".")).map { "\($0).\(parts[3])" }
    }

    /// Whether projections have biases: all of them in all layers, or none.
    private static func hasBias(of modules: [String], in file: GGUFFile, layers: Int) throws(AssizeTrainingError)
        -> Bool
    {
        let all = (0..<layers).flatMap { layer in modules.map { "blk.\(layer).\($0).bias" } }
        let found = all.filter { file.tensor($0) != nil }
        guard found.isEmpty || found.count == all.count else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message: "\(file.path) has biases in some of its projections only: \(found.listed)"
            )
        }
        return !found.isEmpty
    }
}
