import Foundation

/// The constants of Llama 3's stretching: frequencies of long wavelengths are divided by a factor, short ones are kept,
/// and those between are mixed.
struct Llama3Frequencies: Sendable, Hashable {
    /// By what the longest wavelengths are stretched.
    let factor: Double
    /// Wavelengths above `original / low` are stretched.
    let low: Double
    /// Wavelengths below `original / high` stay.
    let high: Double
    /// The context that the model was made for at first, in tokens.
    let original: Int

    /// Takes constants.
    init(factor: Double, low: Double, high: Double, original: Int) {
        self.factor = factor
        self.low = low
        self.high = high
        self.original = original
    }

    /// Finds the constants that give some factors; `nil` when none do.
    ///
    /// Llama's own are tried first. In between, the share that stays is linear in the frequency, so two such factors
    /// give a line; of the constants on that line those with `low` 1 are taken.
    ///
    /// - Parameters:
    ///   - factors: What the frequencies are divided by, the highest frequency first.
    ///   - base: The base of the frequencies, `rope_theta`.
    ///   - original: The context that the model was made for at first, where the file says it.
    init?(factors: [Double], base: Double, original: Int?) {
        guard let factor = factors.last?.rounded(toDigits: 6), factor > 1 else { return nil }
        var candidates = [original ?? 8192, 8192]
            .map { Llama3Frequencies(factor: factor, low: 1, high: 4, original: $0) }
        let wavelengths = Llama3Frequencies.wavelengths(count: factors.count, base: base)
        let mixed = zip(factors, wavelengths).filter { $0.0 > 1.001 && $0.0 < factor * 0.999 }
        if let first = mixed.first, let last = mixed.last, mixed.count > 1 {
            func share(_ divisor: Double) -> Double { (1 / divisor - 1 / factor) / (1 - 1 / factor) }
            let slope = (share(first.0) - share(last.0)) / (1 / first.1 - 1 / last.1)
            let start = share(first.0) - slope / first.1
            if slope > 0, start < 0 {
                let high = (1 - 1 / start).rounded(toDigits: 4)
                let context = (slope * (high - 1)).rounded()
                if (1...1e9).contains(context) {
                    candidates.append(Llama3Frequencies(factor: factor, low: 1, high: high, original: Int(context)))
                }
            }
        }
        let found = candidates.first { candidate in
            zip(candidate.factors(count: factors.count, base: base), factors).allSatisfy { abs($0 / $1 - 1) < 1e-4 }
        }
        guard let found else { return nil }
        self = found
    }

    /// What the frequencies are divided by.
    ///
    /// - Parameters:
    ///   - count: How many there are: half a head's values.
    ///   - base: The base of the frequencies.
    /// - Returns: The divisors, the highest frequency first.
    func factors(count: Int, base: Double) -> [Double] {
        Llama3Frequencies.wavelengths(count: count, base: base)
            .map { wavelength in
                let share = min(1, max(0, (Double(original) / wavelength - low) / (high - low)))
                return 1 / ((1 - share) / factor + share)
            }
    }

    private static func wavelengths(count: Int, base: Double) -> [Double] {
        (0..<count).map { 2 * .pi * pow(base, Double($0) / Double(count)) }
    }
}

extension Double {
    /// The value with so many significant digits: what a 32-bit float was made from.
    fileprivate func rounded(toDigits digits: Int) -> Double {
        guard self != 0, isFinite else { return self }
        let scale = pow(10, Double(digits - 1) - log10(abs(self)).rounded(.down))
        return (self * scale).rounded() / scale
    }
}
