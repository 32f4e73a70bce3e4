import AssizeCore

/// Sampling as the papers write it, by sorting, in double precision: what the quick sampler is held against.
struct SamplingReference {
    /// One probability a token; 0 for those that are cut.
    let probabilities: [Double]
    /// How near the nearest token is to being on the other side of a cut, as a share of the whole.
    let margin: Double

    init(_ logits: [Float], _ sampling: Sampling, banned: Set<Int32> = [], recent: Set<Int32> = []) {
        let values = logits.enumerated()
            .map { index, logit -> Double in
                if banned.contains(Int32(index)) { return -.infinity }
                guard recent.contains(Int32(index)) else { return Double(logit) }
                return logit > 0
                    ? Double(logit) / sampling.repetitionPenalty : Double(logit) * sampling.repetitionPenalty
            }
        let highest = values.max() ?? 0
        let weights = values.map { SamplingReference.exponential(($0 - highest) / sampling.temperature) }
        let total = weights.reduce(0, +)
        let order = weights.indices.sorted { (values[$0], $1) > (values[$1], $0) }
        var kept = [Double](repeating: 0, count: weights.count)
        var margin = 1.0
        var ahead = 0.0
        for index in order {
            if sampling.topP < 1 { margin = min(margin, abs(ahead / total - sampling.topP)) }
            if sampling.minP > 0 { margin = min(margin, abs(weights[index] - sampling.minP)) }
            let isInNucleus = sampling.topP == 1 || ahead < sampling.topP * total
            if isInNucleus, weights[index] >= sampling.minP { kept[index] = weights[index] }
            ahead += weights[index]
        }
        let mass = kept.reduce(0, +)
        probabilities = kept.map { $0 / mass }
        self.margin = margin
    }

    var kept: Set<Int32> { Set(probabilities.indices.filter { probabilities[$0] > 0 }.map(Int32.init)) }

    /// The chi-square statistic of counts against these probabilities, and its degrees of freedom.
    ///
    /// Tokens expected fewer than five times are counted together.
    func chiSquare(_ counts: [Int32: Int]) -> (statistic: Double, freedom: Int) {
        let draws = Double(counts.values.reduce(0, +))
        var statistic = 0.0
        var bins = 0
        var rare = (expected: 0.0, observed: 0.0)
        for (index, probability) in probabilities.enumerated() {
            let expected = probability * draws
            let observed = Double(counts[Int32(index)] ?? 0)
            if expected >= 5 {
                statistic += (observed - expected) * (observed - expected) / expected
                bins += 1
            } else {
                rare.expected += expected
                rare.observed += observed
            }
        }
        if rare.expected > 0.5 {
            let difference = rare.observed - rare.expected
            statistic += difference * difference / rare.expected
            bins += 1
        }
        return (statistic, bins - 1)
    }

    /// e to the power of a number by its series, so that it owes nothing to the code under test.
    static func exponential(_ exponent: Double) -> Double {
        guard exponent > -700 else { return 0 }
        var halvings = 0
        var small = exponent
        while abs(small) > 0.5 {
            small /= 2
            halvings += 1
        }
        var term = 1.0
        var sum = 1.0
        for step in 1...16 {
            term *= small / Double(step)
            sum += term
        }
        for _ in 0..<halvings { sum *= sum }
        return sum
    }
}
