import AssizeCore
import Testing

@testable import AssizeMetrics

struct CorrelationTests {
    @Test func `the hand-worked values hold`() throws {
        // Deviations (-1, 0, 1) and (-1, 1, 0): 1 over the root of 2 times 2.
        #expect(try #require(Correlation.pearson([1, 2, 3], [1, 3, 2])).isNear(0.5))
        // Ranks (1, 2.5, 2.5, 4) and (1, 2, 3, 4): 4.5 over the root of 4.5 times 5.
        #expect(try #require(Correlation.spearman([10, 20, 20, 90], [1, 2, 3, 4])).isNear(4.5 / 22.5.squareRoot()))
        // 6 pairs, one tied on the left, the others in the same order: 5 over the root of 5 times 6.
        #expect(try #require(Correlation.kendallTauB([10, 20, 20, 90], [1, 2, 3, 4])).isNear(5 / 30.0.squareRoot()))
        #expect(try #require(Correlation.kendallTauB([1, 2, 3], [1, 3, 2])).isNear(1.0 / 3))
    }

    @Test func `scipy gives the same values`() throws {
        for reference in try ReferenceValues.load().correlations {
            let (first, second) = (reference.first, reference.second)
            #expect(try #require(Correlation.pearson(first, second)).isNear(reference.pearson), "\(reference.name)")
            #expect(try #require(Correlation.spearman(first, second)).isNear(reference.spearman), "\(reference.name)")
            #expect(try #require(Correlation.kendallTauB(first, second)).isNear(reference.kendall), "\(reference.name)")
        }
    }

    @Test(arguments: (0 as UInt64)..<50)
    func `both sides are alike, and no value leaves its range`(seed: UInt64) throws {
        let (first, second) = Self.grades(seed: seed)
        for formula in [Correlation.pearson, Correlation.spearman, Correlation.kendallTauB] {
            let value = try #require(formula(first, second))
            #expect(try #require(formula(second, first)).isNear(value))
            #expect(try #require(formula(first.map { -$0 }, second)).isNear(-value))
            #expect((-1...1).contains(value))
            #expect(try #require(formula(first, first)).isNear(1))
        }
    }

    @Test(arguments: (0 as UInt64)..<20)
    func `an affine map changes nothing, and ranks stand any rising map`(seed: UInt64) throws {
        let (first, second) = Self.grades(seed: seed)
        let affine = second.map { 1_000 + 3 * $0 }
        let cubed = second.map { $0 * $0 * $0 }
        let pearson = try #require(Correlation.pearson(first, second))
        #expect(try #require(Correlation.pearson(first, affine)).isNear(pearson))
        #expect(Correlation.spearman(first, cubed) == Correlation.spearman(first, second))
        #expect(Correlation.kendallTauB(first, cubed) == Correlation.kendallTauB(first, second))
    }

    @Test(arguments: (0 as UInt64)..<20)
    func `Kendall's value is that of comparing all pairs`(seed: UInt64) throws {
        let (first, second) = Self.grades(seed: seed)
        var (difference, leftPairs, rightPairs) = (0.0, 0.0, 0.0)
        for one in first.indices {
            for other in first.indices where other < one {
                let left = (first[one] - first[other]).direction
                let right = (second[one] - second[other]).direction
                difference += left * right
                leftPairs += abs(left)
                rightPairs += abs(right)
            }
        }
        let expected = difference / (leftPairs * rightPairs).squareRoot()
        #expect(try #require(Correlation.kendallTauB(first, second)).isNear(expected))
    }

    @Test func `there is no value where the formula has none`() {
        for formula in [Correlation.pearson, Correlation.spearman, Correlation.kendallTauB] {
            #expect(formula([], []) == nil)
            #expect(formula([1], [2]) == nil)
            #expect(formula([3, 3, 3], [1, 2, 3]) == nil)
            #expect(formula([1, 2, 3], [3, 3, 3]) == nil)
            #expect(formula([1, .nan, 3], [1, 2, 3]) == nil)
            #expect(formula([1, 2, 3], [1, .infinity, 3]) == nil)
        }
    }

    @Test func `scores near the largest number still have a value`() throws {
        #expect(try #require(Correlation.pearson([-1e308, 0, 1e308], [1, 2, 3])).isNear(1))
    }

    private static func grades(seed: UInt64) -> ([Double], [Double]) {
        var generator = SplitMix64(seed: seed)
        let first = (0..<40).map { _ in Double(1 + generator.next() % 7) }
        let second = first.map { $0 + Double(generator.next() % 5) }
        return (first, second)
    }
}

extension Double {
    func isNear(_ other: Double) -> Bool { abs(self - other) < 1e-9 }

    fileprivate var direction: Double { self > 0 ? 1 : self < 0 ? -1 : 0 }
}
