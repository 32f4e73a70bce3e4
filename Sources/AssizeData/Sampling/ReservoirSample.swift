internal import AssizeCore

/// An even sample of a stream whose length isn't known: the same seed and stream give the same sample everywhere.
///
/// Algorithm R of Vitter, "Random sampling with a reservoir", ACM TOMS 11(1), 1985. Of a stream no longer than the
/// capacity everything is kept.
public struct ReservoirSample<Element> {
    /// How many elements are kept at most.
    public let capacity: Int
    /// How many elements have been offered.
    public private(set) var offered = 0

    private var kept: [(position: Int, element: Element)] = []
    private var generator: SplitMix64

    /// - Parameters:
    ///   - capacity: How many elements to keep at most; not negative.
    ///   - seed: Decides the sample, together with the stream.
    public init(capacity: Int, seed: UInt64) {
        precondition(capacity >= 0, "a sample can't have \(capacity) elements")
        self.capacity = capacity
        generator = SplitMix64(seed: seed)
    }

    /// The sample, in the order of the stream.
    public var elements: [Element] {
        kept.sorted { $0.position < $1.position }.map(\.element)
    }

    /// Shows the next element of the stream.
    public mutating func offer(_ element: Element) {
        defer { offered += 1 }
        guard capacity > 0 else { return }
        if kept.count < capacity {
            kept.append((offered, element))
            return
        }
        let place = draw(below: UInt64(offered) + 1)
        if place < UInt64(capacity) {
            kept[Int(place)] = (offered, element)
        }
    }

    /// An even number below `bound`; our own, for the standard library's algorithm is not promised across versions.
    ///
    /// Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019.
    private mutating func draw(below bound: UInt64) -> UInt64 {
        let threshold = (0 &- bound) % bound
        while true {
            let product = generator.next().multipliedFullWidth(by: bound)
            if product.low >= threshold { return product.high }
        }
    }
}

extension ReservoirSample: Sendable where Element: Sendable {}
