/// One row of training data, in tokens.
public enum TrainingExample: Hashable, Sendable {
    /// A text of which some parts are to be learnt.
    case text(TokenText)
    /// Two answers to one prompt, of which the first is better.
    case preference(prompt: [Int32], chosen: [Int32], rejected: [Int32])
    /// One answer that is wanted, or is not.
    case judged(prompt: [Int32], answer: [Int32], isDesirable: Bool)

    /// All tokens, were the row read by itself; a preference's prompt counts once.
    public var tokenCount: Int {
        switch self {
        case .text(let text): text.tokens.count
        case .preference(let prompt, let chosen, let rejected): prompt.count + chosen.count + rejected.count
        case .judged(let prompt, let answer, _): prompt.count + answer.count
        }
    }

    /// The longest text the model would see in one piece.
    public var longestText: Int {
        switch self {
        case .text(let text): text.tokens.count
        case .preference(let prompt, let chosen, let rejected): prompt.count + max(chosen.count, rejected.count)
        case .judged(let prompt, let answer, _): prompt.count + answer.count
        }
    }
}

/// A text and the parts of it that are learnt.
public struct TokenText: Hashable, Sendable {
    /// All tokens.
    public let tokens: [Int32]
    /// Where the tokens lie that are to be predicted: in order, none of them the first token.
    public let trained: [Range<Int>]

    /// Creates a text.
    ///
    /// - Precondition: The ranges lie inside the tokens, in order, without the first token.
    public init(tokens: [Int32], trained: [Range<Int>]) {
        var end = 1
        for range in trained {
            precondition(range.lowerBound >= end && range.upperBound <= tokens.count, "a trained part out of place")
            end = range.upperBound
        }
        self.tokens = tokens
        self.trained = trained
    }

    /// A prompt that is only read, and an answer that is learnt.
    public init(prompt: [Int32], answer: [Int32]) {
        let start = max(1, prompt.count)
        self.init(tokens: prompt + answer, trained: [start..<max(start, prompt.count + answer.count)])
    }
}
