/// Puts a prompt's tokens together from a template's own text, which may hold special tokens, and contents, which never do.
///
/// Text that stands side by side is tokenised in one piece, whoever wrote it.
struct PromptWriter {
    private let vocabulary: Vocabulary
    private var tokens: [Vocabulary.Token] = []
    private var pending = ""

    /// Begins with the token that the model wants before every prompt, if it wants one.
    init(vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        if let beginning = vocabulary.beginning { tokens.append(beginning) }
    }

    /// Adds text of the template.
    mutating func append(template text: String) {
        for piece in vocabulary.pieces(ofTemplate: text) {
            switch piece {
            case .text(let text): pending += text
            case .token(let token):
                flush()
                // The template may write the first token too.
                if !(tokens.count == 1 && token == vocabulary.beginning) { tokens.append(token) }
            }
        }
    }

    /// Adds text in which nothing is a special token.
    mutating func append(content text: String) {
        pending += text
    }

    /// Adds tokens, apart from the text before them.
    ///
    /// - Returns: Where they lie.
    @discardableResult
    mutating func append(_ more: [Vocabulary.Token]) -> Range<Int> {
        flush()
        tokens += more
        return tokens.count - more.count..<tokens.count
    }

    /// All tokens.
    mutating func finish() -> [Vocabulary.Token] {
        flush()
        return tokens
    }

    private mutating func flush() {
        if !pending.isEmpty { tokens += vocabulary.tokens(ofText: pending) }
        pending = ""
    }
}
