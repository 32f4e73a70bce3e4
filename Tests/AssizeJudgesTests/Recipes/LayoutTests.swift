import AssizeCore
import AssizeJudges
import Testing

/// Recipes whose prompt stands in two layouts, and what that changes.
struct LayoutTests {
    private static let both = """
        prompt: {item_first: "{{instruction}} {{criterion}}", rubric_first: "{{criterion}} {{instruction}}"}
        """

    private func recipe(_ prompt: String, extra: String = "") throws -> Recipe {
        try Recipe(yaml: Samples.recipe(extra).replacing("prompt: \"{{instruction}}\"", with: prompt))
    }

    @Test func `a prompt of one text is pinned`() throws {
        let recipe = try Recipe(yaml: Samples.recipe())
        #expect(recipe.preferredLayout == nil)
        #expect(recipe.template(nil).source == "{{instruction}}")
    }

    @Test func `a prompt of two texts has both layouts, the item first unless the recipe says otherwise`() throws {
        let recipe = try recipe(Self.both)
        #expect(recipe.preferredLayout == .itemFirst)
        #expect(recipe.template(nil).source == "{{instruction}} {{criterion}}")
        #expect(recipe.template(.rubricFirst).source == "{{criterion}} {{instruction}}")
        let other = try self.recipe(Self.both, extra: "layout: rubric_first")
        #expect(other.preferredLayout == .rubricFirst)
        #expect(other.template(nil).source == "{{criterion}} {{instruction}}")
        #expect(other.template(.itemFirst).source == "{{instruction}} {{criterion}}")
    }

    @Test(arguments: [
        ("prompt: {item_first: a, rubric_frist: b}", "the key 'rubric_frist'"),
        ("prompt: {item_first: a, rubric_frist: b}", "the known keys are item_first, rubric_first"),
        ("prompt: {item_first: a}", "'prompt.rubric_first' is missing; give both layouts, or one text"),
        ("prompt: {item_first: '', rubric_first: b}", "'prompt.item_first' is missing"),
        ("prompt: {item_first: a, rubric_first: '{{respones}}'}", "'prompt.rubric_first' asks for '{{respones}}'"),
        ("prompt: [a, b]", "'prompt'"),
        ("prompt: a\nlayout: item_first", "'layout' names one of two layouts, but 'prompt' is one text"),
        (both + "\nlayout: criterion_first", "'layout' is 'criterion_first'; use one of item_first, rubric_first"),
    ])
    func `what is wrong with layouts is named`(prompt: String, message: String) {
        let error = #expect(throws: AssizeJudgesError.self) { try recipe(prompt) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func `a pinned recipe can't be asked for a layout`() throws {
        let settings = try Samples.settings("prometheus-absolute", layout: .rubricFirst)
        #expect(settings.problem?.contains("'prometheus-absolute' pins its prompt") == true)
        #expect(throws: AssizeJudgesError.self) { try settings.makeProtocol() }
        #expect(try Samples.settings("assize-pointwise", layout: .rubricFirst).problem == nil)
    }

    @Test(arguments: ["assize-pointwise", "assize-pairwise"])
    func `the layouts ask the same of the model but for the order`(recipe: String) throws {
        let isPair = recipe == "assize-pairwise"
        let item = isPair ? Samples.pair(reference: "r") : Samples.single(reference: "r", context: "c")
        let first = try Samples.settings(recipe, layout: .itemFirst).makeProtocol().plan(item)
        let second = try Samples.settings(recipe, layout: .rubricFirst).makeProtocol().plan(item)
        #expect(first == (try Samples.settings(recipe).makeProtocol().plan(item)))
        #expect(first.asks.count == second.asks.count)
        for (left, right) in zip(first.asks, second.asks) {
            #expect(left.ask.messages != right.ask.messages)
            #expect(left.ask.format == right.ask.format)
            #expect(left.ask.seed == right.ask.seed)
            let endings = [left, right].map { $0.ask.messages.last?.content.split(separator: "\n").last }
            #expect(endings[0] == endings[1])
        }
    }

    @Test func `with the rubric first, items share everything before their instruction`() throws {
        let judging = try Samples.settings("assize-pointwise", layout: .rubricFirst).makeProtocol()
        let items = [
            Item(id: "1", instruction: "One.", candidates: [Candidate(text: "a")]),
            Item(id: "2", instruction: "Two.", context: "c", candidates: [Candidate(text: "b")], reference: "r"),
        ]
        let prompts = try items.map { try #require(judging.plan($0).asks.first?.ask.messages.last?.content) }
        let beginnings = try zip(prompts, items)
            .map { prompt, item in
                String(prompt[..<(try #require(prompt.firstRange(of: item.instruction))).lowerBound])
            }
        #expect(beginnings[0] == beginnings[1])
        #expect(beginnings[0].contains("5: Fully right, complete and clear."))
    }
}
