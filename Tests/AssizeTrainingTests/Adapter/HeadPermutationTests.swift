import Testing

@testable import AssizeTraining

@Suite struct HeadPermutationTests {
    @Test func `halves of a head are interleaved`() {
        // Two heads of four rows: (0 1 | 2 3) becomes (0 2 1 3).
        let rows = (0..<8).flatMap { [Float($0), Float($0) + 0.5] }
        let expected: [Float] = [0, 2, 1, 3, 4, 6, 5, 7].flatMap { [$0, $0 + 0.5] }
        #expect(HeadPermutation(heads: 2).toGGUF(rows, rows: 8) == expected)
    }

    @Test(arguments: [(1, 2), (2, 8), (3, 24), (9, 576), (4, 64)])
    func `there and back is where it began`(_ heads: Int, _ rows: Int) {
        var numbers = SmallNumbers(seed: 4)
        let values = numbers.next(rows * 3)
        let permutation = HeadPermutation(heads: heads)
        let there = permutation.toGGUF(values, rows: rows)
        #expect(permutation.toTransformers(there, rows: rows) == values)
        #expect(permutation.toGGUF(permutation.toTransformers(values, rows: rows), rows: rows) == values)
        #expect(there.sorted() == values.sorted())
    }

    @Test func `rows must be halves of whole heads`() {
        #expect(HeadPermutation(heads: 2).fits(4) && HeadPermutation(heads: 2).fits(12))
        #expect(!HeadPermutation(heads: 2).fits(6) && !HeadPermutation(heads: 3).fits(8))
        #expect(!HeadPermutation(heads: 0).fits(8) && !HeadPermutation(heads: 2).fits(0))
    }
}
