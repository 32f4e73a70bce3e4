/// The ids that a GGUF file gives to tokens with a role.
struct HuggingFaceTokens: Sendable, Hashable {
    /// What begins a text.
    let beginning: Int?
    /// What ends a text.
    let end: Int?
    /// What ends a turn, where the file tells it from what ends a text.
    let turnEnd: Int?
    /// What stands for what can't be read.
    let unknown: Int?
    /// What fills up shorter texts of a batch.
    let padding: Int?

    /// Reads the roles.
    ///
    /// - Parameter file: The model's file.
    init(_ file: GGUFFile) {
        beginning = file.integer("tokenizer.ggml.bos_token_id")
        end = file.integer("tokenizer.ggml.eos_token_id")
        turnEnd = file.integer("tokenizer.ggml.eot_token_id")
        unknown = file.integer("tokenizer.ggml.unknown_token_id")
        padding = file.integer("tokenizer.ggml.padding_token_id")
    }

    /// The roles by Transformers' names, those that are there.
    var roles: [(name: String, token: Int)] {
        [("bos_token", beginning), ("eos_token", end), ("unk_token", unknown), ("pad_token", padding)]
            .compactMap { name, token in token.map { (name, $0) } }
    }

    /// What `generation_config.json` holds: the ends of an answer among it.
    var generationConfiguration: JSONValue {
        var fields: [String: JSONValue] = [:]
        if let beginning { fields["bos_token_id"] = .number(Double(beginning)) }
        if let padding { fields["pad_token_id"] = .number(Double(padding)) }
        var ends = [end, turnEnd].compactMap(\.self)
        if ends.count == 2, ends[0] == ends[1] { ends.removeLast() }
        switch ends.count {
        case 0: break
        case 1: fields["eos_token_id"] = .number(Double(ends[0]))
        default: fields["eos_token_id"] = .array(ends.map { .number(Double($0)) })
        }
        return .object(fields)
    }
}
