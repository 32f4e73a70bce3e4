internal import AssizeCore

/// A row's tokens from a floor on, drawn from by rejection without their exact sum.
///
/// Every block of tokens has a strip as long as a bound of its weights' sum, and the weights lie at its beginning. A dart
/// hits the strips evenly; one that falls behind its block's weights is thrown again, at most one in sixteen. So each token
/// is drawn by its exact weight, and only the blocks that were hit are weighed exactly. To weigh a few candidates instead
/// would not do: of real rows of 150,000 tokens nearly all lie within e^-30 of the best.
struct WeightLine {
    let row: LogitRow
    /// The lowest logit that counts.
    private(set) var floor: Float
    private var bounds: [Double] = []
    /// A bound of the weights' sum, less than 1.062 times as large.
    private(set) var length = 0.0

    init(row: LogitRow) {
        self.row = row
        // What is below weighs nothing: of 200,000 tokens, together less than 1e-29.
        floor = row.logit(atExponent: SIMD16<Float>.leastExponent)
        measure()
    }

    /// Leaves out the tokens below a floor; the floor is at most the row's highest logit.
    mutating func raise(to floor: Float) {
        guard floor > self.floor else { return }
        self.floor = floor
        measure()
    }

    private mutating func measure() {
        bounds = row.bounds(from: floor)
        length = bounds.reduce(0, +)
    }

    func draw(_ numbers: inout SplitMix64) -> Vocabulary.Token {
        while true {
            var place = numbers.nextUnit() * length
            var block = 0
            while block < bounds.count - 1, place >= bounds[block] {
                place -= bounds[block]
                block += 1
            }
            if let token = row.token(at: place, inBlock: block, from: floor) { return token }
        }
    }
}
