import AssizeCore
import Testing

@testable import AssizeLocal

struct PrefixTreeTests {
    @Test(arguments: 0..<20)
    func `each distinct prefix stands in the tree once`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var tree = PrefixTree()
        var prefixes: Set<[Int32]> = []
        for id in 0..<40 {
            let prompt = SchedulerWorld.job(id, adapters: 1, longest: 40, random: &random).prompt
            let known = prompt.indices.last { prefixes.contains(Array(prompt[...$0])) }.map { $0 + 1 } ?? 0
            #expect(tree.matched(prompt[...], adapter: 0) == known)
            let matched = tree.insert(prompt[...], adapter: 0).matched
            #expect(matched == known)
            for end in prompt.indices { prefixes.insert(Array(prompt[...end])) }
            #expect(tree.tokenCount == prefixes.count)
        }
    }

    @Test func `what nobody waits for any more is not kept to be read`() {
        var tree = PrefixTree()
        var pool = SequencePool(total: 4)
        var operations: [MemoryOperation] = []
        let node = tree.insert([1, 2, 3, 4, 5], adapter: 0).node
        let value1 = tree.sequence(toRead: node, pool: &pool, operations: &operations)
        #expect(value1 == 0)
        tree.didRead(node, count: 2)
        tree.release(node, pool: &pool, operations: &operations)
        #expect(tree.tokenCount == 2)
        #expect(tree.matched([1, 2, 3, 4, 5], adapter: 0) == 2)
        let value2 = tree.evict(pool: &pool, operations: &operations)
        #expect(value2)
        #expect(operations == [.remove(sequence: 0, from: 0)])
        #expect(pool.count == 4)
        let value3 = tree.evict(pool: &pool, operations: &operations)
        #expect(!value3)
    }

    @Test func `the deepest tokens go first, and the shared ones stay while a branch needs them`() {
        var tree = PrefixTree()
        var pool = SequencePool(total: 4)
        var operations: [MemoryOperation] = []
        let first = tree.insert([1, 2, 3, 4], adapter: 0).node
        let second = tree.insert([1, 2, 8, 9], adapter: 0).node
        #expect(tree.evictableTokens == 0)
        // The shared part is read with a sequence that the first branch goes on with; the second begins with a copy.
        let shared = tree.nodes[first].parent
        #expect(tree.firstUnread(of: second) == shared)
        let value4 = tree.sequence(toRead: shared, pool: &pool, operations: &operations)
        #expect(value4 == 0)
        let value5 = tree.sequence(toRead: first, pool: &pool, operations: &operations)
        #expect(value5 == 0)
        let value6 = tree.sequence(toRead: second, pool: &pool, operations: &operations)
        #expect(value6 == nil)
        tree.didRead(shared, count: 2)
        let value7 = tree.sequence(toRead: second, pool: &pool, operations: &operations)
        #expect(value7 == 1)
        #expect(operations == [.copy(from: 0, to: 1, upTo: 2)])
        tree.didRead(first, count: 2)
        tree.didRead(second, count: 2)
        tree.release(first, pool: &pool, operations: &operations)
        #expect(tree.evictableTokens == 2)
        let value8 = tree.evict(pool: &pool, operations: &operations)
        #expect(value8)
        let value9 = tree.evict(pool: &pool, operations: &operations)
        #expect(!value9)
        #expect(tree.matched([1, 2, 3], adapter: 0) == 2)
        tree.release(second, pool: &pool, operations: &operations)
        let value10 = tree.evict(pool: &pool, operations: &operations)
        #expect(value10)
        // The sequence moved up to what is left: the shared part.
        #expect(operations.last == .remove(sequence: 1, from: 2))
        #expect(tree.tokenCount == 2)
    }
}
