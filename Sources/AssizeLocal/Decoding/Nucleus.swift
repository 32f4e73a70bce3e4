/// The tokens that top-p keeps, found out one by one.
///
/// They are the fewest tokens, the most probable first, that hold a share of the whole row (Holtzman and others, "The curious
/// case of neural text degeneration", ICLR 2020); of equally probable ones, those with the lower numbers. So a token is kept
/// when those ahead of it hold less than the share. To ask that of a token that was drawn takes no sorting, and mostly a look
/// at few blocks: with a small nucleus, few are ahead; and the row's exact sum matters only near the nucleus' edge.
struct Nucleus {
    /// A token's place in the order of probability.
    private struct Rank {
        let logit: Float
        let token: Vocabulary.Token

        func isAhead(of other: Rank) -> Bool {
            logit != other.logit ? logit > other.logit : token < other.token
        }
    }

    private let row: LogitRow
    private let share: Double
    /// Bounds of the row's sum.
    private var total: ClosedRange<Double>
    /// The least probable token known to be kept.
    private var lastIn: Rank
    /// The most probable token known not to be.
    private var firstOut: Rank?
    /// Tokens that the row no longer has, with their weights.
    private var removed: [(rank: Rank, weight: Double)] = []

    /// - Parameters:
    ///   - row: The row.
    ///   - share: What the tokens kept hold together; at most 1.
    ///   - bound: The length of the row's ``WeightLine``, with no floor.
    init(row: LogitRow, share: Double, bound: Double) {
        self.row = row
        self.share = share
        total = bound / (SIMD16<Float>.greatestExcess * SIMD16<Float>.boundSlack)...bound
        lastIn = Rank(logit: row.maximum, token: row.mostProbable)
    }

    /// Whether a token is kept.
    mutating func contains(_ token: Vocabulary.Token) -> Bool {
        let rank = Rank(logit: row[token], token: token)
        if !lastIn.isAhead(of: rank) { return true }
        if let firstOut, !rank.isAhead(of: firstOut) { return false }
        let gone = removed.reduce(0) { $0 + ($1.rank.isAhead(of: rank) ? $1.weight : 0) }
        let ahead = row.mass(aheadOf: token, logit: rank.logit) + gone
        if ahead >= share * total.lowerBound, ahead < share * total.upperBound {
            let exact = removed.reduce(row.total) { $0 + $1.weight }
            total = exact...exact
        }
        let isKept = ahead < share * total.lowerBound
        if isKept {
            lastIn = rank
        } else {
            firstOut = rank
        }
        return isKept
    }

    /// Notes that a token is about to be taken out of the row, which does not change what is kept.
    mutating func willRemove(_ token: Vocabulary.Token) {
        let rank = Rank(logit: row[token], token: token)
        removed.append((rank, row.weight(ofLogit: rank.logit)))
    }
}
