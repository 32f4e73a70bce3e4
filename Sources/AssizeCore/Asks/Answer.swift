/// What a model answered to an ask.
public struct Answer: Sendable, Hashable, Codable {
    /// Why the free text ended.
    public enum Finish: String, Sendable, Hashable, Codable {
        /// The model ended its turn, or wrote a stop text.
        case stop
        /// The text reached the most tokens it may have.
        case length
        /// Nothing but a label was asked for.
        case label
    }

    /// The rationale, where one was asked for; surrounding white space removed.
    public var rationale: String?
    /// The label, one of the format's labels.
    public var label: String?
    /// The probability of every label.
    public var distribution: LabelDistribution?
    /// All that the model wrote or had put into its mouth, exactly.
    public var text: String
    /// Tokens that the answer took.
    public var usage: Usage
    /// Why the text ended.
    public var finish: Finish
    /// Prompt tokens that were cut out to fit the context; 0 unless the ask allowed it.
    public var truncatedTokens: Int
    /// Whether the answer came from the response cache rather than from the model.
    public var isReplayed: Bool

    /// Creates an answer.
    public init(
        rationale: String? = nil,
        label: String? = nil,
        distribution: LabelDistribution? = nil,
        text: String,
        usage: Usage,
        finish: Finish,
        truncatedTokens: Int = 0,
        isReplayed: Bool = false
    ) {
        self.rationale = rationale
        self.label = label
        self.distribution = distribution
        self.text = text
        self.usage = usage
        self.finish = finish
        self.truncatedTokens = truncatedTokens
        self.isReplayed = isReplayed
    }
}
