import AssizeCore

/// Rows of logits for tests.
struct LogitGenerator {
    private var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    /// A bulk of tokens round 0 with some far above it, as models give them.
    mutating func row(count: Int, spread: Double = 3) -> [Float] {
        var row = (0..<count)
            .map { _ in
                Float(((0..<6).reduce(0.0) { sum, _ in sum + generator.nextUnit() } - 3) * spread)
            }
        for _ in 0..<min(8, count) { row[index(below: count)] += Float(generator.nextUnit() * 4 * spread) }
        return row
    }

    mutating func index(below count: Int) -> Int { Int(generator.nextUnit() * Double(count)) }

    mutating func shuffle<Element>(_ elements: inout [Element]) {
        for index in elements.indices.reversed() { elements.swapAt(index, self.index(below: index + 1)) }
    }
}
