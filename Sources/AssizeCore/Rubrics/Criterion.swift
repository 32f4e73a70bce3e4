/// One question about an item, and the scale it is answered on.
public struct Criterion: Sendable, Hashable, Codable {
    /// A short name, unique within its rubric; judgments are filed under it.
    public var name: String
    /// The question or requirement, as it is shown to the judge.
    public var text: String
    /// The values that a verdict may take.
    public var scale: Scale
    /// How much it counts in a rubric's total; not negative.
    public var weight: Double

    /// Creates a criterion; ``Rubric/validate()`` checks it.
    public init(name: String, text: String, scale: Scale, weight: Double = 1) {
        self.name = name
        self.text = text
        self.scale = scale
        self.weight = weight
    }
}
