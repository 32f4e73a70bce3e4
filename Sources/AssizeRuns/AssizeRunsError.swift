/// What goes wrong round a run: one that can't be resumed, a file that can't be written.
public struct AssizeRunsError: Error, Sendable, CustomStringConvertible {
    /// The kind of error.
    public struct Code: Sendable, Hashable {
        private enum Value { case notResumable, unwritable, encoding, interrupted }
        private let value: Value

        /// The run was made with other inputs or settings.
        public static let notResumable = Code(value: .notResumable)
        /// The output can't be written.
        public static let unwritable = Code(value: .unwritable)
        /// A value has no JSON form.
        public static let encoding = Code(value: .encoding)
        /// The run was cancelled; what was judged is stored.
        public static let interrupted = Code(value: .interrupted)
    }

    /// The kind of error, for code to branch on.
    public let code: Code
    /// A sentence with the value that was wrong and what to do.
    public let message: String
    /// The error underneath, where there is one.
    public let cause: (any Error)?

    /// Creates an error.
    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message.
    public var description: String { message }
}
