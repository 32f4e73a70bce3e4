import AssizeData
import Testing

struct ReservoirSampleTests {
    private func sample(of count: Int, capacity: Int, seed: UInt64) -> [Int] {
        var sample = ReservoirSample<Int>(capacity: capacity, seed: seed)
        for number in 0..<count {
            sample.offer(number)
        }
        return sample.elements
    }

    @Test func `a short stream is kept whole and in order`() {
        #expect(sample(of: 5, capacity: 8, seed: 1) == [0, 1, 2, 3, 4])
        #expect(sample(of: 5, capacity: 0, seed: 1).isEmpty)
    }

    @Test func `the same seed gives the same sample, in the order of the stream`() {
        let first = sample(of: 1000, capacity: 10, seed: 42)
        #expect(first == sample(of: 1000, capacity: 10, seed: 42))
        #expect(first != sample(of: 1000, capacity: 10, seed: 43))
        #expect(first == first.sorted())
        #expect(Set(first).count == 10)
    }

    @Test func `each element is as likely as any other`() {
        var counts = [Int](repeating: 0, count: 20)
        for seed in 0..<4000 {
            for number in sample(of: 20, capacity: 5, seed: UInt64(seed)) {
                counts[number] += 1
            }
        }
        // 1000 expected of each; five standard deviations of a binomial are 137.
        for count in counts {
            #expect(abs(count - 1000) < 137)
        }
    }
}
