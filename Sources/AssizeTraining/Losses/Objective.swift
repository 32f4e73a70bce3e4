/// What training makes smaller.
public enum Objective: Hashable, Sendable, Codable {
    /// The negative log-likelihood of the learnt tokens: each step's mean over all of them.
    case fineTuning
    /// Preferences, against the model that training began with.
    case preference(PreferenceLoss)
    /// Single answers, against the model that training began with.
    case unpaired(UnpairedLoss)

    /// Whether it needs the log-probabilities of the model that training began with.
    var needsReference: Bool { self != .fineTuning }
}

/// What a whole step sums over, known before its first pack is computed.
struct StepTotals {
    /// Learnt tokens of plain texts.
    var tokens = 0
    /// Preferences.
    var pairs = 0
    /// Tokens of the chosen answers, counted for every pair.
    var chosenTokens = 0
    /// Single answers.
    var answers = 0
    /// How far the policy is from the reference; unpaired answers only.
    var divergence = 0.0

    init(_ items: some Sequence<StepPack.Item>) {
        for item in items {
            switch item {
            case .text(_, let range): tokens += range.count
            case .preference(_, let chosen, _):
                pairs += 1
                chosenTokens += chosen.count
            case .judged: answers += 1
            }
        }
    }
}

/// The model's log-probabilities before training, summed over each row's answers.
struct ReferenceSums: Hashable, Sendable {
    /// The chosen answer's, or the single answer's.
    var first: Double
    /// The rejected answer's.
    var second: Double
}
