import AssizeCore
import AssizeJudges
import Testing

/// What prompts begin with, part by part.
struct BeginningsTests {
    private static let rubrics = [Samples.twoCriteria, Rubric(criteria: [Samples.twoCriteria.criteria[1]])]

    private func item(
        instruction: String = "i",
        context: String? = nil,
        response: String = "a",
        reference: String? = nil,
        rubric: Rubric = rubrics[0]
    ) -> Item {
        Item(
            id: "x",
            instruction: instruction,
            context: context,
            candidates: [Candidate(text: response)],
            reference: reference,
            rubric: rubric
        )
    }

    /// How many parts two items share before they differ.
    private func shared(_ left: Item, _ right: Item, _ layout: Recipe.Layout?, recipe: String = "assize-pointwise")
        throws -> Int
    {
        let settings = try Samples.settings(recipe, layout: layout)
        return zip(settings.beginnings(of: left), settings.beginnings(of: right)).prefix { $0 == $1 }.count
    }

    @Test func `with the rubric first, items share by rubric, then instruction, context, response and reference`()
        throws
    {
        let base = item(context: "c", reference: "r")
        let others = [
            item(context: "c", reference: "r", rubric: Self.rubrics[1]),
            item(instruction: "j", context: "c", reference: "r"),
            item(context: "d", reference: "r"),
            item(context: "c", response: "b", reference: "r"),
            item(context: "c", reference: "s"),
            base,
        ]
        let counts = try others.map { try shared(base, $0, .rubricFirst) }
        #expect(counts == counts.sorted())
        #expect(Set(counts).count == counts.count)
        #expect(counts.first == 0)
    }

    @Test func `with the item first, they share by instruction, context, response and reference, then rubric`() throws {
        let base = item(context: "c", reference: "r")
        let others = [
            // The task's first sentence says whether there is a reference.
            item(context: "c"),
            item(instruction: "j", context: "c", reference: "r"),
            item(context: "d", reference: "r"),
            item(context: "c", response: "b", reference: "r"),
            item(context: "c", reference: "s"),
            item(context: "c", reference: "r", rubric: Self.rubrics[1]),
        ]
        let counts = try others.map { try shared(base, $0, .itemFirst) }
        #expect(counts == counts.sorted())
        #expect(Set(counts).count == counts.count)
        #expect(counts.first == 0)
    }

    @Test func `a pinned prompt tells its order itself`() throws {
        let other = item(rubric: Self.rubrics[1])
        let all = try shared(item(), item(), nil, recipe: "prometheus-absolute")
        #expect(try shared(item(), other, nil, recipe: "prometheus-absolute") == all - 1)
        #expect(try shared(item(), item(instruction: "j"), nil, recipe: "prometheus-absolute") < all - 1)
    }

    @Test func `a blank reference begins as none does`() throws {
        let settings = try Samples.settings("assize-pointwise", layout: .itemFirst)
        #expect(settings.beginnings(of: item(reference: " \n")).first == settings.beginnings(of: item()).first)
    }
}
