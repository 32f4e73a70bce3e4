internal import AssizeCore
internal import AssizeJudges
internal import AssizeLocal

/// The prompts of a run's first items in every layout that its recipe has: their tokens, and which layout reads fewer.
struct LayoutCounts {
    /// The prompts in one layout.
    struct Count {
        /// `nil` where the recipe pins its prompt.
        let layout: Recipe.Layout?
        var prefixes = PrefixCounter()
        fileprivate let judging: any JudgingProtocol
    }

    /// The layout is chosen on this many items at most: enough to see what they share, and counted in a second or two.
    static let sampleItems = 200
    /// The same for items that are long or have many criteria: bytes of prompts, over all layouts.
    static let sampleBytes = 2_000_000
    /// The share of its tokens that another layout has to save before it is chosen over the recipe's own.
    static let margin = 0.02

    /// One count a layout, the recipe's own first.
    private(set) var counts: [Count]
    /// Items counted.
    private(set) var items = 0
    private let counter: PromptCounter?
    private var bytes = 0
    private var chosen: Recipe.Layout?

    /// Prepares a count; no item is counted yet.
    ///
    /// - Parameters:
    ///   - settings: How items are judged; a layout in them does not count.
    ///   - counter: Counts the model's own tokens; without one, only the recipe's own layout is planned.
    /// - Throws: ``AssizeJudgesError`` when the settings contradict each other.
    init(settings: JudgingSettings, counter: PromptCounter?) throws {
        self.counter = counter
        let layouts = settings.recipe.layouts
        counts = try layouts.prefix(counter == nil ? 1 : layouts.count)
            .map { layout in
                var settings = settings
                settings.layout = layout
                return Count(layout: layout, judging: try settings.makeProtocol())
            }
    }

    /// Whether the choice is made: more items do not change it.
    var isSampled: Bool { items >= LayoutCounts.sampleItems || bytes >= LayoutCounts.sampleBytes }

    /// The layout that reads fewer tokens; `nil` where the recipe pins its prompt.
    var choice: Recipe.Layout? { chosen ?? LayoutCounts.choice(of: counts.map { ($0.layout, $0.prefixes.readTokens) }) }

    /// The first layout, unless a later one reads so many fewer tokens that it is worth it.
    static func choice(of layouts: [(layout: Recipe.Layout?, readTokens: Int)]) -> Recipe.Layout? {
        guard let first = layouts.first, let best = layouts.min(by: { $0.readTokens < $1.readTokens }) else {
            return nil
        }
        let isWorthIt = Double(best.readTokens) < (1 - margin) * Double(first.readTokens)
        return isWorthIt ? best.layout : first.layout
    }

    /// Counts an item's prompts.
    ///
    /// - Returns: What is asked about it, in the recipe's own layout.
    /// - Throws: `LanguageModelError` when the model's template can't write the prompts.
    @discardableResult
    mutating func add(_ item: Item) throws -> JudgingPlan {
        let plans = counts.map { $0.judging.plan(item) }
        for (index, plan) in plans.enumerated() {
            var asks = plan.asks.map(\.ask)[...]
            while let ask = asks.first {
                // Samples differ in their seeds alone.
                let same = asks.prefix { $0.messages == ask.messages && $0.format == ask.format }.count
                try counter?.count(ask, times: same, into: &counts[index].prefixes)
                bytes += ask.messages.reduce(0) { $0 + $1.content.utf8.count }
                asks = asks.dropFirst(same)
            }
        }
        items += 1
        if isSampled, chosen == nil { chosen = choice }
        return plans[0]
    }
}

extension Recipe {
    /// Every layout of the prompt, the preferred one first; a single `nil` where it is pinned.
    var layouts: [Layout?] {
        guard let preferredLayout else { return [nil] }
        return [preferredLayout] + Layout.allCases.filter { $0 != preferredLayout }
    }
}

extension Recipe.Layout {
    /// The layout as `--layout` takes it.
    var flag: String { rawValue.replacing("_", with: "-") }
}
