import AssizeCore
import Testing

@testable import AssizeRuns

struct ItemWindowTests {
    @Test func `lists that begin alike come together, in the order of their first members`() {
        let keys = [[1, 1], [2, 1], [1, 2], [2, 2], [1, 1], [3, 9], [2, 1]]
        #expect(ItemWindow.grouped(keys) == [0, 4, 2, 1, 6, 3, 5])
    }

    @Test func `what shares nothing keeps its place`() {
        #expect(ItemWindow.grouped([[5], [3], [4], [1]]) == [0, 1, 2, 3])
        #expect(ItemWindow.grouped([[], [], []]) == [0, 1, 2])
        #expect(ItemWindow.grouped([]).isEmpty)
    }

    @Test(arguments: 0..<50)
    func `every group stands in one piece, at every depth`(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let keys = (0..<60).map { _ in (0..<3).map { _ in Int(random.next() % 4) } }
        let order = ItemWindow.grouped(keys)
        #expect(order.sorted() == Array(keys.indices))
        for depth in 1...3 {
            var closed: Set<[Int]> = []
            var current: [Int] = []
            for index in order where Array(keys[index].prefix(depth)) != current {
                #expect(closed.insert(current).inserted)
                current = Array(keys[index].prefix(depth))
                #expect(!closed.contains(current))
            }
        }
        // Members of a group of equals stay in their own order.
        for (left, right) in zip(order, order.dropFirst()) where keys[left] == keys[right] { #expect(left < right) }
    }

    private func entry(_ ordinal: Int, _ instruction: String) -> ItemWindow.Entry {
        ItemWindow.Entry(
            item: Item(id: "x", instruction: instruction, candidates: [Candidate(text: "r")]),
            ordinal: ordinal
        )
    }

    @Test func `a window holds a bounded number of items and bytes`() {
        var window = ItemWindow(beginnings: { [$0.instruction.count] })
        for ordinal in 0..<ItemWindow.capacity {
            #expect(!window.isFull)
            window.append(entry(ordinal, "i"))
        }
        #expect(window.isFull)
        #expect(window.take().count == ItemWindow.capacity)
        #expect(!window.isFull)
        window.append(entry(0, String(repeating: "x", count: ItemWindow.textCapacity)))
        #expect(window.isFull)
        #expect(window.take().count == 1)
        #expect(window.take().isEmpty)
    }

    @Test func `without beginnings there is no waiting`() {
        var window = ItemWindow(beginnings: nil)
        window.append(entry(7, "i"))
        #expect(window.isFull)
        #expect(window.take().map(\.ordinal) == [7])
    }
}
