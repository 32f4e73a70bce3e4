/// What goes wrong among the nouns themselves: a scale without labels, a file that can't be read.
public struct AssizeCoreError: Error, Sendable, CustomStringConvertible {
    /// The kind of error.
    public struct Code: Sendable, Hashable {
        private enum Value { case invalidScale, invalidRubric, unreadableFile, invalidYAML }
        private let value: Value

        /// A scale that no verdict could stand on.
        public static let invalidScale = Code(value: .invalidScale)
        /// A rubric without criteria, or one whose parts contradict each other.
        public static let invalidRubric = Code(value: .invalidRubric)
        /// A file that can't be opened or read.
        public static let unreadableFile = Code(value: .unreadableFile)
        /// Text that is not the YAML it should be.
        public static let invalidYAML = Code(value: .invalidYAML)
    }

    /// The kind of error, for code to branch on.
    public let code: Code
    /// A sentence with the value that was wrong and what to do.
    public let message: String

    /// Creates an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
