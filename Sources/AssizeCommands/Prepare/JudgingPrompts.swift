internal import AssizeCore
internal import AssizeData
internal import AssizeJudges
internal import AssizeLocal
internal import Foundation

/// The prompts that formats of weights are compared on.
enum JudgingPrompts {
    /// How many are used.
    static let count = 50
    private static let recipe = "assize-pointwise"

    /// The prompts that come with this version: ten instructions with five answers of differing quality.
    static func builtIn() throws -> [JudgingPrompt] {
        let judging = try judging()
        let decoder = JSONDecoder()
        return try PackageResources.judging_prompts_jsonl.split(separator: UInt8(ascii: "\n"))
            .compactMap { line in
                let row = try decoder.decode(Row.self, from: Data(line))
                let item = Item(
                    id: row.id,
                    instruction: row.instruction,
                    candidates: [Candidate(text: row.response)]
                )
                return prompt(for: item, judging)
            }
    }

    private struct Row: Decodable {
        let id: ItemID
        let instruction: String
        let response: String
    }

    /// The prompts of the first items of a file, as the recipe `assize-pointwise` words them; one criterion an item.
    ///
    /// - Throws: ``CommandFailure`` when no item can be judged so.
    static func read(_ path: String) throws -> [JudgingPrompt] {
        let judging = try judging()
        var reader = try ItemReader(path: path, shape: .single)
        var prompts: [JudgingPrompt] = []
        while prompts.count < count, let row = try reader.next() {
            guard case .item(let item, _, _) = row else { continue }
            if let prompt = prompt(for: item, judging) { prompts.append(prompt) }
        }
        guard !prompts.isEmpty else {
            throw CommandFailure("\(path) holds no item that '\(recipe)' can judge; give items with a response")
        }
        return prompts
    }

    private static func judging() throws -> any JudgingProtocol {
        try JudgingSettings(recipe: try RecipeLibrary.recipe(named: recipe), seed: 1).makeProtocol()
    }

    private static func prompt(for item: Item, _ judging: any JudgingProtocol) -> JudgingPrompt? {
        let plan = judging.plan(item)
        return plan.asks.first.map { JudgingPrompt(ask: $0.ask, scale: plan.parts[$0.criterionIndex].scale) }
    }
}
