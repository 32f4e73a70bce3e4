public import AssizeCore

extension JudgingSettings {
    /// What an item's prompts are made of, part by part in the order in which the prompts show it.
    ///
    /// Items whose first parts are equal have prompts that begin alike. A model that is asked about them one after another
    /// can read what they share once.
    ///
    /// - Parameter item: The item.
    /// - Returns: A hash for each part. The hashes of one part may be compared between items, within one process.
    public func beginnings(of item: Item) -> [Int] {
        let tags = (recipe.system?.tags ?? []) + recipe.template(layout).tags
        var seen: Set<Part> = []
        return tags.compactMap { tag in
            guard let part = Part(tag), seen.insert(part).inserted else { return nil }
            return hash(of: part, in: item)
        }
    }

    /// What of an item a tag shows.
    private enum Part: Hashable {
        case instruction
        case context
        case reference
        case hasContext
        case hasReference
        case response(Int)
        case rubric

        /// `nil` for a tag that shows nothing of the item.
        init?(_ tag: PromptTemplate.Tag) {
            switch tag.name {
            case "instruction": self = .instruction
            case "context": self = tag.isSection ? .hasContext : .context
            case "reference": self = tag.isSection ? .hasReference : .reference
            case "response", "response_a": self = .response(0)
            case "response_b": self = .response(1)
            case "label_only", "first()", "last()": return nil
            default: self = .rubric
            }
        }
    }

    private func hash(of part: Part, in item: Item) -> Int {
        switch part {
        case .instruction: item.instruction.hashValue
        case .context: item.context.hashValue
        case .reference: item.reference.hashValue
        case .hasContext: (item.context?.isBlank ?? true).hashValue
        case .hasReference: (item.reference?.isBlank ?? true).hashValue
        case .response(let index): (index < item.candidates.count ? item.candidates[index].text : "").hashValue
        case .rubric: rubric(of: item).hashValue
        }
    }
}

extension String {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
