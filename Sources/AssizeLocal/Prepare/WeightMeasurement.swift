/// What was measured of one file of weights.
package struct WeightMeasurement: Sendable, Hashable {
    /// The format as the engine names it, such as `Q4_K - Medium`.
    package let format: String
    /// The bits a weight takes on average.
    package let bitsPerWeight: Double
    /// The number of weights.
    package let parameters: UInt64
    /// Threads of the computation.
    package let threads: Int
    /// How fast it computes.
    package let speed: WeightSpeed
    /// How far it is from the original; `nil` for the original itself.
    package let quality: WeightQuality?
}
