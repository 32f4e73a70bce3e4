/// All labels of a scale as a tree of tokens behind a forced text.
///
/// Labels are tokenised together with the text they follow, so that a tokenizer that joins a space to what comes after it
/// is met on its own terms. What all of them share with that text is forced; behind it the tree branches. Where one label
/// begins another ("1" and "10"), ending there and going on are weighed against each other: the probability of "1" is that
/// of its tokens times the probability that no longer label follows.
struct LabelTree: Sendable {
    struct Node: Sendable {
        let token: Vocabulary.Token
        let parent: Int
        var children: [Int] = []
        /// The label that ends here.
        var label: Int?
        let depth: Int
    }

    /// The labels, in the scale's order.
    let labels: [String]
    /// Tokens put into the model's mouth before any label.
    let forced: [Vocabulary.Token]
    /// Node 0 is the root, which stands for the end of the forced tokens.
    let nodes: [Node]

    init(labels: [String], behind prefix: String, vocabulary: Vocabulary) {
        self.init(
            labels: labels,
            prefix: vocabulary.tokens(ofText: prefix, continuing: true),
            spelled: labels.map { vocabulary.tokens(ofText: prefix + $0, continuing: true) }
        )
    }

    /// Builds the tree from labels that are tokenised already.
    ///
    /// - Parameters:
    ///   - labels: The labels, at least one.
    ///   - prefix: The tokens of the text before the labels.
    ///   - spelled: For each label, the tokens of that text and the label together.
    init(labels: [String], prefix: [Vocabulary.Token], spelled: [[Vocabulary.Token]]) {
        precondition(labels.count == spelled.count && !labels.isEmpty, "one spelling a label")
        self.labels = labels
        var shared = prefix.count
        for tokens in spelled {
            var common = 0
            while common < shared, common < tokens.count, tokens[common] == prefix[common] { common += 1 }
            // A label that added no token of its own keeps the last one as its own.
            shared = min(common, tokens.count - 1)
        }
        forced = Array(prefix.prefix(max(0, shared)))

        var nodes = [Node(token: -1, parent: -1, depth: 0)]
        for (label, tokens) in spelled.enumerated() {
            var current = 0
            for token in tokens.dropFirst(forced.count) {
                if let child = nodes[current].children.first(where: { nodes[$0].token == token }) {
                    current = child
                } else {
                    nodes.append(Node(token: token, parent: current, depth: nodes[current].depth + 1))
                    nodes[current].children.append(nodes.count - 1)
                    current = nodes.count - 1
                }
            }
            nodes[current].label = label
        }
        self.nodes = nodes
    }

    /// The tokens behind the forced ones that spell a label; `nil` when it is none of ``labels``.
    func tokens(of label: String) -> [Vocabulary.Token]? {
        guard let number = labels.firstIndex(of: label),
            var current = nodes.firstIndex(where: { $0.label == number })
        else { return nil }
        var tokens: [Vocabulary.Token] = []
        while current > 0 {
            tokens.append(nodes[current].token)
            current = nodes[current].parent
        }
        return tokens.reversed()
    }

    /// The most tokens of a label.
    var depth: Int { nodes.map(\.depth).max() ?? 0 }

    /// A way from the root down to a last node that branches on, with all nodes on it.
    struct Branch: Sendable, Hashable {
        /// The nodes behind the root, in order.
        let nodes: [Int]
        /// Their tokens.
        let tokens: [Vocabulary.Token]
    }

    /// The branches that bring the logits of every inner node but the root.
    ///
    /// Branches that share their beginning compute it each for itself: labels are short.
    var branches: [Branch] {
        nodes.indices
            .filter { index in
                index > 0 && !nodes[index].children.isEmpty
                    && nodes[index].children.allSatisfy { nodes[$0].children.isEmpty }
            }
            .map { last in
                var path: [Int] = []
                var current = last
                while current > 0 {
                    path.append(current)
                    current = nodes[current].parent
                }
                path.reverse()
                return Branch(nodes: path, tokens: path.map { nodes[$0].token })
            }
    }

    /// The branches in as few rounds as the scheduler's limits allow.
    var rounds: [[Branch]] {
        var rounds: [[Branch]] = []
        var tokens = 0
        for branch in branches {
            if let last = rounds.last, last.count < Scheduler.branchLimit,
                tokens + branch.tokens.count <= Scheduler.branchTokenLimit
            {
                rounds[rounds.count - 1].append(branch)
            } else {
                rounds.append([branch])
                tokens = 0
            }
            tokens += branch.tokens.count
        }
        return rounds
    }

    /// The probability of every complete label, not normalised.
    ///
    /// - Parameter logProbabilities: For each inner node, the log-probabilities of its children, in their order.
    /// - Returns: One probability a label, in the order of ``labels``; together at most 1.
    func weights(_ logProbabilities: [Int: [Double]]) -> [Double] {
        var reached = [Double](repeating: 0, count: nodes.count)
        reached[0] = 1
        var weights = [Double](repeating: 0, count: labels.count)
        // Parents come before their children.
        for (index, node) in nodes.enumerated() {
            var onward = 0.0
            if let children = logProbabilities[index] {
                for (child, logProbability) in zip(node.children, children) {
                    let probability = Double.exponential(logProbability)
                    reached[child] = reached[index] * probability
                    onward += probability
                }
            }
            if let label = node.label { weights[label] += reached[index] * max(0, 1 - onward) }
        }
        return weights
    }
}
