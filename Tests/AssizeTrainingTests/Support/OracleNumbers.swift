/// The numbers that the Python oracles and these tests share: SplitMix64 from FNV-1a of a name.
enum OracleNumbers {
    /// `offset + (u - 0.5) 2 amplitude` for u in [0, 1).
    static func values(_ name: String, seed: UInt64, count: Int, offset: Double, amplitude: Double) -> [Float] {
        var state = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } ^ seed
        return (0..<count)
            .map { _ in
                state &+= 0x9E37_79B9_7F4A_7C15
                var z = state
                z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
                z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
                z ^= z >> 31
                let unit = Double(z >> 11) * 0x1p-53
                return Float(offset + (unit - 0.5) * 2 * amplitude)
            }
    }
}
