/// How rows of a file become examples.
public struct TrainingRowOptions: Hashable, Sendable {
    /// What becomes of a row that is too long.
    public enum OverLong: String, Hashable, Sendable, CaseIterable {
        /// It is left out, and counted.
        case skip
        /// The prompt loses its beginning, and the row is counted; of a text without a prompt the end is cut off. A row whose
        /// answer alone is too long is left out.
        case truncate
        /// The file is refused.
        case error
    }

    /// Whether prompts and answers that are strings are read as they are, without the model's chat template.
    public var isRawText = false
    /// The most tokens of one text.
    public var maximumTokens: Int
    /// What becomes of a longer one.
    public var overLong = OverLong.skip

    /// Creates options with defaults for the rest.
    public init(maximumTokens: Int) {
        self.maximumTokens = maximumTokens
    }
}
