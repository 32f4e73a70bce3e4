#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Log-probabilities out of a full row of logits.
enum LogProbabilities {
    /// The log-probabilities of some tokens under the softmax of a whole row, to 1e-6.
    ///
    /// None is a number when a logit of the row is not, or when all are negative infinity.
    static func of(_ tokens: [Vocabulary.Token], logits: UnsafeMutableBufferPointer<Float>) -> [Double] {
        guard let row = unsafe LogitRow(logits, temperature: 1) else { return tokens.map { _ in .nan } }
        let normaliser = Double(row.maximum) + log(row.total)
        return tokens.map { Double(unsafe logits[Int($0)]) - normaliser }
    }
}

extension Double {
    /// e to the power of `exponent`, as the C library has it.
    static func exponential(_ exponent: Double) -> Double { exp(exponent) }

    /// The natural logarithm, as the C library has it.
    static func logarithm(_ number: Double) -> Double { log(number) }
}
