/// One question to one model.
public struct Ask: Sendable, Hashable, Codable {
    /// What to do with a prompt longer than the model's context.
    public enum Overflow: String, Sendable, Hashable, Codable {
        /// The ask fails by itself.
        case fail
        /// Tokens are cut from the middle of the longest message, and the answer says how many.
        case truncateMiddle
    }

    public var messages: [Message]
    public var format: AnswerFormat
    public var sampling: Sampling
    /// The seed of this ask alone: the same ask with the same seed is the same draw.
    public var seed: UInt64
    /// Which of several draws from the same prompt this is, from 0. Part of the ask's identity, so that a cached answer
    /// never stands for a new sample.
    public var sample: Int
    public var overflow: Overflow

    public init(
        messages: [Message],
        format: AnswerFormat,
        sampling: Sampling = Sampling(),
        seed: UInt64 = 0,
        sample: Int = 0,
        overflow: Overflow = .fail
    ) {
        self.messages = messages
        self.format = format
        self.sampling = sampling
        self.seed = seed
        self.sample = sample
        self.overflow = overflow
    }
}
