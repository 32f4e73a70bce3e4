/// Texts laid side by side in one sequence, each seeing only what it may.
///
/// A group is a prompt with any number of answers to it: the prompt's tokens come first and once, then each answer, whose
/// positions continue the prompt's. An answer's tokens see the prompt and their own answer; groups never see each other.
public struct Pack: Sendable, Hashable {
    /// A token whose probability counts.
    struct Target: Sendable, Hashable {
        /// The place in ``tokens`` whose output predicts it.
        let row: Int
        /// The token to be predicted.
        let token: Int32
    }

    /// All tokens.
    private(set) var tokens: [Int32] = []
    /// Each token's position in its own text.
    private(set) var positions: [Int32] = []
    /// Where the prompt that a token sees begins; equals ``prefixEnd`` when it sees none but its own text.
    private(set) var prefixBegin: [Int32] = []
    private(set) var prefixEnd: [Int32] = []
    /// Where the token's own text begins; it sees everything from there to itself.
    private(set) var ownBegin: [Int32] = []
    /// The tokens whose probabilities count, in the order they were added.
    private(set) var targets: [Target] = []

    /// An empty pack.
    public init() {}

    /// The tokens in it.
    public var count: Int { tokens.count }

    /// Adds a prompt with answers.
    ///
    /// - Parameters:
    ///   - prompt: What all answers share; it may be empty only when the answers' first tokens need not be predicted.
    ///   - answers: The texts that follow it.
    ///   - predictsPrompt: Whether the prompt's own tokens count as well; they come first among the group's targets.
    /// - Returns: For each answer, where its tokens stand in ``targets``; before them, when `predictsPrompt` is set, the prompt's.
    @discardableResult
    mutating func add(prompt: [Int32], answers: [[Int32]], predictsPrompt: Bool = false) -> [Range<Int>] {
        let start = tokens.count
        var ranges: [Range<Int>] = []
        for (place, token) in prompt.enumerated() {
            append(token, position: place, prefix: start..<start, own: start)
        }
        if predictsPrompt {
            let first = targets.count
            for place in 1..<max(prompt.count, 1) {
                targets.append(Target(row: start + place - 1, token: prompt[place]))
            }
            ranges.append(first..<targets.count)
        }
        let end = tokens.count
        for answer in answers {
            let own = tokens.count
            let first = targets.count
            for (place, token) in answer.enumerated() {
                if place > 0 || end > start {
                    targets.append(Target(row: place == 0 ? end - 1 : own + place - 1, token: token))
                }
                append(token, position: prompt.count + place, prefix: start..<end, own: own)
            }
            ranges.append(first..<targets.count)
        }
        return ranges
    }

    /// Adds one text of which only some tokens count.
    ///
    /// - Returns: Where they stand in ``targets``.
    @discardableResult
    mutating func add(_ text: TokenText) -> Range<Int> {
        let start = tokens.count
        let first = targets.count
        for (place, token) in text.tokens.enumerated() {
            append(token, position: place, prefix: start..<start, own: start)
        }
        for range in text.trained {
            for place in range { targets.append(Target(row: start + place - 1, token: text.tokens[place])) }
        }
        return first..<targets.count
    }

    private mutating func append(_ token: Int32, position: Int, prefix: Range<Int>, own: Int) {
        tokens.append(token)
        positions.append(Int32(position))
        prefixBegin.append(Int32(prefix.lowerBound))
        prefixEnd.append(Int32(prefix.upperBound))
        ownBegin.append(Int32(own))
    }

    /// Whether the token at `row` sees the one at `column`.
    func sees(row: Int, column: Int) -> Bool {
        (column >= Int(prefixBegin[row]) && column < Int(prefixEnd[row]))
            || (column >= Int(ownBegin[row]) && column <= row)
    }
}
