import AssizeCore
import Testing

struct LabelDistributionTests {
    @Test func `weights are normalised and their sum is kept as mass`() {
        let distribution = LabelDistribution(labels: ["1", "2", "3"], weights: [0.1, 0.3, 0.1])
        #expect(abs(distribution.mass - 0.5) < 1e-12)
        #expect(abs(distribution["2"] - 0.6) < 1e-12)
        #expect(distribution.mostProbable == "2")
        #expect(distribution["9"] == 0)
    }

    @Test func `without any mass the labels are even`() {
        let distribution = LabelDistribution(labels: ["A", "B"], weights: [0, 0])
        #expect(distribution.probabilities == [0.5, 0.5])
        #expect(distribution.mass == 0)
    }

    @Test func `the expected score is the mean over labels`() {
        let scale = Scale.ordinal(lower: 1, upper: 3, levels: [:])
        let distribution = LabelDistribution(labels: scale.labels, weights: [0.25, 0.25, 0.5])
        #expect(distribution.expectedScore(on: scale) == 2.25)
        #expect(LabelDistribution(labels: ["A", "B"], weights: [1, 1]).expectedScore(on: .choice(tie: false)) == nil)
    }

    @Test func `the mean of distributions keeps their mean mass`() {
        let one = LabelDistribution(labels: ["A", "B"], weights: [0.8, 0.2])
        let two = LabelDistribution(labels: ["A", "B"], weights: [0.1, 0.4])
        let mean = LabelDistribution.mean(of: [one, two])
        #expect(abs((mean?["A"] ?? 0) - 0.5) < 1e-12)
        #expect(abs((mean?.mass ?? 0) - 0.75) < 1e-12)
        #expect(LabelDistribution.mean(of: [one, LabelDistribution(labels: ["A", "C"], weights: [1, 1])]) == nil)
        #expect(LabelDistribution.mean(of: []) == nil)
    }

    @Test func `draws follow the distribution`() {
        let distribution = LabelDistribution(labels: ["A", "B", "C"], weights: [0.2, 0.5, 0.3])
        var generator = SplitMix64(seed: 11)
        var counts: [String: Double] = [:]
        for _ in 0..<20_000 { counts[distribution.draw(at: generator.nextUnit()), default: 0] += 1 }
        // Chi-square with two degrees of freedom; 13.8 is its 0.999 quantile.
        let chiSquare = zip(distribution.labels, distribution.probabilities)
            .reduce(0.0) { sum, pair in
                let expected = pair.1 * 20_000
                let difference = (counts[pair.0] ?? 0) - expected
                return sum + difference * difference / expected
            }
        #expect(chiSquare < 13.8)
    }

    @Test func `temperature sharpens and flattens`() {
        let distribution = LabelDistribution(labels: ["A", "B"], weights: [0.8, 0.2])
        #expect(distribution.tempered(0).probabilities == [1, 0])
        #expect(distribution.tempered(1) == distribution)
        #expect(abs(distribution.tempered(0.5)["A"] - 0.64 / 0.68) < 1e-12)
        #expect(distribution.tempered(100)["A"] < 0.51)
    }
}
