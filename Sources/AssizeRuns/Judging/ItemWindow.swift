internal import AssizeCore

/// Items of a run that were read and not begun, to be begun in an order in which prompts meet that begin alike.
struct ItemWindow {
    /// An item and its position in the file.
    struct Entry: Sendable {
        let item: Item
        let ordinal: Int
    }

    /// The most items ahead: enough for a few dozen answers to each of several instructions to meet.
    static let capacity = 256
    /// The most text ahead, in bytes, so that long items take no more memory than short ones.
    static let textCapacity = 8 << 20

    private let beginnings: (@Sendable (Item) -> [Int])?
    private var entries: [Entry] = []
    private var textSize = 0

    /// - Parameter beginnings: Hashes of what an item's prompts are made of, in order; `nil` to keep the file's order.
    init(beginnings: (@Sendable (Item) -> [Int])?) {
        self.beginnings = beginnings
    }

    /// Whether no more should be read before these are begun.
    var isFull: Bool {
        beginnings == nil
            ? !entries.isEmpty : entries.count >= ItemWindow.capacity || textSize >= ItemWindow.textCapacity
    }

    mutating func append(_ entry: Entry) {
        entries.append(entry)
        textSize += entry.item.textSize
    }

    /// Takes all items out, those whose prompts begin alike together.
    mutating func take() -> [Entry] {
        defer {
            entries = []
            textSize = 0
        }
        guard let beginnings else { return entries }
        return ItemWindow.grouped(entries.map { beginnings($0.item) }).map { entries[$0] }
    }

    /// An order in which lists with the same beginning stand together.
    ///
    /// Groups come in the order of their first members, groups within a group likewise: what shares nothing keeps its place.
    ///
    /// - Parameter keys: The lists.
    /// - Returns: The positions of all lists, in the new order.
    static func grouped(_ keys: [[Int]]) -> [Int] {
        var firstOf: [[Int]: Int] = [:]
        let ranks = keys.enumerated()
            .map { position, key in
                var beginning: [Int] = []
                return key.map { part in
                    beginning.append(part)
                    if let first = firstOf[beginning] { return first }
                    firstOf[beginning] = position
                    return position
                }
            }
        return keys.indices.sorted { left, right in
            if ranks[left].lexicographicallyPrecedes(ranks[right]) { return true }
            return ranks[left] == ranks[right] && left < right
        }
    }
}

extension Item {
    /// Bytes of all its text, about.
    fileprivate var textSize: Int {
        let texts = [instruction, context ?? "", reference ?? ""] + candidates.map(\.text)
        return texts.reduce(0) { $0 + $1.utf8.count }
    }
}
