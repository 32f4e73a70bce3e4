/// Which of two candidates is better.
public enum Choice: String, Sendable, Hashable, Codable, CaseIterable {
    case a = "A"
    case b = "B"
    case tie

    /// The same preference with the candidates in the other order.
    public var swapped: Choice {
        switch self {
        case .a: .b
        case .b: .a
        case .tie: .tie
        }
    }
}
