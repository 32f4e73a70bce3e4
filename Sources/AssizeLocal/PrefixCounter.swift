/// Counts what a set of prompts comes to when every beginning that some of them share is read once.
///
/// It is a radix tree over tokens: it keeps each distinct beginning once, in any order of the prompts, and is exact. What an
/// engine really reads can be more, where its cache is too small to keep a beginning until the next prompt wants it.
public struct PrefixCounter: Sendable {
    /// Prompts counted.
    public private(set) var prompts = 0
    /// Tokens of all prompts together.
    public private(set) var askedTokens = 0
    /// Tokens of the longest prompt.
    public private(set) var longestPrompt = 0

    /// The tokens of all nodes, each node's in a row.
    private var tokens: [Int32] = []
    private var nodes = [Node(start: 0, end: 0)]
    private var children: [Edge: Int] = [:]

    /// A run of tokens that every prompt below it shares.
    private struct Node {
        var start: Int
        var end: Int
    }

    /// The way down from a node to the child that begins with a token.
    private struct Edge: Hashable {
        let node: Int
        let token: Int32
    }

    /// A counter that has seen no prompt.
    public init() {}

    /// Tokens that are left to read when each shared beginning is read once.
    public var readTokens: Int { tokens.count }

    /// Counts a prompt that is asked `times` times.
    mutating func add(_ prompt: [Int32], times: Int = 1) {
        precondition(times > 0, "a prompt is asked at least once")
        prompts += times
        askedTokens += prompt.count * times
        longestPrompt = max(longestPrompt, prompt.count)
        var node = 0
        var index = 0
        while index < prompt.count {
            let edge = Edge(node: node, token: prompt[index])
            guard let child = children[edge] else {
                children[edge] = nodes.count
                nodes.append(Node(start: tokens.count, end: tokens.count + prompt.count - index))
                tokens += prompt[index...]
                return
            }
            var place = nodes[child].start
            while place < nodes[child].end, index < prompt.count, tokens[place] == prompt[index] {
                place += 1
                index += 1
            }
            guard place < nodes[child].end, index < prompt.count else {
                node = child
                continue
            }
            // The prompt leaves the node half-way: what it shares becomes a node of its own above the rest.
            let upper = nodes.count
            nodes.append(Node(start: nodes[child].start, end: place))
            nodes[child].start = place
            children[edge] = upper
            children[Edge(node: upper, token: tokens[place])] = child
            node = upper
        }
    }
}
