/// What the KV cache holds of prompts, as a radix tree over tokens: each distinct prefix stands in it once.
///
/// A node is a run of tokens. Its first ``Node/ready`` tokens are in the cache, the others are still to be read. Only leaves
/// hold a sequence of the cache; the cells of an inner node live as long as any leaf below it. Each adapter has a root of
/// its own, since the same text read with other weights is other content.
///
/// It is a value without any pointer to the engine: what has to happen in the cache comes out as ``MemoryOperation``s.
struct PrefixTree: Sendable {
    typealias Token = Int32

    struct Node: Sendable {
        fileprivate(set) var tokens: [Token]
        /// The position of the first token in its prompt.
        fileprivate(set) var start: Int
        /// The parent's index; a root's own.
        fileprivate(set) var parent: Int
        fileprivate(set) var children: [Token: Int] = [:]
        /// How many of the tokens the cache holds.
        fileprivate(set) var ready = 0
        /// Jobs whose prompt ends here.
        fileprivate(set) var users = 0
        fileprivate(set) var lastUse = 0
        /// The sequence that holds everything from the root to the last ready token.
        fileprivate(set) var sequence: Int?
        fileprivate(set) var isRoot = false
        fileprivate var isFree = false

        var end: Int { start + tokens.count }
        var isReady: Bool { ready == tokens.count }
        fileprivate var isIdleLeaf: Bool { !isFree && !isRoot && users == 0 && children.isEmpty }
    }

    private(set) var nodes: [Node] = []
    private var freeNodes: [Int] = []
    private var roots: [Int: Int] = [:]
    private var clock = 0
    /// Tokens of all nodes, read or still to be read.
    private(set) var tokenCount = 0

    /// How many of a prompt's first tokens the tree has, read or about to be.
    func matched(_ tokens: ArraySlice<Token>, adapter: Int) -> Int {
        guard var current = roots[adapter] else { return 0 }
        var rest = tokens
        while let first = rest.first, let child = nodes[current].children[first] {
            let common = PrefixTree.common(nodes[child].tokens[...], rest)
            rest = rest.dropFirst(common)
            if common < nodes[child].tokens.count { break }
            current = child
        }
        return tokens.count - rest.count
    }

    /// Puts a prompt into the tree and pins it until ``release(_:pool:operations:)``.
    ///
    /// - Returns: The node that the prompt ends with, and how many of its tokens were there before.
    mutating func insert(_ tokens: ArraySlice<Token>, adapter: Int) -> (node: Int, matched: Int) {
        clock += 1
        var current = root(adapter)
        var rest = tokens
        while let first = rest.first, let child = nodes[current].children[first] {
            let common = PrefixTree.common(nodes[child].tokens[...], rest)
            rest = rest.dropFirst(common)
            current = common < nodes[child].tokens.count ? split(child, at: common) : child
            nodes[current].lastUse = clock
        }
        let matched = tokens.count - rest.count
        if let first = rest.first {
            let leaf = make(Node(tokens: Array(rest), start: matched, parent: current, lastUse: clock))
            nodes[current].children[first] = leaf
            tokenCount += rest.count
            current = leaf
        }
        nodes[current].users += 1
        return (current, matched)
    }

    /// Unpins a prompt.
    ///
    /// What was read of it stays in the cache; what nobody waits for any more will not be read.
    mutating func release(_ node: Int, pool: inout SequencePool, operations: inout [MemoryOperation]) {
        precondition(nodes[node].users > 0, "only a pinned prompt is released")
        nodes[node].users -= 1
        clock += 1
        nodes[node].lastUse = clock
        var current = node
        while nodes[current].isIdleLeaf, !nodes[current].isReady {
            let parent = nodes[current].parent
            if nodes[current].ready == 0 {
                remove(current, pool: &pool, operations: &operations)
                current = parent
            } else {
                tokenCount -= nodes[current].tokens.count - nodes[current].ready
                nodes[current].tokens.removeLast(nodes[current].tokens.count - nodes[current].ready)
            }
        }
    }

    /// The node nearest the root that a prompt still has to read.
    ///
    /// - Parameters:
    ///   - node: The node that the prompt ends with.
    ///   - planned: Tokens of nodes that the batch in the making will have read.
    /// - Returns: `nil` when all of the prompt is in the cache.
    func firstUnread(of node: Int, planned: [Int: Int] = [:]) -> Int? {
        var found: Int?
        var current = node
        while !nodes[current].isRoot {
            if nodes[current].ready + (planned[current] ?? 0) < nodes[current].tokens.count { found = current }
            current = nodes[current].parent
        }
        return found
    }

    /// A sequence that holds everything down to the last ready token of a node; `nil` for a root, which holds nothing.
    func holder(of node: Int) -> Int? {
        if let sequence = nodes[node].sequence { return sequence }
        for child in nodes[node].children.values {
            if let sequence = holder(of: child) { return sequence }
        }
        return nil
    }

    /// The sequence to read a node's tokens with.
    ///
    /// The first child goes on with its parent's sequence; the others begin with a copy, which needs the parent's tokens in
    /// the cache.
    ///
    /// - Returns: `nil` when that has to wait for a computation, or no sequence is free.
    mutating func sequence(
        toRead node: Int,
        pool: inout SequencePool,
        operations: inout [MemoryOperation]
    ) -> Int? {
        // After an aborted computation a child may have taken the sequence of a parent that is not whole.
        if let sequence = holder(of: node) { return sequence }
        let parent = nodes[node].parent
        if nodes[parent].isRoot {
            guard let sequence = pool.take() else { return nil }
            nodes[node].sequence = sequence
            return sequence
        }
        if let sequence = nodes[parent].sequence {
            nodes[parent].sequence = nil
            nodes[node].sequence = sequence
            return sequence
        }
        guard nodes[parent].isReady, let source = holder(of: parent), let sequence = pool.take() else { return nil }
        operations.append(.copy(from: source, to: sequence, upTo: nodes[node].start))
        nodes[node].sequence = sequence
        return sequence
    }

    /// Notes that the cache now holds the next `count` tokens of a node.
    mutating func didRead(_ node: Int, count: Int) {
        nodes[node].ready += count
        precondition(nodes[node].ready <= nodes[node].tokens.count, "no more is read than the node has")
    }

    /// Tokens that no job's prompt passes through: all that evicting could free.
    var evictableTokens: Int {
        var pinned: Set<Int> = []
        for index in nodes.indices where nodes[index].users > 0 {
            var current = index
            while !nodes[current].isRoot, pinned.insert(current).inserted { current = nodes[current].parent }
        }
        return tokenCount - pinned.reduce(0) { $0 + nodes[$1].tokens.count }
    }

    /// Forgets the leaf that was not needed for the longest time.
    ///
    /// Inner nodes become leaves when their children are gone, so the deepest tokens go first.
    ///
    /// - Returns: Whether there was one.
    mutating func evict(pool: inout SequencePool, operations: inout [MemoryOperation]) -> Bool {
        var oldest: Int?
        for index in nodes.indices where nodes[index].isIdleLeaf {
            if let current = oldest, nodes[current].lastUse <= nodes[index].lastUse { continue }
            oldest = index
        }
        guard let oldest else { return false }
        remove(oldest, pool: &pool, operations: &operations)
        return true
    }

    /// Forgets everything but one prefix; no job may be active.
    mutating func keepOnly(
        _ prefix: ArraySlice<Token>,
        adapter: Int,
        pool: inout SequencePool,
        operations: inout [MemoryOperation]
    ) {
        let (node, _) = insert(prefix, adapter: adapter)
        while evict(pool: &pool, operations: &operations) {}
        release(node, pool: &pool, operations: &operations)
    }

    // MARK: - Nodes

    private mutating func root(_ adapter: Int) -> Int {
        if let root = roots[adapter] { return root }
        let root = make(Node(tokens: [], start: 0, parent: 0, isRoot: true))
        nodes[root].parent = root
        roots[adapter] = root
        return root
    }

    private mutating func make(_ node: Node) -> Int {
        if let index = freeNodes.popLast() {
            nodes[index] = node
            return index
        }
        nodes.append(node)
        return nodes.count - 1
    }

    /// Cuts a node in two; the lower part keeps its index, since jobs may end in it.
    ///
    /// - Returns: The upper part.
    private mutating func split(_ node: Int, at offset: Int) -> Int {
        let lower = nodes[node]
        let upper = make(
            Node(
                tokens: Array(lower.tokens[..<offset]),
                start: lower.start,
                parent: lower.parent,
                ready: min(lower.ready, offset),
                lastUse: lower.lastUse
            )
        )
        nodes[lower.parent].children[lower.tokens[0]] = upper
        nodes[upper].children[lower.tokens[offset]] = node
        nodes[node].tokens = Array(lower.tokens[offset...])
        nodes[node].start = lower.start + offset
        nodes[node].parent = upper
        nodes[node].ready = max(0, lower.ready - offset)
        if lower.ready <= offset, let sequence = lower.sequence {
            nodes[node].sequence = nil
            nodes[upper].sequence = sequence
        }
        return upper
    }

    private mutating func remove(_ node: Int, pool: inout SequencePool, operations: inout [MemoryOperation]) {
        let gone = nodes[node]
        nodes[gone.parent].children[gone.tokens[0]] = nil
        tokenCount -= gone.tokens.count
        if let sequence = gone.sequence {
            if nodes[gone.parent].isRoot || holder(of: gone.parent) != nil {
                operations.append(.remove(sequence: sequence, from: 0))
                pool.giveBack(sequence)
            } else {
                operations.append(.remove(sequence: sequence, from: gone.start))
                nodes[gone.parent].sequence = sequence
            }
        }
        nodes[node] = Node(tokens: [], start: 0, parent: node, isFree: true)
        freeNodes.append(node)
    }

    private static func common(_ left: ArraySlice<Token>, _ right: ArraySlice<Token>) -> Int {
        var count = 0
        for (one, other) in zip(left, right) {
            if one != other { break }
            count += 1
        }
        return count
    }
}
