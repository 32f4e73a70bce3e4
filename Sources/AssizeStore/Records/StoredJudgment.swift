public import AssizeCore

/// A judgment as it lies in the store: its place in the run, and the row as JSON.
///
/// The row is encoded once, by the caller that made the judgment, and can be exported without being decoded.
public struct StoredJudgment: Sendable, Hashable {
    /// The item's position among the run's items, from 0.
    public let ordinal: Int
    /// The criterion's position in the item's rubric, from 0.
    public let criterionIndex: Int
    /// The item's id.
    public let itemID: ItemID
    /// What kind of verdict it is.
    public let kind: VerdictKind
    /// The judgment as one line of JSON, without a line end; `json.utf8` are its bytes.
    public let json: String

    /// Encodes a judgment.
    ///
    /// - Parameters:
    ///   - ordinal: The item's position among the run's items, from 0.
    ///   - criterionIndex: The criterion's position in the item's rubric, from 0.
    ///   - judgment: The judgment.
    /// - Throws: ``AssizeStoreError`` when it has no JSON form: one of its numbers is infinite or none.
    public init(ordinal: Int, criterionIndex: Int, judgment: Judgment) throws(AssizeStoreError) {
        self.ordinal = ordinal
        self.criterionIndex = criterionIndex
        itemID = judgment.id
        kind = VerdictKind(judgment.verdict)
        json = try JudgmentCoding.encode(judgment)
    }

    init(ordinal: Int, criterionIndex: Int, itemID: ItemID, kind: VerdictKind, json: String) {
        self.ordinal = ordinal
        self.criterionIndex = criterionIndex
        self.itemID = itemID
        self.kind = kind
        self.json = json
    }

    /// Decodes the judgment.
    ///
    /// - Throws: ``AssizeStoreError`` when the row is no judgment.
    public func judgment() throws(AssizeStoreError) -> Judgment {
        try JudgmentCoding.decode(json)
    }
}
