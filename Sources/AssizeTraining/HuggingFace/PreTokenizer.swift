/// How a text is cut into words before byte pairs are joined: llama.cpp's expressions by its names.
///
/// `llm_tokenizer_bpe` in llama-vocab.cpp is their source. Each expression cuts the pieces of the one before it; what
/// it does not match stays a piece.
struct PreTokenizer: Sendable, Hashable {
    /// The expressions in their order.
    let expressions: [String]
    /// Whether a word that is a token is taken whole, without joining.
    let ignoresMerges: Bool
    /// Whether a token begins each text where the file does not say.
    let addsBeginning: Bool

    private init(_ expressions: [String], ignoresMerges: Bool = false, addsBeginning: Bool = false) {
        self.expressions = expressions
        self.ignoresMerges = ignoresMerges
        self.addsBeginning = addsBeginning
    }

    /// The way of a name; `nil` when it is not known here.
    ///
    /// - Parameter name: The value of `tokenizer.ggml.pre`; files without one mean `default`.
    init?(named name: String) {
        guard let found = PreTokenizer.known.first(where: { $0.names.contains(name) }) else { return nil }
        self = found.way
    }

    /// The names that are known.
    static var names: [String] { known.flatMap(\.names) }

    private static let known: [(names: [String], way: PreTokenizer)] = [
        (["default"], PreTokenizer([#"[\p{P}\$\+<=>\^~\|]+"#, gpt2, #"\p{N}+"#, "[0-9][0-9][0-9]"])),
        (["gpt-2", "phi-2", "mpt", "olmo", "jais", "gigachat", "mellum", "exaone4"], PreTokenizer([gpt2])),
        (
            ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"],
            PreTokenizer([#"\p{N}"#, gpt2])
        ),
        (["qwen2", "deepseek-r1-qwen", "megrez", "stablelm2", "hunyuan"], PreTokenizer([words(digits: #"\p{N}"#)])),
        (
            ["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "lfm2"],
            PreTokenizer([words(digits: #"\p{N}{1,3}"#)], ignoresMerges: true, addsBeginning: true)
        ),
        (["dbrx", "smaug-bpe"], PreTokenizer([words(digits: #"\p{N}{1,3}"#)])),
    ]

    private static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#

    private static func words(digits: String) -> String {
        #"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }

    /// The `pre_tokenizer` of `tokenizer.json`.
    var json: JSONValue {
        let splits = expressions.map { expression -> JSONValue in
            .object([
                "type": .string("Split"), "pattern": .object(["Regex": .string(expression)]),
                "behavior": .string("Isolated"), "invert": .bool(false),
            ])
        }
        return .object(["type": .string("Sequence"), "pretokenizers": .array(splits + [PreTokenizer.bytes])])
    }

    /// Bytes written as letters, in both directions.
    static let bytes: JSONValue = .object([
        "type": .string("ByteLevel"), "add_prefix_space": .bool(false), "trim_offsets": .bool(true),
        "use_regex": .bool(false),
    ])
}
