public import AssizeCore

/// A way of judging items: which asks it takes, and what their answers come to.
///
/// Planning and reading are pure, so that a run can be counted before it is paid for, and read anew without a model.
public protocol JudgingProtocol: Sendable {
    /// What it was made from.
    var settings: JudgingSettings { get }

    /// All asks about an item. What can't be asked is a problem of its part, never an error.
    func plan(_ item: Item) -> JudgingPlan

    /// Reads the answers.
    ///
    /// - Parameters:
    ///   - plan: What was asked.
    ///   - results: One result an ask, in the plan's order.
    ///   - judge: Who answered.
    /// - Returns: One judgment a criterion, in the rubric's order.
    func judgments(
        of plan: JudgingPlan,
        from results: [Result<Answer, LanguageModelError>],
        by judge: ModelIdentity
    ) -> [Judgment]
}

extension JudgingProtocol {
    /// Judges an item: submits all its asks at once, and reads the answers.
    ///
    /// - Parameters:
    ///   - item: The item.
    ///   - model: Who judges; it decides itself how many asks it works on at a time.
    /// - Returns: One judgment a criterion, in the rubric's order. What went wrong is a failed verdict.
    /// - Throws: `CancellationError` when the task is cancelled; nothing of the item is judged then.
    public func judge(_ item: Item, with model: any LanguageModel) async throws(CancellationError) -> [Judgment] {
        let plan = plan(item)
        let results = await answers(to: plan, from: model)
        let errors = results.compactMap { result in
            if case .failure(let error) = result { error } else { nil }
        }
        // An engine may name the end of a cancelled task otherwise; either way it says nothing about the item.
        if errors.contains(where: { $0.code == .cancelled }) || (Task.isCancelled && !errors.isEmpty) {
            throw CancellationError()
        }
        return judgments(of: plan, from: results, by: model.identity)
    }

    /// Submits all asks of a plan at once; one result an ask, in the plan's order.
    private func answers(
        to plan: JudgingPlan,
        from model: any LanguageModel
    ) async -> [Result<Answer, LanguageModelError>] {
        // Swift 6.3.1 miscompiles a task group over tuples with a typed-throwing call inside: hence the named pieces.
        await withTaskGroup(of: Reply.self) { group in
            for index in plan.asks.indices {
                let ask = plan.asks[index].ask
                group.addTask { Reply(index: index, result: await Self.result(of: ask, from: model)) }
            }
            var results = [Result<Answer, LanguageModelError>?](repeating: nil, count: plan.asks.count)
            for await reply in group {
                results[reply.index] = reply.result
                if case .failure(let error) = reply.result, error.code == .cancelled { group.cancelAll() }
            }
            return results.compactMap { $0 }
        }
    }

    private static func result(of ask: Ask, from model: any LanguageModel) async -> Result<Answer, LanguageModelError> {
        do {
            return .success(try await model.answer(ask))
        } catch {
            return .failure(error)
        }
    }

    /// The judgment of one part of a plan; the outcome's verdict does not count when the part has a problem.
    func judgment(
        of part: JudgingPlan.Part,
        in plan: JudgingPlan,
        samples: [Sample],
        by judge: ModelIdentity,
        outcome: Outcome
    ) -> Judgment {
        Judgment(
            id: plan.item.id,
            criterion: part.criterion.name,
            recipe: settings.recipe.name,
            verdict: part.problem.map { .failed(.unsuitable, raw: $0) } ?? outcome.verdict,
            probabilities: outcome.probabilities,
            rationale: outcome.rationale,
            samples: samples,
            usage: samples.reduce(Usage()) { $0 + $1.usage },
            judge: judge,
            seed: settings.seed,
            gold: plan.item.gold
        )
    }
}

/// What the samples of one criterion came to.
struct Outcome {
    var verdict: Verdict
    var probabilities: [String: Double]?
    var rationale: String?

    /// The first failure among samples that all failed.
    static func failure(of samples: [Sample]) -> Outcome {
        Outcome(
            verdict: samples.first { $0.verdict.isFailure }?.verdict
                ?? .failed(.unparsed, raw: "no sample was asked for")
        )
    }
}

/// The result of one ask of a plan.
private struct Reply: Sendable {
    let index: Int
    let result: Result<Answer, LanguageModelError>
}
