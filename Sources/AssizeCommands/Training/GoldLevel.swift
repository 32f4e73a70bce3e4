internal import AssizeCore
internal import AssizeJudges

/// The label of an asked scale that an item's gold label comes to.
struct GoldLevel: Equatable {
    /// One of the scale's labels.
    let label: String
    /// Whether the gold label lay between two levels; then the nearer one is taken, and of two the higher.
    let isBetween: Bool

    /// Why there is no such label.
    struct Fault: Error, Equatable {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// Finds the label.
    ///
    /// A score is taken as it stands where the item brought the scale that is asked. Else, where the row says on which scale it
    /// was given (`scale`, as `[lowest, highest]`), it is mapped in a straight line; so is `score_1_5` where a row has it.
    ///
    /// - Parameters:
    ///   - item: The item with its gold label.
    ///   - scale: The scale asked for.
    ///   - isSwapped: Whether two candidates are shown in the other order.
    /// - Throws: ``Fault`` in words that follow "the row".
    init(of item: Item, on scale: Scale, isSwapped: Bool = false) throws(Fault) {
        guard let gold = item.gold else { throw Fault("has no gold label") }
        switch (scale, gold) {
        case (.ordinal(let lower, let upper, _), .score(let score)):
            let value = GoldLevel.mapped(score, of: item, to: Double(lower)...Double(upper))
            guard value >= Double(lower), value <= Double(upper) else {
                throw Fault("has the score \(score), which lies outside the scale \(lower)...\(upper) that is asked")
            }
            let level = (value + 0.5).rounded(.down)
            label = String(min(upper, Int(level)))
            isBetween = abs(level - value) > 1e-6
        case (.yesNo, .score(let score)) where (0...1).contains(score):
            label = score >= 0.5 ? "Yes" : "No"
            isBetween = score != 0 && score != 1
        case (.yesNo, .category(let name)), (.categories, .category(let name)), (.ordinal, .category(let name)):
            guard let same = scale.labels.first(where: { $0.lowercased() == name.lowercased() }) else {
                throw Fault(
                    "has the label '\(name)', which is none of those asked for (\(scale.labels.joined(separator: ", ")))"
                )
            }
            (label, isBetween) = (same, false)
        case (.choice(let tie), .choice(let choice)):
            guard choice != .tie || tie else { throw Fault("is a tie, which the recipe does not know") }
            let shown = isSwapped ? choice.swapped : choice
            (label, isBetween) = (shown == .a ? "A" : shown == .b ? "B" : "Tie", false)
        default:
            throw Fault("has a gold label of another kind than the scale that is asked")
        }
    }

    private static func mapped(_ score: Double, of item: Item, to range: ClosedRange<Double>) -> Double {
        // A row whose own scale is asked has given it to its rubric; a score of its own that is left was not taken as gold.
        guard item.rubric == nil, item.metadata["score"] == nil else { return score }
        if let ends = item.metadata["scale"]?.arrayValue, ends.count == 2, let lower = ends[0].numberValue,
            let upper = ends[1].numberValue, lower < upper, lower <= score, score <= upper
        {
            return range.lowerBound + (score - lower) / (upper - lower) * (range.upperBound - range.lowerBound)
        }
        if range == 1...5, let mapped = item.metadata["score_1_5"]?.numberValue { return mapped }
        return score
    }
}
