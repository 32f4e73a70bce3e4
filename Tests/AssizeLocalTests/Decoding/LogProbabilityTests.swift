import Testing

@testable import AssizeLocal

struct LogProbabilityTests {
    @Test func `log-probabilities agree with brute force to 1e-6`() {
        var generator = LogitGenerator(seed: 2)
        for count in [1, 7, 16, 300, 5003] {
            for spread in [0.1, 2, 6] {
                var logits = generator.row(count: count, spread: spread)
                if count > 10 { logits[2] = -.infinity }
                let values = logits.map(Double.init)
                let highest = values.max() ?? 0
                let sum = values.reduce(0) { $0 + SamplingReference.exponential($1 - highest) }
                let normaliser = highest + Double.logarithm(sum)
                let tokens = (0..<Int32(count)).map { $0 }
                let before = logits
                let found = logits.withUnsafeMutableBufferPointer { LogProbabilities.of(tokens, logits: $0) }
                #expect(logits == before)
                for (token, value) in zip(tokens, found) where values[Int(token)].isFinite {
                    #expect(abs(value - (values[Int(token)] - normaliser)) < 1e-6)
                }
                if count > 10 { #expect(found[2] == -.infinity) }
            }
        }
    }

    @Test func `a bulk far below the best token is not lost`() {
        // 100,000 tokens at -12 weigh more than half of the one at 0.
        var logits = [Float](repeating: -12, count: 100_001)
        logits[77] = 0
        let found = logits.withUnsafeMutableBufferPointer { LogProbabilities.of([77, 5], logits: $0) }
        let normaliser = Double.logarithm(1 + 100_000 * SamplingReference.exponential(-12))
        #expect(abs(found[0] + normaliser) < 1e-6)
        #expect(abs(found[1] + 12 + normaliser) < 1e-6)
    }

    @Test(arguments: [Float.nan, .infinity])
    func `a row with a logit that is no number has no probabilities`(value: Float) {
        var logits = [Float](repeating: 1, count: 100)
        logits[60] = value
        let found = logits.withUnsafeMutableBufferPointer { LogProbabilities.of([0, 60], logits: $0) }
        #expect(found.allSatisfy { $0.isNaN })
        var empty = [Float](repeating: -.infinity, count: 100)
        let none = empty.withUnsafeMutableBufferPointer { LogProbabilities.of([0], logits: $0) }
        #expect(none.allSatisfy { $0.isNaN })
    }
}
