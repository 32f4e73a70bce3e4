/// What goes wrong when a judge is trained, or when its adapter is read or written.
public struct AssizeTrainingError: Error, Sendable, CustomStringConvertible {
    /// The kind of error.
    public struct Code: Sendable, Hashable {
        private enum Value {
            case unreadableModel, unknownArchitecture, unreadableAdapter, unsupportedAdapter, invalidOptions,
                invalidData
            case notFinite, checkpoint, file, engine
        }
        private let value: Value

        /// The base model's file is missing, broken, or lacks a tensor.
        public static let unreadableModel = Code(value: .unreadableModel)
        /// The base model is of a family whose gradients are not known here.
        public static let unknownArchitecture = Code(value: .unknownArchitecture)
        /// An adapter's file is missing or broken, or does not fit the model.
        public static let unreadableAdapter = Code(value: .unreadableAdapter)
        /// An adapter holds something that can't be expressed here.
        public static let unsupportedAdapter = Code(value: .unsupportedAdapter)
        /// Options that are out of range or can't work together.
        public static let invalidOptions = Code(value: .invalidOptions)
        /// A row of the training data can't be used.
        public static let invalidData = Code(value: .invalidData)
        /// A loss or a gradient became infinite or no number at all.
        public static let notFinite = Code(value: .notFinite)
        /// A checkpoint is broken, or belongs to another run.
        public static let checkpoint = Code(value: .checkpoint)
        /// A file could not be written.
        public static let file = Code(value: .file)
        /// The engine failed while it computed.
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
