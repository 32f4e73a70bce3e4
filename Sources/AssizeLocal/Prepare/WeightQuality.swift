/// How far a file of weights is from the file it was made of, on judging prompts.
package struct WeightQuality: Sendable, Hashable {
    /// The mean Kullback-Leibler divergence of the next-token distribution from the original's, in nats.
    package let meanDivergence: Double
    /// The share of prompts whose most probable label is the original's.
    package let labelAgreement: Double
    /// The share of prompts whose most probable label is the original's or one that the original held to be as good:
    /// its probability of the two differs by less than ``tie``.
    package let nearAgreement: Double
    /// The mean absolute difference of the expected score; `nil` where no label is a number.
    package let scoreDifference: Double?
    /// Prompts that were compared.
    package let prompts: Int
    /// Next-token distributions that were compared.
    package let positions: Int

    /// Labels closer than this in probability are a tie, which the last digits of a computation decide.
    package static let tie = 0.05
    /// A format is recommended only with at least this agreement, ties granted.
    package static let leastAgreement = 0.9
    /// A format is recommended only with at most this divergence: what a good 4-bit file costs.
    package static let mostDivergence = 0.1

    /// Puts figures together.
    package init(
        meanDivergence: Double,
        labelAgreement: Double,
        nearAgreement: Double,
        scoreDifference: Double?,
        prompts: Int,
        positions: Int
    ) {
        self.meanDivergence = meanDivergence
        self.labelAgreement = labelAgreement
        self.nearAgreement = nearAgreement
        self.scoreDifference = scoreDifference
        self.prompts = prompts
        self.positions = positions
    }

    /// Whether judgments stay what they were, as far as these prompts tell.
    package var isGoodEnough: Bool {
        nearAgreement >= WeightQuality.leastAgreement && meanDivergence <= WeightQuality.mostDivergence
    }
}
