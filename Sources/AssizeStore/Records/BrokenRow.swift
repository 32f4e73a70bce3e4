/// A row of the input that is no item, and so was not judged: it is counted and shown, never lost in silence.
public struct BrokenRow: Sendable, Hashable, Codable {
    /// The input file.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// Why it is no item.
    public var reason: String

    /// Names a row and what is wrong with it.
    ///
    /// - Parameters:
    ///   - file: The input file.
    ///   - line: The line, from 1.
    ///   - reason: Why it is no item.
    public init(file: String, line: Int, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }
}
