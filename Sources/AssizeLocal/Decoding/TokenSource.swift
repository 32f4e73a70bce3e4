internal import AssizeCore

/// What tokens are drawn from: a row of logits after temperature and cuts.
///
/// It borrows the row's memory, and is not to be kept longer than that is lent.
protocol TokenSource {
    /// Draws a token; `nil` when none is left.
    mutating func draw(_ numbers: inout SplitMix64) -> Vocabulary.Token?

    /// Takes out a token that was drawn; the others keep their shares among each other.
    ///
    /// - Parameters:
    ///   - token: The token.
    ///   - edits: Changes to the row that is drawn from.
    mutating func remove(_ token: Vocabulary.Token, edits: inout LogitEdits)

    /// Keeps the tokens that have a finite logit in `allowed`, a copy of the row that outlives this value.
    mutating func restrict(to allowed: UnsafeMutableBufferPointer<Float>)
}
