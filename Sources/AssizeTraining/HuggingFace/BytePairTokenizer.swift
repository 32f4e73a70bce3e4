/// A GGUF file's vocabulary of byte-level pairs, to be written for Hugging Face's tokenizers.
///
/// It gives the ids that llama.cpp gives: texts are not normalised, though some models' own tokenizers do that.
struct BytePairTokenizer: Sendable {
    /// The tokens by their ids.
    let tokens: [String]
    /// What GGUF says that tokens are, by their ids.
    let kinds: [Kind]
    /// The pairs that are joined, the first ones first.
    let merges: [(String, String)]
    /// How a text is cut before.
    let preTokenizer: PreTokenizer
    /// The token put before each text; `nil` for none.
    let beginning: Int?
    /// The token put behind each text; `nil` for none.
    let end: Int?
    /// Chat templates by name; the usual one is `default`.
    let templates: [String: String]

    /// What a token is; the numbers are GGUF's.
    enum Kind: Int, Sendable, Hashable {
        /// Text.
        case normal = 1
        /// What can't be read.
        case unknown = 2
        /// Control.
        case control = 3
        /// Text that somebody added, found before words are cut.
        case userDefined = 4
        /// A place in the vocabulary that nothing uses.
        case unused = 5
        /// A single byte.
        case byte = 6

        /// Whether it is found in texts before words are cut.
        var isAdded: Bool { self == .control || self == .userDefined || self == .unknown }
    }

    /// Reads a vocabulary.
    ///
    /// - Parameter file: The model's file.
    /// - Throws: ``AssizeTrainingError`` for a kind of vocabulary that is not known here, or a broken one.
    init(_ file: GGUFFile) throws(AssizeTrainingError) {
        func broken(_ why: String) -> AssizeTrainingError {
            AssizeTrainingError(code: .unreadableModel, message: "\(file.path) \(why)")
        }
        let model = file.string("tokenizer.ggml.model") ?? "none"
        guard model == "gpt2" else {
            throw broken(
                "has a vocabulary of the kind '\(model)', which can't be written as tokenizer.json; known is gpt2, byte-level pairs. Name the Hugging Face folder that the model was made from instead"
            )
        }
        let way = file.string("tokenizer.ggml.pre") ?? "default"
        guard let preTokenizer = PreTokenizer(named: way) else {
            throw broken(
                "cuts texts into words by '\(way)', which can't be written as tokenizer.json; known are \(PreTokenizer.names.joined(separator: ", "))"
            )
        }
        guard let tokens = file.strings("tokenizer.ggml.tokens"), let lines = file.strings("tokenizer.ggml.merges")
        else {
            throw broken("lacks tokenizer.ggml.tokens or tokenizer.ggml.merges; use a GGUF file made for llama.cpp")
        }
        let numbers = file.integers("tokenizer.ggml.token_type") ?? tokens.map { _ in Kind.normal.rawValue }
        kinds = numbers.compactMap(Kind.init(rawValue:))
        guard kinds.count == tokens.count else {
            throw broken("has \(tokens.count) tokens and \(kinds.count) kinds of tokens; fetch it again")
        }
        var seen: Set<[UInt8]> = []
        for token in tokens where !seen.insert(Array(token.utf8)).inserted {
            throw broken("has the token '\(token)' twice, which tokenizer.json can't hold")
        }
        var merges: [(String, String)] = []
        merges.reserveCapacity(lines.count)
        for line in lines {
            guard let pair = BytePairTokenizer.pair(line) else {
                throw broken("has a merge '\(line)', which is no pair; fetch it again")
            }
            merges.append(pair)
        }
        self.tokens = tokens
        self.merges = merges
        self.preTokenizer = preTokenizer
        let begins = file.bool("tokenizer.ggml.add_bos_token") ?? preTokenizer.addsBeginning
        beginning = begins ? file.integer("tokenizer.ggml.bos_token_id") : nil
        end = file.bool("tokenizer.ggml.add_eos_token") == true ? file.integer("tokenizer.ggml.eos_token_id") : nil
        let outside = [beginning, end].compactMap(\.self).filter { !tokens.indices.contains($0) }
        guard outside.isEmpty else { throw broken("puts token \(outside[0]) round texts, which it does not have") }
        var templates: [String: String] = [:]
        let key = "tokenizer.chat_template"
        templates["default"] = file.string(key)
        for name in file.keys where name.hasPrefix("\(key).") {
            templates[String(name.dropFirst(key.count + 1))] = file.string(name)
        }
        self.templates = templates
    }

    /// A merge's two sides; no side is empty, and a first side may be a space.
    private static func pair(_ line: String) -> (String, String)? {
        let bytes = Array(line.utf8)
        guard bytes.count > 2, let space = bytes[1...].firstIndex(of: UInt8(ascii: " ")), space + 1 < bytes.count else {
            return nil
        }
        return (
            String(decoding: bytes[..<space], as: UTF8.self), String(decoding: bytes[(space + 1)...], as: UTF8.self)
        )
    }
}
