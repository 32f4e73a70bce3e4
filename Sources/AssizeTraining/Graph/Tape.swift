/// A tensor as the tape knows it.
struct Value {
    let tensor: Tensor
    fileprivate let number: Int
    /// Whether anything trainable, or a gradient that somebody wants, depends on it.
    let isTracked: Bool
}

/// Records operations with their vector-Jacobian rules, and runs the rules backwards.
///
/// A rule is handed the gradient of its operation's result; it adds nodes for the gradients of the operands to the same graph
/// with ``addGradient(_:to:)``. Nodes that no wanted result needs never enter the graph.
final class Tape {
    let graph: GraphBuilder
    private var rules: [(output: Int, apply: (Tensor) -> Void)] = []
    private var gradients: [Int: Tensor] = [:]
    private var count = 0

    init(graph: GraphBuilder) {
        self.graph = graph
    }

    /// A value that nothing was computed for yet.
    func value(_ tensor: Tensor, isTracked: Bool) -> Value {
        count += 1
        return Value(tensor: tensor, number: count, isTracked: isTracked)
    }

    /// The result of an operation.
    ///
    /// - Parameters:
    ///   - tensor: The result.
    ///   - isTracked: Whether any operand is.
    ///   - rule: Is given the gradient of the result. It is never called when the result is not tracked.
    /// - Returns: The result as the tape knows it.
    func result(_ tensor: Tensor, isTracked: Bool, rule: @escaping (Tensor) -> Void) -> Value {
        let value = value(tensor, isTracked: isTracked)
        if isTracked { rules.append((value.number, rule)) }
        return value
    }

    /// What has been gathered for a value so far.
    func gradient(of value: Value) -> Tensor? { gradients[value.number] }

    /// Adds a contribution to a value's gradient; nothing happens for values that are not tracked.
    func addGradient(_ contribution: @autoclosure () -> Tensor, to value: Value) {
        guard value.isTracked else { return }
        if let gathered = gradients[value.number] {
            gradients[value.number] = graph.sum(gathered, contribution())
        } else {
            gradients[value.number] = contribution()
        }
    }

    /// Replaces what has been gathered, by an operation that adds to it as it computes.
    func setGradient(_ gradient: Tensor, of value: Value) {
        if value.isTracked { gradients[value.number] = gradient }
    }

    /// Runs all rules, last operation first.
    func runBackward(from value: Value, gradient: Tensor) {
        gradients[value.number] = gradient
        for rule in rules.reversed() {
            if let gradient = gradients[rule.output] { rule.apply(gradient) }
        }
    }

    /// Lets go of all rules and of what the graph's own operations read; call it once the graph has been computed.
    ///
    /// Rules hold the tape and operations of our own hold what built them, so neither would ever be freed.
    func discard() {
        rules = []
        gradients = [:]
        graph.discard()
    }
}
