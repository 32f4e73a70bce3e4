/// One turn of what a model is shown.
public struct Message: Sendable, Hashable, Codable {
    /// Who speaks.
    public enum Role: String, Sendable, Hashable, Codable {
        case system
        case user
        case assistant
    }

    public var role: Role
    /// Plain text. Backends must not read special tokens out of it: it may hold a judged response.
    public var content: String

    public init(role: Role, content: String) {
        self.role = role
        self.content = content
    }
}
