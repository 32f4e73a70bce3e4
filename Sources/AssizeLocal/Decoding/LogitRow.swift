/// A row of logits at a temperature, read sixteen at a time.
///
/// Its tokens weigh e^((logit - highest) / temperature): 1 for the most probable one. A block of tokens whose highest logit
/// is far below the row's is not read again.
///
/// The row borrows its memory. While the value is used, nothing may be written there but negative infinity, for a token that
/// is taken out.
@safe
struct LogitRow {
    private static let blockSize = 256
    private static let lanes = 16
    private static let laneNumbers = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

    private let logits: UnsafeMutableBufferPointer<Float>
    private let count: Int
    private let scale: Float
    private let blockMaxima: [Float]
    /// The highest logit; finite.
    let maximum: Float

    /// Reads a row once.
    ///
    /// - Returns: `nil` when a logit is not a number or is positive infinity, or all are negative infinity.
    init?(_ logits: UnsafeMutableBufferPointer<Float>, temperature: Double) {
        unsafe self.logits = unsafe logits
        let count = logits.count
        self.count = count
        // Differences that a float can hold are infinite at a smaller temperature already.
        scale = Float(min(1 / temperature, 1e30))
        let blocks = (count + LogitRow.blockSize - 1) / LogitRow.blockSize
        var blockMaxima: [Float] = []
        blockMaxima.reserveCapacity(blocks)
        // What is not a number hides from comparisons but not from a sum.
        var sum = SIMD16<Float>()
        var maximum = -Float.infinity
        for block in 0..<blocks {
            var highest = SIMD16<Float>(repeating: -.infinity)
            var index = block &* LogitRow.blockSize
            let end = min(index &+ LogitRow.blockSize, count)
            while index < end {
                let values = unsafe LogitRow.load(logits, index)
                highest.replace(with: values, where: values .> highest)
                sum += values
                index &+= LogitRow.lanes
            }
            let blockMaximum = highest.laneMaximum
            blockMaxima.append(blockMaximum)
            if blockMaximum > maximum { maximum = blockMaximum }
        }
        guard maximum.isFinite, !sum.laneSum.isNaN else { return nil }
        self.blockMaxima = blockMaxima
        self.maximum = maximum
    }

    /// The row of the same memory as it is now; `nil` when nothing in it can be drawn.
    func reread() -> LogitRow? {
        unsafe LogitRow(logits, temperature: 1 / Double(scale))
    }

    subscript(token: Vocabulary.Token) -> Float {
        precondition((0..<count).contains(Int(token)), "the token is in the vocabulary")
        return unsafe logits[Int(token)]
    }

    /// A token's weight, by its logit.
    func weight(ofLogit logit: Float) -> Double { Double.exponential(Double((logit - maximum) * scale)) }

    /// The logit of tokens that weigh e to the power of `exponent`.
    func logit(atExponent exponent: Float) -> Float { maximum + exponent / scale }

    /// The token with the highest logit, the first of several.
    var mostProbable: Vocabulary.Token {
        let block = blockMaxima.firstIndex(of: maximum) ?? 0
        var index = block * LogitRow.blockSize
        while index < count - 1, unsafe logits[index] != maximum { index += 1 }
        return Vocabulary.Token(index)
    }

    /// The sum of all weights, to 3e-7 of it; at least 1.
    ///
    /// Left out are blocks of less than e^-40: 2e-12 of the sum, if all of 400,000 tokens were in such blocks.
    var total: Double {
        var total = 0.0
        for block in blockMaxima.indices where (blockMaxima[block] - maximum) * scale > -40 {
            var sum = SIMD16<Float>()
            var index = start(block)
            let end = end(block)
            while index < end {
                sum += SIMD16<Float>.exponential(exponents(of: unsafe LogitRow.load(logits, index)))
                index &+= LogitRow.lanes
            }
            total += sum.laneSum
        }
        return total
    }

    /// The sum of the weights of all tokens with a higher logit than some token's, and of those before it that have the same.
    func mass(aheadOf token: Vocabulary.Token, logit: Float) -> Double {
        let least = SIMD16<Float>(repeating: logit)
        let laneNumbers = LogitRow.laneNumbers
        var total = 0.0
        for block in blockMaxima.indices where blockMaxima[block] >= logit {
            var sum = SIMD16<Float>()
            var index = start(block)
            let end = end(block)
            while index < end {
                let values = unsafe LogitRow.load(logits, index)
                let isBefore = laneNumbers .< SIMD16<Int32>(repeating: token &- Int32(index))
                let isAhead = (values .> least) .| ((values .== least) .& isBefore)
                sum += SIMD16<Float>().replacing(with: .exponential(exponents(of: values)), where: isAhead)
                index &+= LogitRow.lanes
            }
            total += sum.laneSum
        }
        return total
    }

    /// For each block, a number that the weights of its tokens from `floor` on do not pass together, and that is less than
    /// 1.062 times their sum.
    ///
    /// - Parameter floor: The lowest logit that counts; at least that of ``SIMD16/leastExponent``.
    /// - Returns: One number a block; several times quicker than their weights.
    func bounds(from floor: Float) -> [Double] {
        let least = SIMD16<Float>(repeating: floor)
        let base = SIMD16<Float>(repeating: maximum)
        let toPowers = SIMD16<Float>(repeating: scale * 1.442695)
        return blockMaxima.indices.map { block in
            guard blockMaxima[block] >= floor else { return 0 }
            var sum = SIMD16<Float>()
            var index = start(block)
            let end = end(block)
            while index < end {
                let values = unsafe LogitRow.load(logits, index)
                let bounds = SIMD16<Float>.exponentialBound(ofPower: (values - base) * toPowers)
                sum += bounds.replacing(with: SIMD16<Float>(), where: values .< least)
                index &+= LogitRow.lanes
            }
            return sum.laneSum * SIMD16<Float>.boundSlack
        }
    }

    /// The token at a place on the line of a block's weights laid end to end, those below a floor left out.
    ///
    /// - Parameters:
    ///   - place: From 0.
    ///   - block: The block's index in what ``bounds(from:)`` gives.
    ///   - floor: The lowest logit that counts.
    /// - Returns: `nil` behind the line's end.
    func token(at place: Double, inBlock block: Int, from floor: Float) -> Vocabulary.Token? {
        var sum = 0.0
        for index in stride(from: start(block), to: end(block), by: LogitRow.lanes) {
            let values = unsafe LogitRow.load(logits, index)
            let weights = SIMD16<Float>.exponential(exponents(of: values))
            for lane in 0..<LogitRow.lanes where values[lane] >= floor {
                sum += Double(weights[lane])
                if sum > place { return Vocabulary.Token(index + lane) }
            }
        }
        return nil
    }

    private func start(_ block: Int) -> Int { block &* LogitRow.blockSize }
    private func end(_ block: Int) -> Int { min((block &+ 1) &* LogitRow.blockSize, count) }

    @inline(__always)
    private func exponents(of values: SIMD16<Float>) -> SIMD16<Float> {
        (values - SIMD16<Float>(repeating: maximum)) * SIMD16<Float>(repeating: scale)
    }

    /// Sixteen logits; behind the row's end, negative infinity.
    @inline(__always)
    private static func load(_ logits: UnsafeMutableBufferPointer<Float>, _ index: Int) -> SIMD16<Float> {
        guard index &+ lanes <= logits.count, let base = logits.baseAddress else {
            return unsafe loadTail(logits, index)
        }
        return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<Float>.self)
    }

    @inline(never)
    private static func loadTail(_ logits: UnsafeMutableBufferPointer<Float>, _ index: Int) -> SIMD16<Float> {
        var values = SIMD16<Float>(repeating: -.infinity)
        for lane in 0..<max(0, logits.count - index) { unsafe values[lane] = logits[index + lane] }
        return values
    }
}
