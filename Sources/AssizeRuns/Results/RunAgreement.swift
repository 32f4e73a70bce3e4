public import AssizeCore
public import AssizeMetrics
public import AssizeStore

/// How well a run's verdicts agree with the gold labels that its items carried.
///
/// Failed judgments are counted, and left out of the figures: they are no verdicts.
public struct RunAgreement: Sendable, Hashable {
    /// A figure with its 95% percentile-bootstrap interval over items.
    public struct Figure: Sendable, Hashable {
        /// The figure over all items.
        public let value: Double
        /// `nil` when there are too few or too many items for one.
        public let interval: Interval?
    }

    /// Items with a numeric gold label and a scored verdict.
    public private(set) var scored = 0
    /// Pearson's correlation of the expected score (the label's score where no probabilities are known) with the gold score.
    public private(set) var pearson: Figure?
    /// Spearman's correlation of the same.
    public private(set) var spearman: Figure?
    /// Pairs with a gold choice and a verdict.
    public private(set) var compared = 0
    /// The share of pairs whose verdict is the gold choice, ties included.
    public private(set) var accuracy: Figure?
    /// Pairs whose gold choice is no tie.
    public private(set) var comparedWithoutTies = 0
    /// The same over pairs whose gold choice is no tie; `nil` when none is one.
    public private(set) var accuracyWithoutTies: Figure?
    /// Pairs asked in both orders.
    public private(set) var bothOrders = 0
    /// The share of them where both orders chose the same candidate.
    public private(set) var orderConsistency: Figure?
    /// Failed judgments.
    public private(set) var failed = 0
    /// All judgments.
    public private(set) var judgments = 0

    private static let intervalLimit = 20_000
    private static let resamples = 2_000

    /// Reads a run's judgments.
    ///
    /// It keeps two numbers an item that has a gold label. The seed is that of the intervals' resampling.
    ///
    /// - Throws: ``AssizeStoreError`` when the store can't be read.
    public init(run: RunID, of store: RunStore, seed: UInt64) async throws {
        var predicted: [Double] = []
        var gold: [Double] = []
        var hits: [Bool] = []
        var hitsWithoutTies: [Bool] = []
        var agreed: [Bool] = []
        var failures = 0
        var count = 0
        try await store.forEachJudgment(of: run) { stored in
            count += 1
            if stored.kind == .failed { failures += 1 }
            guard stored.kind == .scored || stored.kind == .preferred else { return }
            let judgment = try stored.judgment()
            switch (judgment.verdict, judgment.gold) {
            case (.scored(_, let score, let expected), .score(let label)?):
                predicted.append(expected ?? score)
                gold.append(label)
            case (.preferred(let choice, _, _), .choice(let label)?):
                hits.append(choice == label)
                if label != .tie { hitsWithoutTies.append(choice == label) }
            default:
                break
            }
            if case .preferred(_, _, let consistent?) = judgment.verdict { agreed.append(consistent) }
        }
        judgments = count
        failed = failures
        scored = predicted.count
        compared = hits.count
        comparedWithoutTies = hitsWithoutTies.count
        bothOrders = agreed.count
        let (x, y) = (predicted, gold)
        pearson = RunAgreement.figure(x.count, seed) { Correlation.pearson($0.map { x[$0] }, $0.map { y[$0] }) }
        spearman = RunAgreement.figure(x.count, seed) { Correlation.spearman($0.map { x[$0] }, $0.map { y[$0] }) }
        accuracy = RunAgreement.share(hits, seed)
        accuracyWithoutTies = hitsWithoutTies.count < hits.count ? RunAgreement.share(hitsWithoutTies, seed) : nil
        orderConsistency = RunAgreement.share(agreed, seed)
    }

    private static func share(_ outcomes: [Bool], _ seed: UInt64) -> Figure? {
        figure(outcomes.count, seed) { indices in
            indices.isEmpty ? nil : Double(indices.count { outcomes[$0] }) / Double(indices.count)
        }
    }

    private static func figure(_ count: Int, _ seed: UInt64, _ statistic: ([Int]) -> Double?) -> Figure? {
        guard count > 0, let value = statistic(Array(0..<count)) else { return nil }
        let interval =
            count > 2 && count <= intervalLimit
            ? Bootstrap.percentileInterval(of: count, resamples: resamples, seed: seed, statistic: statistic) : nil
        return Figure(value: value, interval: interval)
    }
}
