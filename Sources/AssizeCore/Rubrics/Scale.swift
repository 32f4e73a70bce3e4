/// The values a verdict on one criterion may take, as the labels a model writes.
public enum Scale: Sendable, Hashable, Codable {
    /// Whole numbers from `lower` through `upper`, with an optional description of each level.
    case ordinal(lower: Int, upper: Int, levels: [Int: String])
    /// Named categories, in the order they are shown.
    case categories([String])
    /// Yes (1) or no (0).
    case yesNo
    /// One of two candidates, or a tie where it is allowed.
    case choice(tie: Bool)

    /// The most labels a scale may have: each of them is scored at every judgment.
    public static let maximumLabels = 101

    /// The complete label strings, in the scale's order.
    public var labels: [String] {
        switch self {
        case .ordinal(let lower, let upper, _): lower <= upper ? (lower...upper).map(String.init) : []
        case .categories(let names): names
        case .yesNo: ["Yes", "No"]
        case .choice(let tie): tie ? ["A", "B", "Tie"] : ["A", "B"]
        }
    }

    /// The number a label stands for, where the scale has numbers.
    public func score(of label: String) -> Double? {
        switch self {
        case .ordinal(let lower, let upper, _):
            guard let value = Int(label), lower <= value, value <= upper else { return nil }
            return Double(value)
        case .yesNo:
            return label == "Yes" ? 1 : label == "No" ? 0 : nil
        case .categories, .choice:
            return nil
        }
    }

    /// The candidate a label stands for, on a scale of choice.
    public func choice(of label: String) -> Choice? {
        guard case .choice(let tie) = self else { return nil }
        switch label {
        case "A": return .a
        case "B": return .b
        case "Tie" where tie: return .tie
        default: return nil
        }
    }

    /// Checks that a verdict could stand on this scale.
    ///
    /// - Throws: ``AssizeCoreError`` with what is wrong.
    public func validate() throws(AssizeCoreError) {
        if case .ordinal(let lower, let upper, let levels) = self {
            guard lower < upper else {
                throw AssizeCoreError(
                    code: .invalidScale,
                    message: "the scale \(lower)...\(upper) has no two levels; give a lower and a higher end"
                )
            }
            guard upper - lower < Scale.maximumLabels else {
                throw AssizeCoreError(
                    code: .invalidScale,
                    message:
                        "the scale \(lower)...\(upper) has more than \(Scale.maximumLabels) levels; use a coarser one"
                )
            }
            if let outside = levels.keys.sorted().first(where: { $0 < lower || $0 > upper }) {
                throw AssizeCoreError(
                    code: .invalidScale,
                    message: "level \(outside) is described but lies outside the scale \(lower)...\(upper)"
                )
            }
        }
        if case .categories(let names) = self {
            guard names.count >= 2, names.count <= Scale.maximumLabels else {
                throw AssizeCoreError(
                    code: .invalidScale,
                    message:
                        "a scale of categories needs 2 to \(Scale.maximumLabels) names; this one has \(names.count)"
                )
            }
            guard !names.contains(where: { $0.allSatisfy(\.isWhitespace) }) else {
                throw AssizeCoreError(code: .invalidScale, message: "a category has an empty name; name each category")
            }
            guard Set(names).count == names.count else {
                throw AssizeCoreError(
                    code: .invalidScale,
                    message: "a category stands twice in \(names.joined(separator: ", ")); name each once"
                )
            }
        }
    }
}
