/// The probability of every complete label of a scale.
public struct LabelDistribution: Sendable, Hashable, Codable {
    /// The labels, in the scale's order.
    public let labels: [String]
    /// One probability a label, summing to 1.
    public let probabilities: [Double]
    /// The share of the model's whole probability that fell on the labels before it was normalised, from 0 to 1.
    ///
    /// A low value says that the model would rather have written something else.
    public let mass: Double

    /// Normalises the probabilities of the labels.
    ///
    /// - Parameters:
    ///   - labels: The labels, at least one.
    ///   - weights: One non-negative probability a label, as the model gives it, not normalised. When all are zero the
    ///     distribution is even and its mass 0.
    public init(labels: [String], weights: [Double]) {
        precondition(!labels.isEmpty && labels.count == weights.count, "one weight a label")
        let total = weights.reduce(0, +)
        self.labels = labels
        mass = min(total, 1)
        probabilities = total > 0 ? weights.map { $0 / total } : labels.map { _ in 1 / Double(labels.count) }
    }

    /// The probability of one label; 0 for a label that is not there.
    public subscript(label: String) -> Double {
        labels.firstIndex(of: label).map { probabilities[$0] } ?? 0
    }

    /// The most probable label; the first of them when several are equal.
    public var mostProbable: String {
        var best = 0
        for index in probabilities.indices where probabilities[index] > probabilities[best] { best = index }
        return labels[best]
    }

    /// The mean of several distributions over the same labels; its mass is their mean mass.
    public static func mean(of distributions: [LabelDistribution]) -> LabelDistribution? {
        guard let first = distributions.first, distributions.allSatisfy({ $0.labels == first.labels }) else {
            return nil
        }
        let count = Double(distributions.count)
        let weights = first.labels.indices.map { index in
            distributions.reduce(0) { $0 + $1.probabilities[index] } / count
        }
        let mass = distributions.reduce(0) { $0 + $1.mass } / count
        return LabelDistribution(labels: first.labels, weights: weights.map { $0 * mass })
    }

    /// The mean score, where the labels have scores; `nil` where one has none.
    public func expectedScore(on scale: Scale) -> Double? {
        var sum = 0.0
        for (label, probability) in zip(labels, probabilities) {
            guard let score = scale.score(of: label) else { return nil }
            sum += score * probability
        }
        return sum
    }
}

extension LabelDistribution {
    /// The label at a point of the cumulative distribution: drawing a label is calling this with an even draw from [0, 1).
    public func draw(at point: Double) -> String {
        var cumulative = 0.0
        for (label, probability) in zip(labels, probabilities) {
            cumulative += probability
            if point < cumulative { return label }
        }
        return mostProbable
    }

    /// The distribution at another temperature: each probability to the power of 1 / `temperature`, normalised.
    ///
    /// At 0 all of it falls on the most probable label.
    public func tempered(_ temperature: Double) -> LabelDistribution {
        guard temperature != 1 else { return self }
        guard temperature > 0 else {
            let best = mostProbable
            return LabelDistribution(labels: labels, weights: labels.map { $0 == best ? 1 : 0 })
        }
        let highest = probabilities.max() ?? 1
        return LabelDistribution(
            labels: labels,
            weights: probabilities.map { Double.power($0 / highest, 1 / temperature) }
        )
    }
}
