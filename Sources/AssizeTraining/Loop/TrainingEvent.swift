/// What a training run tells while it runs.
public enum TrainingEvent: Sendable {
    /// Rows whose log-probabilities before training are known, of how many.
    case references(done: Int, total: Int)
    /// A step was taken.
    case step(StepRecord)
    /// The held-out rows were measured.
    case evaluation(EvaluationRecord)
    /// A checkpoint lies on disk.
    case checkpoint(step: Int)
}

/// One step's figures, as a line of the log.
public struct StepRecord: Hashable, Sendable, Codable {
    /// The step's number, from 1.
    public let step: Int
    /// Steps of the whole run.
    public let steps: Int
    /// The pass over the data, from 0, with how far it has come.
    public let epoch: Double
    /// The loss before the step.
    public let loss: Double
    /// The learning rate.
    public let rate: Double
    /// The gradient's Euclidean norm before clipping.
    public let gradientNorm: Double
    /// Tokens computed.
    public let tokens: Int
    /// Tokens that would have been computed without sharing prompts.
    public let unsharedTokens: Int
    /// Rows.
    public let rows: Int
    /// Seconds it took.
    public let seconds: Double
    /// Implicit rewards, for preferences and single answers.
    public let rewards: RewardSummary?
}

/// What the held-out rows say.
public struct EvaluationRecord: Hashable, Sendable, Codable {
    /// Steps taken before it.
    public let step: Int
    /// The loss over all held-out rows.
    public let loss: Double
    /// Implicit rewards, for preferences and single answers.
    public let rewards: RewardSummary?
    /// Whether it is the lowest loss so far.
    public let isBest: Bool
}

/// How a run ended.
public struct TrainingOutcome: Sendable {
    /// Why it ended.
    public enum Reason: String, Sendable, Codable {
        /// All steps were taken.
        case finished
        /// The held-out loss no longer fell.
        case stoppedEarly
        /// Somebody interrupted it; it can go on.
        case interrupted
    }

    /// Why it ended.
    public let reason: Reason
    /// Steps taken, those of earlier runs that it went on from among them.
    public let steps: Int
    /// The adapter: the best one where held-out rows chose, else the last.
    public let adapter: LoraAdapter
    /// The last evaluation.
    public let evaluation: EvaluationRecord?
}
