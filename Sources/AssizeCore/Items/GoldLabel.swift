/// What people (or a stronger judge) said of an item: a label to measure a judge against, never shown to it.
public enum GoldLabel: Sendable, Hashable, Codable {
    /// A score on the row's own scale; a mean over raters may lie between the levels.
    case score(Double)
    /// The preferred candidate of a pair.
    case choice(Choice)
    /// A category.
    case category(String)
}
