/// The name of an item within its file: unique there, stable between runs.
public struct ItemID: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral, CustomStringConvertible
{
    /// The name as it stands in a judgments file.
    public let rawValue: String

    /// Creates an item's name; any string will do.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates an item's name from a literal.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }

    /// Whether two names have the same bytes.
    ///
    /// Swift's strings are equal when they look the same; ids that differ in their bytes are different ids.
    public static func == (left: ItemID, right: ItemID) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }

    /// Hashes the name's bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in rawValue.utf8 { hasher.combine(byte) }
    }

    /// The name itself.
    public var description: String { rawValue }

    /// Decodes the name from a plain string.
    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    /// Encodes the name as a plain string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
