import AssizeCore
import Testing

@testable import AssizeMetrics

struct BootstrapTests {
    private static func mean(_ values: [Double]) -> ([Int]) -> Double? {
        { positions in positions.reduce(0) { $0 + values[$1] } / Double(positions.count) }
    }

    @Test func `quantiles lie between neighbours`() {
        // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 0.75, 1]) = 1, 1.3, 3, 5, 8
        let values = [1.0, 2, 4, 8]
        for (share, expected) in [(0, 1), (0.1, 1.3), (0.5, 3), (0.75, 5), (1, 8)] {
            #expect(Bootstrap.quantile(share, of: values).isNear(expected))
        }
    }

    @Test func `the interval of a mean is that of the normal approximation`() throws {
        var generator = SplitMix64(seed: 3)
        let values = (0..<400).map { _ in generator.nextUnit() }
        let interval = try #require(
            Bootstrap.percentileInterval(of: 400, resamples: 4_000, seed: 1, statistic: Self.mean(values))
        )
        let mean = values.reduce(0, +) / 400
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 400
        let half = 1.96 * (variance / 400).squareRoot()
        #expect(abs(interval.lower - (mean - half)) < 0.1 * half)
        #expect(abs(interval.upper - (mean + half)) < 0.1 * half)
        #expect(interval.contains(mean))
        #expect(interval.level == 0.95)
    }

    @Test func `about nineteen in twenty intervals hold the true mean`() {
        var held = 0
        for seed in 0..<200 as Range<UInt64> {
            var generator = SplitMix64(seed: 1_000 + seed)
            let values = (0..<60).map { _ in generator.nextUnit() }
            let mean = Self.mean(values)
            let interval = Bootstrap.percentileInterval(of: 60, resamples: 400, seed: seed, statistic: mean)
            if interval?.contains(0.5) == true { held += 1 }
        }
        #expect((178...199).contains(held))
    }

    @Test func `the same seed gives the same interval and another seed another`() {
        let values = (0..<30).map { Double($0 * $0) }
        let first = Bootstrap.percentileInterval(of: 30, seed: 5, statistic: Self.mean(values))
        #expect(first == Bootstrap.percentileInterval(of: 30, seed: 5, statistic: Self.mean(values)))
        #expect(first != Bootstrap.percentileInterval(of: 30, seed: 6, statistic: Self.mean(values)))
    }

    @Test func `positions are even draws from all items`() {
        var counts = [Int](repeating: 0, count: 7)
        _ = Bootstrap.percentileInterval(of: 7, resamples: 5_000, seed: 2) { positions in
            #expect(positions.count == 7)
            for position in positions { counts[position] += 1 }
            return 0
        }
        for count in counts { #expect((4_700...5_300).contains(count)) }
    }

    @Test func `a wider level gives a wider interval and one item none at all`() throws {
        let values = (0..<30).map { Double($0) }
        let mean = Self.mean(values)
        let narrow = try #require(Bootstrap.percentileInterval(of: 30, level: 0.5, seed: 1, statistic: mean))
        let wide = try #require(Bootstrap.percentileInterval(of: 30, level: 0.99, seed: 1, statistic: mean))
        #expect(wide.lower < narrow.lower && narrow.upper < wide.upper)
        let single = Bootstrap.percentileInterval(of: 1, seed: 1, statistic: Self.mean([4]))
        #expect(single == Interval(lower: 4, upper: 4, level: 0.95))
    }

    @Test func `too few defined resamples give no interval`() {
        #expect(Bootstrap.percentileInterval(of: 0, seed: 1) { _ in 1 } == nil)
        #expect(Bootstrap.percentileInterval(of: 5, seed: 1) { _ in nil } == nil)
        #expect(Bootstrap.percentileInterval(of: 5, seed: 1) { $0[0] == 0 ? 1 : nil } == nil)
        #expect(Bootstrap.percentileInterval(of: 50, seed: 1) { $0[0] == 0 ? .nan : 1 } != nil)
    }
}
