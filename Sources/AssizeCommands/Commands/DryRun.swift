internal import AssizeCore
internal import AssizeData
internal import AssizeJudges
internal import AssizeLocal

/// What a run would take, counted without judging.
struct DryRun {
    /// Prompts are counted exactly for this many items, and scaled up for more.
    static let countedItems = 500

    let items: Int
    let broken: Int
    private(set) var asks = 0
    private(set) var unsuitable = 0
    private(set) var promptTokens = 0
    private(set) var longestPrompt = 0
    private(set) var answerTokens = 0
    private(set) var counted = 0
    private let hasCounter: Bool

    /// Plans the first items and counts their asks and tokens.
    ///
    /// - Parameters:
    ///   - survey: What the items file holds.
    ///   - items: The file, from its beginning.
    ///   - judging: Plans the asks.
    ///   - counter: Counts the model's own tokens; without one, prompt tokens are not given.
    ///   - limit: How many items belong to the run; `nil` for all.
    /// - Throws: What reading the file or counting its prompts throws.
    init(survey: ItemFileSurvey, items: ItemReader, judging: any JudgingProtocol, counter: PromptCounter?, limit: Int?)
        throws
    {
        self.items = survey.good
        broken = survey.broken
        hasCounter = counter != nil
        var items = items
        while counted < DryRun.countedItems, counted < limit ?? .max, let row = try items.next() {
            guard case .item(let item, _, _) = row else { continue }
            counted += 1
            let plan = judging.plan(item)
            unsuitable += plan.parts.count { $0.problem != nil }
            asks += plan.asks.count
            for planned in plan.asks {
                let tokens = try counter?.promptTokens(of: planned.ask) ?? 0
                promptTokens += tokens
                longestPrompt = max(longestPrompt, tokens)
                answerTokens += planned.ask.format.maximumTokens
            }
        }
    }

    private func scaled(_ count: Int) -> String {
        guard counted < items, counted > 0 else { return Format.count(count) }
        return "about \(Format.count(Int(Double(count) / Double(counted) * Double(items))))"
    }

    func show(on terminal: Terminal, recipe: String, model: String) {
        terminal.write("items           \(Format.count(items))\(broken > 0 ? " (and \(broken) broken rows)" : "")")
        terminal.write("recipe          \(recipe)")
        terminal.write("model           \(model)")
        terminal.write("asks            \(scaled(asks))")
        if unsuitable > 0 {
            terminal.write(
                "unsuitable      \(scaled(unsuitable)) judgments would fail: the items lack what the recipe needs"
            )
        }
        if hasCounter {
            terminal.write("prompt tokens   \(scaled(promptTokens)) (longest prompt \(Format.count(longestPrompt)))")
        }
        terminal.write("answer tokens   at most \(scaled(answerTokens))")
        if counted < items { terminal.write("counted on the first \(counted) items") }
    }
}
