internal import AssizeCore

/// Temperature 0: always the token with the highest logit, the first of several.
struct MostProbableSource: TokenSource {
    private var row: LogitRow?

    init(row: LogitRow) {
        self.row = row
    }

    mutating func draw(_ numbers: inout SplitMix64) -> Vocabulary.Token? { row?.mostProbable }

    mutating func remove(_ token: Vocabulary.Token, edits: inout LogitEdits) {
        edits.ban(token)
        row = row?.reread()
    }

    mutating func restrict(to allowed: UnsafeMutableBufferPointer<Float>) {
        row = unsafe LogitRow(allowed, temperature: 1)
    }
}
