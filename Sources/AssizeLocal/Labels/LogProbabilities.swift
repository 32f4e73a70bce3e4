#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Log-probabilities out of a full row of logits.
enum LogProbabilities {
    /// The log-probabilities of some tokens under the softmax of a whole row, summed in double precision.
    static func of(_ tokens: [Vocabulary.Token], logits: UnsafeMutableBufferPointer<Float>) -> [Double] {
        var highest = -Float.infinity
        for index in 0..<logits.count {
            let value = unsafe logits[index]
            if value > highest { highest = value }
        }
        var sum = 0.0
        for index in 0..<logits.count { sum += Double(unsafe expf(logits[index] - highest)) }
        let normaliser = Double(highest) + log(sum)
        return tokens.map { Double(unsafe logits[Int($0)]) - normaliser }
    }
}

extension Double {
    /// e to the power of `exponent`, as the C library has it.
    static func exponential(_ exponent: Double) -> Double { exp(exponent) }
}
