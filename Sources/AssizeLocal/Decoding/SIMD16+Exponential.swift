/// Exponentials of sixteen numbers at once, for passes over a vocabulary.
///
/// They are made of additions, multiplications and shifts alone, so that every machine computes the same bits. Constants are
/// spelled as vectors: a debug build adds a number to a vector at twice the price.
extension SIMD16 where Scalar == Float {
    /// What ``exponential(_:)`` takes for 0 lies below this.
    static var leastExponent: Float { -80 }
    /// ``exponentialBound(ofPower:)`` is at most this often the true value.
    static var greatestExcess: Double { 1.0616 }
    /// ``exponentialBound(ofPower:)`` times this is never below the true value, nor below ``exponential(_:)``.
    static var boundSlack: Double { 1.00003 }

    /// e to the power of each lane, to 3e-7 of its value, for lanes of at most 0; 0 below ``leastExponent``.
    ///
    /// The power is parted into a whole power of two, which is an exponent's bits, and a rest within ±ln(2)/2, for which a
    /// polynomial of degree 5 is off by less than 1e-7 (fitted so that its greatest relative error is least).
    @inline(__always)
    static func exponential(_ x: Self) -> Self {
        // Adding 1.5 * 2^23 rounds to a whole number and leaves it in the lowest bits.
        let rounder = Self(repeating: 12_582_912)
        let rounded = x * Self(repeating: 1.442695) + rounder
        let whole = rounded - rounder
        // ln(2) in two parts: the first has so few bits that its product is exact.
        let rest = (x - whole * Self(repeating: 0.693359375)) + whole * Self(repeating: 2.1219444e-4)
        var power = rest * Self(repeating: 0.008290306) + Self(repeating: 0.041897975)
        power = power * rest + Self(repeating: 0.16667637)
        power = power * rest + Self(repeating: 0.4999915)
        power = power * rest + Self(repeating: 0.9999997)
        power = power * rest + Self(repeating: 1)
        let exponent = unsafe unsafeBitCast(rounded, to: SIMD16<Int32>.self) &<< SIMD16<Int32>(repeating: 23)
        let bits = unsafe unsafeBitCast(power, to: SIMD16<Int32>.self) &+ exponent
        let result = unsafe unsafeBitCast(bits, to: Self.self)
        return result.replacing(with: Self(), where: x .< Self(repeating: leastExponent))
    }

    /// Somewhat more than 2 to the power of each lane, at a fifth of the price of ``exponential(_:)``.
    ///
    /// The power's fraction is taken for the number's own (Schraudolph, "A fast, compact approximation of the exponential
    /// function", Neural Computation 11, 1999), which draws a chord over each octave of a curve that lies below it. Lanes are
    /// from -120 to 0; any others give any bits.
    @inline(__always)
    static func exponentialBound(ofPower power: Self) -> Self {
        // From 512 to 1024 a float has 14 bits behind the point. With 639 = 512 + 127 added, its lowest 23 bits are the
        // biased exponent and the fraction wanted; the shift takes them to their place and the rest out of the number.
        let raised = power + Self(repeating: 639)
        let bits = unsafe unsafeBitCast(raised, to: SIMD16<Int32>.self) &<< SIMD16<Int32>(repeating: 9)
        return unsafe unsafeBitCast(bits, to: Self.self)
    }

    /// The lanes' sum, in a fixed order.
    @inline(__always)
    var laneSum: Double {
        let eight = lowHalf + highHalf
        let four = eight.lowHalf + eight.highHalf
        return Double(four[0] + four[2]) + Double(four[1] + four[3])
    }

    /// The greatest lane; lanes that are no numbers may be passed over.
    @inline(__always)
    var laneMaximum: Float {
        let eight = lowHalf.replacing(with: highHalf, where: highHalf .> lowHalf)
        let four = eight.lowHalf.replacing(with: eight.highHalf, where: eight.highHalf .> eight.lowHalf)
        return Swift.max(Swift.max(four[0], four[1]), Swift.max(four[2], four[3]))
    }
}
