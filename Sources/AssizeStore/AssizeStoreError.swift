/// What goes wrong between a run and its file: a full disk, a file of a newer version, a run that is not there.
public struct AssizeStoreError: Error, Sendable, CustomStringConvertible {
    /// The kind of error.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case full
            case locked
            case corrupt
            case newerSchema
            case unreadable
            case notFound
            case conflict
            case closed
            case other
        }
        private let value: Value

        /// The disk, or the file's page limit, is full; what was committed before is safe.
        public static let full = Code(value: .full)
        /// Another process held the file for longer than the busy timeout.
        public static let locked = Code(value: .locked)
        /// The file is damaged, or is not an SQLite database.
        public static let corrupt = Code(value: .corrupt)
        /// The file was written by a newer version of this library.
        public static let newerSchema = Code(value: .newerSchema)
        /// The file can't be opened, read or written.
        public static let unreadable = Code(value: .unreadable)
        /// There is no run of that name.
        public static let notFound = Code(value: .notFound)
        /// What is to be stored contradicts what is stored already.
        public static let conflict = Code(value: .conflict)
        /// A judgment was submitted to a writer that has finished.
        public static let closed = Code(value: .closed)
        /// Anything else; the message has SQLite's own words.
        public static let other = Code(value: .other)

        /// The code's name, such as `newerSchema`.
        public var description: String { value.rawValue }
    }

    /// The kind of error.
    public let code: Code
    /// A sentence with the value that was wrong and what to do.
    public let message: String
    /// The error underneath, if there is one.
    public let cause: (any Error)?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of error.
    ///   - message: A sentence with the value that was wrong and what to do.
    ///   - cause: The error underneath.
    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message.
    public var description: String { message }
}
