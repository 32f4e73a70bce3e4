/// A row that no item could be made of: it is reported with its line, and never dropped in silence.
public struct BrokenRow: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The file as it was named to the reader.
    public let file: String
    /// The line the row starts on, counted from 1.
    public let line: Int
    /// What is wrong with it, in words that follow "the row".
    public let reason: String

    /// Notes a broken row.
    public init(file: String, line: Int, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    /// `file.jsonl:12: reason`, the form that editors can jump to.
    public var description: String { "\(file):\(line): \(reason)" }
}

/// Why a row is broken, on its way to a ``BrokenRow``.
package struct RowFault: Error, Sendable, Hashable {
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }
}
