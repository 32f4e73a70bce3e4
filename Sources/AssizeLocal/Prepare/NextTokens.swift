/// The tokens that may come next, with their log-probabilities; the improbable ones as one.
///
/// A whole row of a large vocabulary takes half a megabyte; what has a probability of 1e-6 or more is a few hundred tokens.
struct NextTokens: Sendable, Hashable {
    /// Tokens below this probability count together.
    static let leastProbability = 1e-6

    private let tokens: [Vocabulary.Token]
    private let logProbabilities: [Double]
    /// The probability of all other tokens together.
    private let rest: Double

    /// Reads a row of logits; `nil` when it holds no distribution.
    init?(_ logits: UnsafeMutableBufferPointer<Float>) {
        guard let row = unsafe LogitRow(logits, temperature: 1) else { return nil }
        let normaliser = Double(row.maximum) + Double.logarithm(row.total)
        let least = Float(normaliser + Double.logarithm(NextTokens.leastProbability))
        var tokens: [Vocabulary.Token] = []
        var logProbabilities: [Double] = []
        for index in 0..<logits.count {
            let logit = unsafe logits[index]
            if logit >= least {
                tokens.append(Vocabulary.Token(index))
                logProbabilities.append(Double(logit) - normaliser)
            }
        }
        self.tokens = tokens
        self.logProbabilities = logProbabilities
        rest = max(0, 1 - logProbabilities.reduce(0) { $0 + Double.exponential($1) })
    }

    /// The Kullback-Leibler divergence of a row of logits from this distribution, in nats: the sum over tokens of
    /// p (log p - log q), with q the row's.
    ///
    /// The improbable tokens count as one, so this is at most the divergence of the whole rows, and close to it.
    func divergence(of logits: UnsafeMutableBufferPointer<Float>) -> Double? {
        let others = unsafe LogProbabilities.of(tokens, logits: logits)
        guard others.allSatisfy(\.isFinite) else { return nil }
        var divergence = 0.0
        var otherRest = 1.0
        for (mine, other) in zip(logProbabilities, others) {
            divergence += Double.exponential(mine) * (mine - other)
            otherRest -= Double.exponential(other)
        }
        if rest > 0 {
            let floor = 1e-9
            divergence += rest * (Double.logarithm(max(rest, floor)) - Double.logarithm(max(otherRest, floor)))
        }
        return max(0, divergence)
    }
}
