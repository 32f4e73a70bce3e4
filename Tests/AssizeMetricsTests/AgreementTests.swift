import AssizeCore
import AssizeMetrics
import Testing

struct AgreementTests {
    @Test func `accuracy is the share of equal labels`() {
        #expect(Agreement.accuracy(["a", "b", "b", "c"], ["a", "b", "c", "c"]) == 0.75)
        #expect(Agreement.accuracy([String](), []) == nil)
    }

    @Test func `the hand-worked kappa holds`() throws {
        // Cohen's two-by-two: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no. Observed 0.7, by chance 0.5.
        let first = [String](repeating: "yes", count: 25) + [String](repeating: "no", count: 25)
        let second =
            [String](repeating: "yes", count: 20) + [String](repeating: "no", count: 5)
            + [String](repeating: "yes", count: 10) + [String](repeating: "no", count: 15)
        let kappa = try #require(Agreement.cohenKappa(first, second, categories: ["yes", "no"]))
        #expect(abs(kappa - 0.4) < 1e-12)
    }

    @Test func `scikit-learn gives the same kappas`() throws {
        for reference in try ReferenceValues.load().kappas {
            let expected: [(Agreement.Weights, Double)] = [
                (.none, reference.unweighted), (.linear, reference.linear), (.quadratic, reference.quadratic),
            ]
            for (weights, value) in expected {
                let kappa = Agreement.cohenKappa(
                    reference.first,
                    reference.second,
                    categories: reference.categories,
                    weights: weights
                )
                #expect(try #require(kappa).isNear(value), "\(reference.name), \(weights)")
            }
        }
    }

    @Test(arguments: Agreement.Weights.allCases, (0 as UInt64)..<20)
    func `kappa is alike from both sides and 1 at most`(weights: Agreement.Weights, seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let first = (0..<30).map { _ in Int(generator.next() % 5) }
        let second = first.map { ($0 + Int(generator.next() % 3)) % 5 }
        let categories = Array(0..<5)
        let kappa = try #require(Agreement.cohenKappa(first, second, categories: categories, weights: weights))
        let mirrored = try #require(Agreement.cohenKappa(second, first, categories: categories, weights: weights))
        let reversed = Agreement.cohenKappa(first, second, categories: categories.reversed(), weights: weights)
        #expect(kappa.isNear(mirrored))
        #expect(kappa.isNear(try #require(reversed)))
        #expect(kappa <= 1)
        #expect(Agreement.cohenKappa(first, first, categories: categories, weights: weights) == 1)
    }

    @Test func `kappa has no value when nothing could differ`() {
        #expect(Agreement.cohenKappa([1, 1], [1, 1], categories: [1, 2]) == nil)
        #expect(Agreement.cohenKappa([Int](), [], categories: [1, 2]) == nil)
        #expect(Agreement.cohenKappa([1, 9], [1, 2], categories: [1, 2]) == nil)
    }

    @Test func `the mean absolute error is in the unit of the scale`() {
        #expect(Agreement.meanAbsoluteError([1, 4, 3], [2, 2, 3]) == 1)
        #expect(Agreement.meanAbsoluteError([], []) == nil)
        #expect(Agreement.meanAbsoluteError([1, .nan], [1, 2]) == nil)
    }

    @Test func `a pair whose winner follows the place is not consistent`() {
        let consistency = OrderConsistency(
            forward: [.a, .b, .tie, .a, .a, .b, .tie, .a],
            swapped: [.a, .b, .tie, .b, .b, .a, .a, .tie]
        )
        #expect(consistency.pairs == 8)
        #expect(consistency.consistent == 3)
        #expect(consistency.towardFirst == 2)
        #expect(consistency.towardSecond == 1)
        #expect(consistency.tiedOnce == 2)
        #expect(consistency.rate == 0.375)
        #expect(consistency.lean == 0.125)
        #expect(OrderConsistency(forward: [], swapped: []).rate == nil)
        #expect(OrderConsistency(forward: [], swapped: []).lean == nil)
    }
}
