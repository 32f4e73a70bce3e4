/// One turn of what a model is shown.
public struct Message: Sendable, Hashable, Codable {
    /// Who speaks.
    public enum Role: String, Sendable, Hashable, Codable {
        /// Instructions that hold for the whole conversation.
        case system
        /// The one who asks.
        case user
        /// The model.
        case assistant
    }

    /// Who speaks in this turn.
    public var role: Role
    /// Plain text.
    ///
    /// Backends must not read special tokens out of it: it may hold a judged response.
    public var content: String

    /// Creates a turn.
    public init(role: Role, content: String) {
        self.role = role
        self.content = content
    }
}
