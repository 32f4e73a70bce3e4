/// The name of a run: what `--run` takes and what `assize runs list` shows.
public struct RunID: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral, CustomStringConvertible
{
    /// The name as the user types it and the store keeps it.
    public let rawValue: String

    /// Creates a run's name; any string will do.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a run's name from a literal.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
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
