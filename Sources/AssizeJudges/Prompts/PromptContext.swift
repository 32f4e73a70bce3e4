public import AssizeCore

/// What a prompt is rendered from: an item, one criterion, and the order its candidates are shown in.
public struct PromptContext: Sendable {
    private let item: Item
    private let criterion: Criterion
    private let scale: Scale
    private let order: Sample.Order?
    private let labelOnly: Bool

    /// The values for one ask.
    ///
    /// - Parameters:
    ///   - item: The item; its gold label, authors and metadata are never shown.
    ///   - criterion: The criterion judged.
    ///   - scale: The scale asked for: the criterion's own, or a choice when two candidates are compared.
    ///   - order: The order of two candidates; `nil` for a single one.
    ///   - labelOnly: Whether no rationale is asked for.
    public init(item: Item, criterion: Criterion, scale: Scale, order: Sample.Order? = nil, labelOnly: Bool = false) {
        self.item = item
        self.criterion = criterion
        self.scale = scale
        self.order = order
        self.labelOnly = labelOnly
    }

    /// The values by name; what is absent or blank has no entry, so that its section is left out.
    var values: [String: Any] {
        var values: [String: Any] = [
            "instruction": item.instruction,
            "criterion": criterion.text,
            "criterion_name": criterion.name,
            "labels": scale.labels.joined(separator: ", "),
            "label_choice": PromptContext.alternatives(scale.labels),
            "label_list": scale.labels.map { ["label": $0] },
            "label_only": labelOnly,
            "has_levels": false,
            "is_ordinal": false,
            "is_categories": false,
            "is_yes_no": scale == .yesNo,
            "tie": scale == .choice(tie: true),
        ]
        for (name, text) in [("reference", item.reference), ("context", item.context)] {
            if let text, !text.allSatisfy(\.isWhitespace) { values[name] = text }
        }
        if case .ordinal(let lower, let upper, let levels) = scale {
            values["is_ordinal"] = true
            values["lower"] = String(lower)
            values["upper"] = String(upper)
            values["has_levels"] = !levels.isEmpty
            values["levels"] = levels.sorted { $0.key < $1.key }
                .map { ["label": String($0.key), "description": $0.value] }
        }
        if case .categories = scale { values["is_categories"] = true }
        let texts = item.candidates.map(\.text)
        if let order, texts.count == 2 {
            values["response_a"] = order == .forward ? texts[0] : texts[1]
            values["response_b"] = order == .forward ? texts[1] : texts[0]
        } else if let text = texts.first {
            values["response"] = text
        }
        return values
    }

    /// The labels as one would say them: `A, B or Tie`.
    private static func alternatives(_ labels: [String]) -> String {
        guard let last = labels.last, labels.count > 1 else { return labels.joined() }
        return labels.dropLast().joined(separator: ", ") + " or " + last
    }
}
