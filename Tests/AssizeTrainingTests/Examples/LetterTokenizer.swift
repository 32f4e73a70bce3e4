import AssizeCore

@testable import AssizeTraining

/// A tokenizer that can be read in a test: a token a letter, turns opened by U, S or A and answers ended by 0.
struct LetterTokenizer: TrainingTokenizer {
    static let end: Int32 = 0

    var beginning: Int32?

    static func tokens(_ text: String) -> [Int32] { text.unicodeScalars.map { Int32($0.value) } }

    private func opening(_ role: Message.Role) -> [Int32] {
        switch role {
        case .system: LetterTokenizer.tokens("S")
        case .user: LetterTokenizer.tokens("U")
        case .assistant: LetterTokenizer.tokens("A")
        }
    }

    func conversation(_ messages: [Message]) throws -> TokenText {
        var tokens = beginning.map { [$0] } ?? []
        var trained: [Range<Int>] = []
        for message in messages {
            tokens += opening(message.role)
            let start = tokens.count
            tokens += LetterTokenizer.tokens(message.content)
            if message.role == .assistant {
                tokens.append(LetterTokenizer.end)
                trained.append(start..<tokens.count)
            }
        }
        return TokenText(tokens: tokens, trained: trained)
    }

    func prompt(_ messages: [Message]) throws -> [Int32] {
        (beginning.map { [$0] } ?? []) + messages.flatMap { opening($0.role) + LetterTokenizer.tokens($0.content) }
            + opening(.assistant)
    }

    func answer(_ text: String) -> [Int32] { LetterTokenizer.tokens(text) + [LetterTokenizer.end] }

    func plain(_ text: String, begins: Bool, ends: Bool) -> [Int32] {
        (begins ? beginning.map { [$0] } ?? [] : []) + LetterTokenizer.tokens(text)
            + (ends ? [LetterTokenizer.end] : [])
    }

    /// Tokens as text; what ends an answer is shown as a full stop.
    static func text(_ tokens: some Sequence<Int32>) -> String {
        String(String.UnicodeScalarView(tokens.map { $0 == end ? "." : Unicode.Scalar(UInt32($0)) ?? "?" }))
    }
}
