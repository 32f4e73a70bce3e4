/// The sequence numbers of a KV cache that are not in use.
struct SequencePool: Sendable {
    private var free: [Int]
    let total: Int

    init(total: Int) {
        self.total = total
        // Low numbers are given out first.
        free = Array((0..<total).reversed())
    }

    var count: Int { free.count }

    mutating func take() -> Int? {
        free.popLast()
    }

    mutating func giveBack(_ sequence: Int) {
        precondition((0..<total).contains(sequence), "the sequence belongs to the pool")
        free.append(sequence)
    }
}
