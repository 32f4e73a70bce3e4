/// What came of judging one criterion of one item.
///
/// A failure is a value of its own: never a score, never 0, never a tie, never left out.
public enum Verdict: Sendable, Hashable {
    /// A label on a numeric scale: the label, its number, and the mean over the label probabilities where they are known.
    case scored(label: String, score: Double, expected: Double?)
    /// The better of two candidates, its probability, and whether both orders agreed (`nil` when only one was asked).
    case preferred(choice: Choice, probability: Double?, consistent: Bool?)
    /// Candidates from best to worst, by their position in the row from 0.
    case ranked([Int])
    /// A category.
    case classified(label: String)
    /// The judge declined for a reason of its own, such as a criterion that does not apply.
    case abstained(reason: String)
    /// No verdict: why, and what the model wrote.
    case failed(Failure, raw: String)

    /// Why there is no verdict.
    public enum Failure: String, Sendable, Hashable, Codable, CaseIterable {
        /// The model could not be reached.
        case transport
        /// The model declined to answer.
        case refusal
        /// The answer was cut off before its label.
        case truncated
        /// The answer holds no label of the scale.
        case unparsed
        /// The answer names several labels that exclude each other.
        case contradiction
        /// The prompt and the room for the answer do not fit the model's context.
        case overLength = "over-length"
        /// The item lacks what the protocol needs, such as a second candidate.
        case unsuitable
        /// The engine failed, or can't do what was asked.
        case engine
    }

    /// Whether this is a failure.
    public var isFailure: Bool {
        if case .failed = self { true } else { false }
    }
}

extension Verdict: Codable {
    private enum Key: String, CodingKey {
        case kind, label, score, expected, choice, probability, consistent, ranking, reason, failure, raw
    }

    private enum Kind: String, Codable {
        case scored, preferred, ranked, classified, abstained, failed
    }

    /// Decodes a verdict from an object whose `kind` names the case.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Kind.self, forKey: .kind) {
        case .scored:
            self = .scored(
                label: try container.decode(String.self, forKey: .label),
                score: try container.decode(Double.self, forKey: .score),
                expected: try container.decodeIfPresent(Double.self, forKey: .expected)
            )
        case .preferred:
            self = .preferred(
                choice: try container.decode(Choice.self, forKey: .choice),
                probability: try container.decodeIfPresent(Double.self, forKey: .probability),
                consistent: try container.decodeIfPresent(Bool.self, forKey: .consistent)
            )
        case .ranked:
            self = .ranked(try container.decode([Int].self, forKey: .ranking))
        case .classified:
            self = .classified(label: try container.decode(String.self, forKey: .label))
        case .abstained:
            self = .abstained(reason: try container.decode(String.self, forKey: .reason))
        case .failed:
            self = .failed(
                try container.decode(Failure.self, forKey: .failure),
                raw: try container.decode(String.self, forKey: .raw)
            )
        }
    }

    /// Encodes the verdict as one flat object with its `kind`; what is `nil` is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .scored(let label, let score, let expected):
            try container.encode(Kind.scored, forKey: .kind)
            try container.encode(label, forKey: .label)
            try container.encode(score, forKey: .score)
            try container.encodeIfPresent(expected, forKey: .expected)
        case .preferred(let choice, let probability, let consistent):
            try container.encode(Kind.preferred, forKey: .kind)
            try container.encode(choice, forKey: .choice)
            try container.encodeIfPresent(probability, forKey: .probability)
            try container.encodeIfPresent(consistent, forKey: .consistent)
        case .ranked(let ranking):
            try container.encode(Kind.ranked, forKey: .kind)
            try container.encode(ranking, forKey: .ranking)
        case .classified(let label):
            try container.encode(Kind.classified, forKey: .kind)
            try container.encode(label, forKey: .label)
        case .abstained(let reason):
            try container.encode(Kind.abstained, forKey: .kind)
            try container.encode(reason, forKey: .reason)
        case .failed(let failure, let raw):
            try container.encode(Kind.failed, forKey: .kind)
            try container.encode(failure, forKey: .failure)
            try container.encode(raw, forKey: .raw)
        }
    }
}
