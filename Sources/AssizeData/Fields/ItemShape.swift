/// How many candidates the items of a file should have.
public enum ItemShape: String, Sendable, Hashable, Codable, CaseIterable {
    /// One response to judge. A row that only has a pair is broken.
    case single
    /// Two responses to compare. A row that has a response beside its pair is read as the pair.
    case pair
    /// Whatever the row has: its response, and without one its pair.
    case any
}
