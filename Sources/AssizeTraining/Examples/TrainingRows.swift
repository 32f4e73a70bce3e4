/// Examples on their way into training, with what was left out and why.
public struct TrainingRows: Sendable {
    /// One example and where it comes from.
    public struct Row: Sendable, Hashable {
        /// The tokens.
        public let example: TrainingExample
        /// What it is called in messages: `FILE:LINE`.
        public let name: String
        /// What else its row held, as one JSON object; empty for nothing.
        public let provenance: String
        /// Rows of one group stand on the same side of a split; `nil` for those with the same prompt.
        public let group: String?

        /// Creates a row.
        public init(example: TrainingExample, name: String, provenance: String = "", group: String? = nil) {
            self.example = example
            self.name = name
            self.provenance = provenance
            self.group = group
        }
    }

    /// How many broken rows are kept in ``firstBroken``.
    public static let keptBroken = 20

    /// The rows to be used, in the file's order.
    public private(set) var rows: [Row] = []
    /// Rows that no example could be made of.
    public private(set) var broken = 0
    /// The first of them, as `FILE:LINE: reason`.
    public private(set) var firstBroken: [String] = []
    /// Rows that were left out for their length.
    public private(set) var tooLong = 0
    /// Rows that were shortened.
    public private(set) var truncated = 0

    /// Creates an empty collection.
    public init() {}

    /// Adds a row, unless it is too long.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - options: What is too long, and what becomes of it.
    ///   - beginning: The token that stays at the start of what is shortened.
    /// - Throws: ``AssizeTrainingError`` for a row that is too long where none may be.
    public mutating func add(
        _ row: Row,
        _ options: TrainingRowOptions,
        keeping beginning: Int32?
    ) throws(AssizeTrainingError) {
        guard row.example.longestText > options.maximumTokens else {
            rows.append(row)
            return
        }
        switch options.overLong {
        case .skip:
            tooLong += 1
        case .error:
            throw AssizeTrainingError(
                code: .invalidData,
                message:
                    "\(row.name) has \(row.example.longestText) tokens, more than \(options.maximumTokens); raise the limit, or let such rows be left out or shortened"
            )
        case .truncate:
            guard let shorter = row.example.shortened(to: options.maximumTokens, keeping: beginning) else {
                tooLong += 1
                return
            }
            truncated += 1
            rows.append(Row(example: shorter, name: row.name, provenance: row.provenance, group: row.group))
        }
    }

    /// Notes a row that no example could be made of.
    public mutating func addBroken(_ name: String, reason: String) {
        broken += 1
        if firstBroken.count < TrainingRows.keptBroken { firstBroken.append("\(name): \(reason)") }
    }

    /// Keeps the rows at these places.
    ///
    /// - Parameter places: Places in ``rows``, rising.
    public mutating func keep(_ places: [Int]) {
        rows = places.map { rows[$0] }
    }
}
