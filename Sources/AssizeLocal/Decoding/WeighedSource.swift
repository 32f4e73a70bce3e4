internal import AssizeCore

/// Draws by weight from the tokens that top-p and min-p keep.
///
/// Min-p keeps tokens with at least its share of the most probable one's weight. Both cuts are those of the row as it was
/// first: tokens taken out later still count.
struct WeighedSource: TokenSource {
    private let temperature: Double
    /// `nil` when no token is left.
    private var line: WeightLine?
    private var nucleus: Nucleus?
    /// The lowest logit that min-p keeps.
    private let floor: Float

    init(row: LogitRow, sampling: Sampling) {
        temperature = sampling.temperature
        let line = WeightLine(row: row)
        if sampling.topP < 1 { nucleus = Nucleus(row: row, share: sampling.topP, bound: line.length) }
        floor = sampling.minP > 0 ? row.logit(atExponent: Float(Double.logarithm(sampling.minP))) : -.infinity
        self.line = line
        self.line?.raise(to: floor)
    }

    mutating func draw(_ numbers: inout SplitMix64) -> Vocabulary.Token? {
        while let token = line?.draw(&numbers), let logit = line?.row[token] {
            if nucleus?.contains(token) != false { return token }
            // What is below is not kept either. Each draw in vain leaves out, on average, half of what is.
            line?.raise(to: logit)
        }
        return nil
    }

    mutating func remove(_ token: Vocabulary.Token, edits: inout LogitEdits) {
        nucleus?.willRemove(token)
        edits.ban(token)
        // Weighed anew: what is left may lie far below the token that is gone.
        replaceRow(line?.row.reread())
    }

    mutating func restrict(to allowed: UnsafeMutableBufferPointer<Float>) {
        replaceRow(unsafe LogitRow(allowed, temperature: temperature))
    }

    private mutating func replaceRow(_ row: LogitRow?) {
        line = nil
        // If the cuts leave anything, they leave the most probable token.
        guard let row, row.maximum >= floor, nucleus?.contains(row.mostProbable) != false else { return }
        line = WeightLine(row: row)
        line?.raise(to: floor)
    }
}
