import Foundation

/// What single answers cost that are only known to be wanted or not: KTO (arXiv 2402.01306).
public struct UnpairedLoss: Hashable, Sendable, Codable {
    /// How strongly the reference is held to.
    public let beta: Double
    /// The weight of wanted answers.
    public let desirableWeight: Double
    /// The weight of unwanted answers.
    public let undesirableWeight: Double

    /// Creates a loss.
    ///
    /// - Throws: ``AssizeTrainingError`` for numbers out of range.
    public init(beta: Double = 0.1, desirableWeight: Double = 1, undesirableWeight: Double = 1)
        throws(AssizeTrainingError)
    {
        guard beta > 0, beta.isFinite, desirableWeight >= 0, undesirableWeight >= 0 else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message:
                    "beta is \(beta), the weights are \(desirableWeight) and \(undesirableWeight); beta must be above 0, weights 0 or more"
            )
        }
        self.beta = beta
        self.desirableWeight = desirableWeight
        self.undesirableWeight = undesirableWeight
    }

    /// How far the policy has gone from the reference: the mean log-ratio of answers that belong to other prompts, at least 0.
    ///
    /// - Parameter ratios: `log pi - log ref` of each mismatched answer.
    /// - Returns: The divergence.
    public static func divergence(_ ratios: [Double]) -> Double {
        ratios.isEmpty ? 0 : max(0, ratios.reduce(0, +) / Double(ratios.count))
    }

    /// The cost of one answer and its derivative by the policy's sum; `divergence` is held fixed.
    public func cost(policy: Double, reference: Double, isDesirable: Bool, divergence: Double) -> (
        loss: Double, slope: Double
    ) {
        let ratio = policy - reference
        let z = isDesirable ? beta * (ratio - divergence) : beta * (divergence - ratio)
        let probability = z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z))
        let weight = isDesirable ? desirableWeight : undesirableWeight
        let slope = -weight * beta * probability * (1 - probability)
        return (weight * (1 - probability), isDesirable ? slope : -slope)
    }
}
