/// The SplitMix64 generator: 64 bits of state, the same sequence on every platform.
///
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable, Hashable {
    private var state: UInt64

    /// Creates a generator; any seed will do, 0 among them.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits of the sequence.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number drawn evenly from [0, 1), from the upper 53 bits.
    public mutating func nextUnit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A seed that depends on `seed` and on every byte of every part, and on nothing else.
    ///
    /// Used to give each ask a seed of its own, so that an item's judgment does not depend on which items were judged
    /// before it.
    public static func derive(_ seed: UInt64, _ parts: String...) -> UInt64 {
        var generator = SplitMix64(seed: seed)
        var result = generator.next()
        for part in parts {
            for byte in part.utf8 {
                generator = SplitMix64(seed: result ^ UInt64(byte))
                result = generator.next()
            }
            generator = SplitMix64(seed: result ^ 0x100)
            result = generator.next()
        }
        return result
    }
}
