/// What goes wrong when the embedded engine loads a model or reads a prompt.
public struct AssizeLocalError: Error, Sendable, CustomStringConvertible {
    /// The kind of error.
    public struct Code: Sendable, Hashable {
        private enum Value { case unreadableModel, unknownTemplate, invalidGrammar, invalidOptions, engine }
        private let value: Value

        /// The file is missing, is no GGUF, or holds an architecture that the engine does not know.
        public static let unreadableModel = Code(value: .unreadableModel)
        /// The model's chat template is absent or not one the engine knows.
        public static let unknownTemplate = Code(value: .unknownTemplate)
        /// A grammar that is not GBNF, or has no `root`.
        public static let invalidGrammar = Code(value: .invalidGrammar)
        /// Engine options that can't work together.
        public static let invalidOptions = Code(value: .invalidOptions)
        /// The engine failed while it worked.
        public static let engine = Code(value: .engine)
    }

    /// The kind of error, for code to branch on.
    public let code: Code
    /// A sentence with the value that was wrong and what to do.
    public let message: String

    init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
