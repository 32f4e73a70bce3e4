/// Turns log-probabilities into a step's loss and the weight of each target in its gradient.
struct StepLoss {
    let objective: Objective
    let totals: StepTotals
    /// By row; empty when the objective needs none.
    let references: [Int: ReferenceSums]

    /// What a pack adds to its step.
    struct Contribution {
        /// The pack's part of the step's loss: the parts of all packs add up to it.
        var loss = 0.0
        /// The derivative of the loss by each target's log-probability.
        var weights: [Float]
        /// What is shown beside the loss.
        var rewards = RewardSums()
    }

    /// Measures one pack.
    func contribution(of step: StepPack, logProbabilities: [Float]) -> Contribution {
        var result = Contribution(weights: [Float](repeating: 0, count: logProbabilities.count))
        for item in step.items { add(item, logProbabilities, to: &result) }
        return result
    }

    private func add(_ item: StepPack.Item, _ values: [Float], to result: inout Contribution) {
        func sum(_ range: Range<Int>) -> Double { values[range].reduce(0) { $0 + Double($1) } }
        func spread(_ slope: Double, over range: Range<Int>) {
            for place in range { result.weights[place] += Float(slope) }
        }
        switch (item, objective) {
        case (.text(_, let range), .fineTuning):
            let share = 1 / Double(max(1, totals.tokens))
            result.loss -= sum(range) * share
            spread(-share, over: range)
        case (.preference(let row, let chosen, let rejected), .preference(let loss)):
            let (policyChosen, policyRejected) = (sum(chosen), sum(rejected))
            let reference = self.reference(row)
            let cost = loss.cost(
                chosen: .init(policy: policyChosen, reference: reference.first, tokens: chosen.count),
                rejected: .init(policy: policyRejected, reference: reference.second, tokens: rejected.count)
            )
            let share = 1 / Double(max(1, totals.pairs))
            result.loss += cost.loss * share
            spread(cost.chosenSlope * share, over: chosen)
            spread(cost.rejectedSlope * share, over: rejected)
            if loss.likelihoodWeight > 0 {
                let share = loss.likelihoodWeight / Double(max(1, totals.chosenTokens))
                result.loss -= policyChosen * share
                spread(-share, over: chosen)
            }
            result.rewards.add(
                chosen: loss.beta * (policyChosen - reference.first),
                rejected: loss.beta * (policyRejected - reference.second)
            )
        case (.judged(let row, let range, let isDesirable), .unpaired(let loss)):
            let policy = sum(range)
            let reference = self.reference(row).first
            let cost = loss.cost(
                policy: policy,
                reference: reference,
                isDesirable: isDesirable,
                divergence: totals.divergence
            )
            let share = 1 / Double(max(1, totals.answers))
            result.loss += cost.loss * share
            spread(cost.slope * share, over: range)
            result.rewards.add(loss.beta * (policy - reference), isDesirable: isDesirable)
        default: preconditionFailure("rows of another kind than the objective were refused before")
        }
    }

    private func reference(_ row: Int) -> ReferenceSums {
        guard let sums = references[row] else { preconditionFailure("references are computed before training") }
        return sums
    }
}

/// Sums of implicit rewards, `beta (log pi - log ref)`.
struct RewardSums: Hashable, Sendable {
    private(set) var chosen = 0.0
    private(set) var chosenCount = 0
    private(set) var rejected = 0.0
    private(set) var rejectedCount = 0
    /// Pairs whose chosen answer has the higher reward.
    private(set) var won = 0
    private(set) var pairs = 0

    mutating func add(chosen: Double, rejected: Double) {
        add(chosen, isDesirable: true)
        add(rejected, isDesirable: false)
        pairs += 1
        if chosen > rejected { won += 1 }
    }

    mutating func add(_ reward: Double, isDesirable: Bool) {
        if isDesirable {
            chosen += reward
            chosenCount += 1
        } else {
            rejected += reward
            rejectedCount += 1
        }
    }

    mutating func add(_ other: RewardSums) {
        chosen += other.chosen
        chosenCount += other.chosenCount
        rejected += other.rejected
        rejectedCount += other.rejectedCount
        won += other.won
        pairs += other.pairs
    }

    /// The means, where there is something to take them over.
    var summary: RewardSummary? {
        guard chosenCount + rejectedCount > 0 else { return nil }
        return RewardSummary(
            chosen: chosenCount > 0 ? chosen / Double(chosenCount) : nil,
            rejected: rejectedCount > 0 ? rejected / Double(rejectedCount) : nil,
            accuracy: pairs > 0 ? Double(won) / Double(pairs) : nil
        )
    }
}

/// Means of implicit rewards, `beta (log pi - log ref)`.
public struct RewardSummary: Hashable, Sendable, Codable {
    /// Of chosen or wanted answers.
    public let chosen: Double?
    /// Of rejected or unwanted answers.
    public let rejected: Double?
    /// The share of pairs whose chosen answer has the higher reward.
    public let accuracy: Double?

    /// How far the chosen answers' mean lies above the rejected ones'.
    public var margin: Double? {
        guard let chosen, let rejected else { return nil }
        return chosen - rejected
    }
}
