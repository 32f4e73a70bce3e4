#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

extension Double {
    /// `base` to the power of `exponent`, as the C library has it.
    package static func power(_ base: Double, _ exponent: Double) -> Double {
        pow(base, exponent)
    }
}
