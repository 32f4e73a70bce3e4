/// Why an ask has no answer.
public struct LanguageModelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case overLength, transport, refused, truncated, unparsed, cancelled, unsupported, engine
        }
        private let value: Value

        /// The prompt and the room for the answer do not fit the context.
        public static let overLength = Code(value: .overLength)
        /// The model could not be reached, or the connection broke.
        public static let transport = Code(value: .transport)
        /// The model or its provider declined to answer.
        public static let refused = Code(value: .refused)
        /// The answer was cut off before the label.
        public static let truncated = Code(value: .truncated)
        /// The answer holds no label.
        public static let unparsed = Code(value: .unparsed)
        /// The calling task was cancelled.
        public static let cancelled = Code(value: .cancelled)
        /// The backend can't do what the ask wants.
        public static let unsupported = Code(value: .unsupported)
        /// The engine itself failed.
        public static let engine = Code(value: .engine)

        /// The kind's name, such as `overLength`.
        public var description: String { value.rawValue }
    }

    /// The kind of error, for code to branch on.
    public let code: Code
    /// A sentence with the value that was wrong and what to do.
    public let message: String
    /// What the model wrote before it failed, if anything.
    public let raw: String

    /// Creates an error.
    public init(code: Code, message: String, raw: String = "") {
        self.code = code
        self.message = message
        self.raw = raw
    }

    /// The message.
    public var description: String { message }
}
