/// How Transformers and GGUF name the matrices of one base model, and what differs in their content.
struct PEFTNames: Sendable {
    private let base: AdapterBase

    /// Families whose matrices have the same names in Transformers.
    private static let architectures = ["llama", "qwen2", "qwen3"]
    private static let modules = [
        ("attn_q", "self_attn.q_proj"), ("attn_k", "self_attn.k_proj"), ("attn_v", "self_attn.v_proj"),
        ("attn_output", "self_attn.o_proj"), ("ffn_gate", "mlp.gate_proj"), ("ffn_up", "mlp.up_proj"),
        ("ffn_down", "mlp.down_proj"),
    ]

    /// Takes a base model.
    ///
    /// - Parameter base: The base model's facts.
    /// - Throws: ``AssizeTrainingError`` when the names of its family are not known here.
    init(_ base: AdapterBase) throws(AssizeTrainingError) {
        guard PEFTNames.architectures.contains(base.architecture) else {
            throw AssizeTrainingError(
                code: .unknownArchitecture,
                message:
                    "PEFT's names for models of the architecture '\(base.architecture)' are not known here, only for \(PEFTNames.architectures.listed)"
            )
        }
        self.base = base
    }

    /// GGUF's name of a module, without `.weight`; `nil` when there is none.
    ///
    /// - Parameter module: Transformers' name, such as `model.layers.3.mlp.up_proj`.
    /// - Returns: The name, such as `blk.3.ffn_up`.
    func gguf(_ module: String) -> String? {
        if module == "lm_head" { return "output" }
        let parts = module.split(separator: ".", maxSplits: 3).map(String.init)
        guard parts.count == 4, parts[0] == "model", parts[1] == "layers", let layer = PEFTNames.layer(parts[2]),
            let name = PEFTNames.modules.first(where: { $0.1 == parts[3] })?.0
        else { return nil }
        return "blk.\(layer).\(name)"
    }

    /// Transformers' name of a module; `nil` when there is none.
    ///
    /// - Parameter module: GGUF's name without `.weight`.
    /// - Returns: The name, such as `model.layers.3.mlp.up_proj`.
    func transformers(_ module: String) -> String? {
        if module == "output" { return "lm_head" }
        let parts = module.split(separator: ".").map(String.init)
        guard parts.count == 3, parts[0] == "blk", let layer = PEFTNames.layer(parts[1]),
            let name = PEFTNames.modules.first(where: { $0.0 == parts[2] })?.1
        else { return nil }
        return "model.layers.\(layer).\(name)"
    }

    /// The other order of a module's rows in GGUF; `nil` when the order is the same.
    ///
    /// - Parameter module: GGUF's name without `.weight`.
    /// - Returns: The permutation.
    func permutation(of module: String) -> HeadPermutation? {
        guard base.architecture == "llama" else { return nil }
        if module.hasSuffix(".attn_q") { return HeadPermutation(heads: base.heads) }
        if module.hasSuffix(".attn_k") { return HeadPermutation(heads: base.keyValueHeads) }
        return nil
    }

    /// The number of a layer, if the text is one as it is usually written.
    private static func layer(_ text: String) -> Int? {
        Int(text).flatMap { $0 >= 0 && String($0) == text ? $0 : nil }
    }
}
