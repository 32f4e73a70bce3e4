/// One computation: what to do to the cache, which tokens to compute, and who gets which logits.
struct ScheduledBatch: Sendable {
    struct Row: Hashable, Sendable {
        let token: Int32
        let position: Int
        /// The sequences of the cache that the token belongs to; at least one.
        let sequences: [Int]
        let output: Bool
    }

    /// The logits that a job waits for, as indices of ``rows``.
    struct Delivery: Hashable, Sendable {
        let job: Int
        /// The last token of the row; `nil` when the work had branches alone.
        let row: Int?
        /// For each branch, a row a token.
        let branches: [[Int]]
    }

    /// The adapter that all of it is computed with.
    var adapter: Int
    /// To be done in this order before computing.
    var before: [MemoryOperation] = []
    var rows: [Row] = []
    var deliveries: [Delivery] = []
    /// To be done when the logits were read: branches are of no further use.
    var after: [MemoryOperation] = []
    /// To be done in place of ``after`` when the computation failed or was broken off.
    var undo: [MemoryOperation] = []
    /// How many tokens of which node of the prefix tree are read.
    var reads: [Int: Int] = [:]
    /// How far each job's row comes: its tokens that are computed here.
    var advances: [Int: Int] = [:]
    var outputs = 0
    var branchSequences: [Int] = []

    var isEmpty: Bool { rows.isEmpty }
}
