/// What a model is asked to write, so that nothing has to be parsed in hope.
public enum AnswerFormat: Sendable, Hashable, Codable {
    /// A rationale in free text, then exactly one of the labels.
    case rationaleThenLabel(RationaleThenLabel)
    /// One of the labels at once.
    case labelOnly(LabelOnly)
    /// Free text, or text that a GBNF grammar allows.
    case freeText(FreeText)

    /// The form of a rationale with a label behind it.
    public struct RationaleThenLabel: Sendable, Hashable, Codable {
        /// Put into the model's mouth before the rationale, such as `Feedback:`.
        public var opening: String
        /// The rationale's first words, put into the model's mouth too, such as ` The response`; may be empty.
        public var lead: String
        /// Stands between rationale and label, such as `\n[RESULT] `.
        ///
        /// The rationale ends where the model writes one of ``stops``, ends its turn, or reaches ``maximumTokens``; then the
        /// marker is put into its mouth and the label is scored behind it.
        public var marker: String
        /// Texts that end the rationale when the model writes them.
        public var stops: [String]
        /// The complete label strings.
        public var labels: [String]
        /// The most tokens of the rationale.
        public var maximumTokens: Int
        /// The model may not end its turn before this many tokens; a stop text ends the rationale all the same.
        public var minimumTokens: Int

        /// Creates the form of a rationale with a label behind it.
        public init(
            opening: String,
            lead: String = "",
            marker: String,
            stops: [String],
            labels: [String],
            maximumTokens: Int,
            minimumTokens: Int = 0
        ) {
            self.opening = opening
            self.lead = lead
            self.marker = marker
            self.stops = stops
            self.labels = labels
            self.maximumTokens = maximumTokens
            self.minimumTokens = minimumTokens
        }
    }

    /// The form of a bare label.
    public struct LabelOnly: Sendable, Hashable, Codable {
        /// Put into the model's mouth before the label, such as `[RESULT] `.
        public var opening: String
        /// The complete label strings.
        public var labels: [String]

        /// Creates the form of a bare label.
        public init(opening: String, labels: [String]) {
            self.opening = opening
            self.labels = labels
        }
    }

    /// The form of free text.
    public struct FreeText: Sendable, Hashable, Codable {
        /// Put into the model's mouth before the text; may be empty.
        public var opening: String
        /// The most tokens of the text.
        public var maximumTokens: Int
        /// Texts that end the answer when the model writes them; not part of it.
        public var stops: [String]
        /// A grammar in GBNF whose start symbol is `root`.
        public var grammar: String?

        /// Creates the form of free text.
        public init(opening: String = "", maximumTokens: Int, stops: [String] = [], grammar: String? = nil) {
            self.opening = opening
            self.maximumTokens = maximumTokens
            self.stops = stops
            self.grammar = grammar
        }
    }

    /// The labels, when the format has any.
    public var labels: [String] {
        switch self {
        case .rationaleThenLabel(let form): form.labels
        case .labelOnly(let form): form.labels
        case .freeText: []
        }
    }

    /// The most tokens that the answer may add to the prompt, the label not counted.
    public var maximumTokens: Int {
        switch self {
        case .rationaleThenLabel(let form): form.maximumTokens
        case .labelOnly: 0
        case .freeText(let form): form.maximumTokens
        }
    }
}
