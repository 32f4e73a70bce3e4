/// One response that is judged.
public struct Candidate: Sendable, Hashable, Codable {
    /// Who wrote it, when the row says so; never shown to a judge.
    public var author: String?
    /// The response itself.
    ///
    /// It is untrusted: a judge tokenises it with special tokens off.
    public var text: String

    /// Creates a candidate.
    public init(text: String, author: String? = nil) {
        self.author = author
        self.text = text
    }
}
