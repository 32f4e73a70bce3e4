import AssizeCore
import AssizeJudges
import AssizeScripted
import Testing

struct PairwiseJudgingTests {
    /// Judges a pair; the script gets the ask and whether the candidates are shown swapped.
    private func judge(
        _ item: Item = Samples.pair(),
        recipe: Recipe? = nil,
        orders: Recipe.Orders? = nil,
        samples: Int = 1,
        script: @escaping @Sendable (Ask, _ isSwapped: Bool) throws(LanguageModelError) -> Answer
    ) async throws -> Judgment {
        let settings = JudgingSettings(
            recipe: try recipe ?? RecipeLibrary.recipe(named: "assize-pairwise"),
            samples: samples,
            orders: orders,
            sampling: samples > 1 ? Sampling(temperature: 1) : nil
        )
        let judging = try settings.makeProtocol()
        let plan = judging.plan(item)
        let model = ScriptedModel { (ask) throws(LanguageModelError) in
            try script(ask, plan.asks.first { $0.ask == ask }?.order == .swapped)
        }
        let judgments = try await judging.judge(item, with: model)
        return try #require(judgments.first)
    }

    private static let tied = Rubric(criteria: [Criterion(name: "c", text: "?", scale: .choice(tie: true))])

    @Test func `both orders are averaged in the row's own order`() async throws {
        // Forward A 0.9; swapped the first shown (the row's B) has 0.4, so the row's A 0.6.
        let judgment = try await judge { ask, isSwapped in
            Samples.answer(
                isSwapped ? "B" : "A",
                ask,
                weights: isSwapped ? [0.4, 0.6] : [0.9, 0.1],
                rationale: isSwapped ? "second" : "first"
            )
        }
        guard case .preferred(.a, let probability?, true) = judgment.verdict else {
            Issue.record("\(judgment.verdict)")
            return
        }
        #expect(abs(probability - 0.75) < 1e-12)
        #expect(abs((judgment.probabilities?["B"] ?? 0) - 0.25) < 1e-12)
        #expect(judgment.samples.map(\.order) == [.forward, .swapped])
        #expect(
            judgment.samples.map(\.verdict) == [
                .preferred(choice: .a, probability: 0.9, consistent: nil),
                .preferred(choice: .a, probability: 0.6, consistent: nil),
            ]
        )
        #expect(judgment.samples[1].probabilities == ["A": 0.6, "B": 0.4])
        #expect(judgment.samples[1].rationale == "second")
        #expect(judgment.rationale == "first")
    }

    @Test func `orders that differ are inconsistent and the higher mean wins, or they tie where the recipe says so`()
        async throws
    {
        let script: @Sendable (Ask, Bool) throws(LanguageModelError) -> Answer = { ask, isSwapped in
            Samples.answer("A", ask, weights: isSwapped ? [0.6, 0.4] : [0.9, 0.1])
        }
        // The row's A: 0.9 forward, 0.4 swapped.
        guard case .preferred(.a, let probability?, false) = try await judge(script: script).verdict else {
            Issue.record("not the mean")
            return
        }
        #expect(abs(probability - 0.65) < 1e-12)
        let yaml = try RecipeLibrary.recipe(named: "assize-pairwise").yaml
            .replacing("combination: mean", with: "combination: tie")
        let tie = try await judge(recipe: Recipe(yaml: yaml), script: script)
        #expect(tie.verdict == .preferred(choice: .tie, probability: nil, consistent: false))
    }

    @Test func `a model that always prefers the first place makes a tie`() async throws {
        let judgment = try await judge { ask, _ in Samples.answer("A", ask, weights: [0.7, 0.3]) }
        #expect(judgment.verdict == .preferred(choice: .tie, probability: nil, consistent: false))
        #expect(judgment.probabilities == ["A": 0.5, "B": 0.5])
    }

    @Test func `one order is the row's and says nothing of consistency`() async throws {
        let judgment = try await judge(orders: .one) { ask, _ in Samples.answer("B", ask, weights: [0.25, 0.75]) }
        #expect(judgment.verdict == .preferred(choice: .b, probability: 0.75, consistent: nil))
        #expect(judgment.samples.map(\.order) == [.forward])
    }

    @Test func `a tie is a label where the criterion allows it`() async throws {
        let judgment = try await judge(Samples.pair(rubric: Self.tied)) { ask, isSwapped in
            Samples.answer("Tie", ask, weights: isSwapped ? [0.25, 0, 0.75] : [0, 0.25, 0.75])
        }
        #expect(judgment.verdict == .preferred(choice: .tie, probability: 0.75, consistent: true))
        #expect(judgment.probabilities == ["A": 0, "B": 0.25, "Tie": 0.75])
    }

    @Test func `each order counts the same however many of its samples failed`() async throws {
        let judgment = try await judge(samples: 2) { (ask, isSwapped) throws(LanguageModelError) in
            if isSwapped { return Samples.answer("A", ask, weights: [0.75, 0.25]) }
            guard ask.sample == 0 else { throw LanguageModelError(code: .unparsed, message: "nothing", raw: "Hm") }
            return Samples.answer("A", ask, weights: [1, 0])
        }
        // Row's A: forward 1 (one sample), swapped 0.25 (two samples).
        #expect(judgment.verdict == .preferred(choice: .a, probability: 0.625, consistent: false))
        #expect(judgment.samples.filter(\.verdict.isFailure).count == 1)
    }

    @Test func `when one order failed altogether so has the judgment`() async throws {
        let judgment = try await judge { (ask, isSwapped) throws(LanguageModelError) in
            guard !isSwapped else { throw LanguageModelError(code: .refused, message: "declined") }
            return Samples.answer("A", ask, weights: [0.9, 0.1])
        }
        #expect(judgment.verdict == .failed(.refusal, raw: "declined"))
        #expect(judgment.samples.count == 2 && judgment.probabilities == nil)
    }

    @Test func `without probabilities the samples vote, and no probability is claimed`() async throws {
        let judgment = try await judge { ask, isSwapped in Samples.answer(isSwapped ? "A" : "B", ask) }
        #expect(judgment.verdict == .preferred(choice: .b, probability: nil, consistent: true))
        #expect(judgment.probabilities == nil)
    }

    @Test(arguments: 0..<40)
    func `swapping the candidates and the model's taste with them swaps the verdict`(seed: Int) async throws {
        // A judge with a taste for texts and a bias for places, both drawn from the seed.
        let taste: @Sendable (Ask, Bool) throws(LanguageModelError) -> Answer = { ask, isSwapped in
            var generator = SplitMix64(seed: UInt64(seed) &* 4 &+ (isSwapped ? 1 : 0))
            let first = generator.nextUnit()
            let tie = seed.isMultiple(of: 2) ? [] : [generator.nextUnit() * (1 - first)]
            let weights = [first, 1 - first - tie.reduce(0, +)] + tie
            let best = LabelDistribution(labels: ask.format.labels, weights: weights).mostProbable
            return Samples.answer(best, ask, weights: weights)
        }
        let item = Samples.pair(rubric: seed.isMultiple(of: 2) ? nil : Self.tied)
        var mirrored = item
        mirrored.candidates.reverse()
        let judgment = try await judge(item, script: taste)
        // What the mirrored row shows forward is what the row shows swapped.
        let mirror = try await judge(mirrored) { (ask, isSwapped) throws(LanguageModelError) in
            try taste(ask, !isSwapped)
        }
        guard case .preferred(let choice, let probability, let consistent) = judgment.verdict,
            case .preferred(let other, let otherProbability, let otherConsistent) = mirror.verdict
        else {
            Issue.record("no preference")
            return
        }
        #expect(choice == other.swapped)
        #expect(probability == otherProbability)
        #expect(consistent == otherConsistent)
        #expect(judgment.probabilities?["A"] == mirror.probabilities?["B"])
    }
}
