public import AssizeCore
internal import GRDB

/// The judgments of a run in the order of items and criteria, read as they are asked for.
///
/// Memory does not grow with the run, and no transaction stays open between two reads: judgments stored meanwhile show up
/// when they come later in the order.
public struct JudgmentSequence: AsyncSequence, Sendable {
    /// A judgment and its place.
    public typealias Element = StoredJudgment

    let store: RunStore
    let run: RunID

    /// Starts at the first judgment.
    public func makeAsyncIterator() -> Iterator {
        Iterator(store: store, run: run)
    }

    /// Reads ahead by pages of 1,000 judgments.
    public struct Iterator: AsyncIteratorProtocol {
        private let store: RunStore
        private let run: RunID
        private var page: ArraySlice<StoredJudgment> = []
        private var last: (ordinal: Int, criterion: Int)?
        private var isAtEnd = false

        init(store: RunStore, run: RunID) {
            self.store = store
            self.run = run
        }

        /// The next judgment; `nil` after the last.
        ///
        /// - Throws: ``AssizeStoreError`` when the file can't be read; `CancellationError` between two pages when the task
        ///   is cancelled.
        public mutating func next() async throws -> StoredJudgment? {
            if page.isEmpty, !isAtEnd {
                try Task.checkCancellation()
                let rows = try await store.page(of: run, after: last)
                isAtEnd = rows.count < RunStore.pageSize
                last = rows.last.map { ($0.ordinal, $0.criterionIndex) }
                page = rows[...]
            }
            return page.popFirst()
        }
    }
}

extension RunStore {
    static var pageSize: Int { 1_000 }

    /// The judgments of a run in the order of items and criteria; none when there is no such run.
    public func judgments(of run: RunID) -> JudgmentSequence {
        JudgmentSequence(store: self, run: run)
    }

    /// Calls `body` with each judgment of a run, in the order of items and criteria, in constant memory.
    ///
    /// - Parameters:
    ///   - run: The run; one that is not there has no judgments.
    ///   - body: Takes a judgment. It may take its time: nothing is locked meanwhile.
    /// - Throws: What `body` throws, and what reading ``judgments(of:)`` does.
    public func forEachJudgment(of run: RunID, _ body: (StoredJudgment) async throws -> Void) async throws {
        for try await judgment in judgments(of: run) {
            try await body(judgment)
        }
    }

    fileprivate func page(
        of run: RunID,
        after last: (ordinal: Int, criterion: Int)?
    ) async throws(AssizeStoreError) -> [StoredJudgment] {
        let path = path
        let ordinal = last?.ordinal ?? -1
        let criterion = last?.criterion ?? -1
        return try await read { db in
            guard let number = try Self.number(of: run, in: db) else { return [] }
            let statement = try db.cachedStatement(
                sql: """
                    SELECT ordinal, criterion, item_id, kind, row FROM judgments
                    WHERE run = ? AND (ordinal, criterion) > (?, ?) ORDER BY ordinal, criterion LIMIT ?
                    """
            )
            var judgments: [StoredJudgment] = []
            let rows = try Row.fetchCursor(statement, arguments: [number, ordinal, criterion, Self.pageSize])
            while let row = try rows.next() {
                judgments.append(
                    StoredJudgment(
                        ordinal: row[0],
                        criterionIndex: row[1],
                        itemID: ItemID(rawValue: row[2]),
                        kind: try Self.kind(row[3], path: path),
                        json: row[4]
                    )
                )
            }
            return judgments
        }
    }
}
