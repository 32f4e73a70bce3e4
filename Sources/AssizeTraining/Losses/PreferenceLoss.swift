import Foundation

/// What a preferred and a rejected answer to one prompt cost, as a function of their log-probabilities.
public struct PreferenceLoss: Hashable, Sendable, Codable {
    /// The formula. With `d = (log pi(c) - log ref(c)) - (log pi(r) - log ref(r))`:
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// DPO (arXiv 2305.18290): `-log sigmoid(beta d)`; with label smoothing e the conservative one,
        /// `-(1 - e) log sigmoid(beta d) - e log sigmoid(-beta d)`.
        case sigmoid
        /// DPO that stays unbiased when a share e of the labels is wrong (arXiv 2403.00409).
        case robust
        /// `max(0, 1 - beta d)` (arXiv 2305.10425).
        case hinge
        /// IPO (arXiv 2310.12036): `(d - 1 / (2 beta))^2`, each answer's term divided by its count of tokens.
        case ipo
        /// As `sigmoid`, each answer's term divided by its count of tokens.
        case normalized
    }

    /// The formula.
    public let kind: Kind
    /// How strongly the reference is held to; 0.1 is usual, higher for `normalized`.
    public let beta: Double
    /// The share of labels that are thought to be wrong, in 0..<0.5; `sigmoid`, `robust` and `normalized` use it.
    public let labelSmoothing: Double
    /// The weight of the chosen answers' own negative log-likelihood a token (arXiv 2404.19733); 0 leaves it out.
    public let likelihoodWeight: Double

    /// Creates a loss.
    ///
    /// - Throws: ``AssizeTrainingError`` for numbers out of range.
    public init(kind: Kind = .sigmoid, beta: Double = 0.1, labelSmoothing: Double = 0, likelihoodWeight: Double = 0)
        throws(AssizeTrainingError)
    {
        guard beta > 0, beta.isFinite else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message: "beta is \(beta); it must be above 0, 0.1 is usual"
            )
        }
        guard (0..<0.5).contains(labelSmoothing) else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message: "label smoothing is \(labelSmoothing); it must be at least 0 and below 0.5"
            )
        }
        guard labelSmoothing == 0 || [.sigmoid, .robust, .normalized].contains(kind) else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message: "the loss '\(kind.rawValue)' knows no label smoothing; use sigmoid, robust or normalized"
            )
        }
        guard likelihoodWeight >= 0, likelihoodWeight.isFinite else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message: "the likelihood's weight is \(likelihoodWeight); it must be 0 or more"
            )
        }
        self.kind = kind
        self.beta = beta
        self.labelSmoothing = labelSmoothing
        self.likelihoodWeight = likelihoodWeight
    }

    /// An answer's log-probabilities, summed over its tokens.
    public struct Sums: Hashable, Sendable {
        /// By the model in training.
        public let policy: Double
        /// By the model that training began with.
        public let reference: Double
        /// Tokens of the answer.
        public let tokens: Int

        /// Creates sums.
        public init(policy: Double, reference: Double, tokens: Int) {
            self.policy = policy
            self.reference = reference
            self.tokens = tokens
        }
    }

    /// What one pair costs, and how the cost changes with the policy's two sums; the likelihood's term is not in it.
    public struct Cost: Hashable, Sendable {
        /// The loss.
        public let loss: Double
        /// The derivative by the chosen answer's sum.
        public let chosenSlope: Double
        /// The derivative by the rejected answer's sum.
        public let rejectedSlope: Double
    }

    /// The cost of a pair.
    public func cost(chosen: Sums, rejected: Sums) -> Cost {
        let isNormalized = kind == .ipo || kind == .normalized
        let chosenShare = isNormalized ? 1 / Double(max(1, chosen.tokens)) : 1
        let rejectedShare = isNormalized ? 1 / Double(max(1, rejected.tokens)) : 1
        let difference =
            (chosen.policy - chosen.reference) * chosenShare - (rejected.policy - rejected.reference) * rejectedShare
        let (loss, slope) = cost(of: difference)
        return Cost(loss: loss, chosenSlope: slope * chosenShare, rejectedSlope: -slope * rejectedShare)
    }

    /// The loss and its derivative by the difference.
    private func cost(of difference: Double) -> (Double, Double) {
        let z = beta * difference
        // -log sigmoid(z) and its derivative's size, without overflow.
        let straight = z > 0 ? log1p(exp(-z)) : log1p(exp(z)) - z
        let wrong = z > 0 ? exp(-z) / (1 + exp(-z)) : 1 / (1 + exp(z))
        let flipped = straight + z
        let right = 1 - wrong
        switch kind {
        case .sigmoid, .normalized:
            let e = labelSmoothing
            return ((1 - e) * straight + e * flipped, beta * (e * right - (1 - e) * wrong))
        case .robust:
            let e = labelSmoothing
            return (
                ((1 - e) * straight - e * flipped) / (1 - 2 * e),
                beta * (-(1 - e) * wrong - e * right) / (1 - 2 * e)
            )
        case .hinge:
            return z < 1 ? (1 - z, -beta) : (0, 0)
        case .ipo:
            let distance = difference - 1 / (2 * beta)
            return (distance * distance, 2 * distance)
        }
    }
}
