public import AssizeCore
internal import GRDB

extension RunStore {
    /// Stores judgments in one transaction: all of them, or none when it throws.
    ///
    /// A judgment whose place is taken by one of the same item is left out, so that a resumed run can't count twice;
    /// the stored one stays as it is.
    ///
    /// - Parameters:
    ///   - batch: The judgments, in any order.
    ///   - run: The run they belong to.
    /// - Returns: The number of judgments that were new.
    /// - Throws: ``AssizeStoreError``: ``AssizeStoreError/Code/conflict`` when a place is taken by another item, or an
    ///   item is stored in another place; ``AssizeStoreError/Code/full`` when there is no room;
    ///   ``AssizeStoreError/Code/notFound`` when there is no such run.
    @discardableResult
    public func append(_ batch: [StoredJudgment], to run: RunID) async throws(AssizeStoreError) -> Int {
        let result: Result<Int, AssizeStoreError> = await withCheckedContinuation { continuation in
            startAppend(batch, to: run) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// Queues ``append(_:to:)`` and returns; `completion` is called on the database's own thread.
    func startAppend(
        _ batch: [StoredJudgment],
        to run: RunID,
        completion: @escaping @Sendable (Result<Int, AssizeStoreError>) -> Void
    ) {
        let path = path
        startWrite { db in
            try Self.insert(batch, into: run, in: db, path: path)
        } completion: { db, result in
            completion(
                result.mapError { error in
                    let failure = AssizeStoreError(error, path: path)
                    guard failure.code == .full, let safe = try? Self.count(run, in: db) else { return failure }
                    return failure.counting(safeJudgments: safe, path: path)
                }
            )
        }
    }

    /// The number of judgments of a run; 0 when there is no such run.
    ///
    /// - Throws: ``AssizeStoreError`` when the file can't be read.
    public func judgmentCount(of run: RunID) async throws(AssizeStoreError) -> Int {
        try await read { db in try Self.count(run, in: db) }
    }

    /// The number of items of a run that have judgments; 0 when there is no such run.
    ///
    /// - Throws: ``AssizeStoreError`` when the file can't be read.
    public func judgedItems(of run: RunID) async throws(AssizeStoreError) -> Int {
        try await read { db in
            guard let number = try Self.number(of: run, in: db) else { return 0 }
            let sql = "SELECT COUNT(DISTINCT ordinal) FROM judgments WHERE run = ?"
            return try Int.fetchOne(db, sql: sql, arguments: [number]) ?? 0
        }
    }

    /// The number of judgments of each kind; kinds without any are left out.
    ///
    /// - Throws: ``AssizeStoreError`` when the file can't be read.
    public func judgmentCountsByKind(of run: RunID) async throws(AssizeStoreError) -> [VerdictKind: Int] {
        let path = path
        return try await read { db in
            guard let number = try Self.number(of: run, in: db) else { return [:] }
            let sql = "SELECT kind, COUNT(*) FROM judgments WHERE run = ? GROUP BY kind"
            var counts: [VerdictKind: Int] = [:]
            for row in try Row.fetchAll(db, sql: sql, arguments: [number]) {
                counts[try Self.kind(row[0], path: path)] = row[1]
            }
            return counts
        }
    }

    /// The number of judgments stored for each item of a range; items without any are left out.
    ///
    /// For runs whose items have rubrics of their own, and so differ in the number of their criteria.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - ordinals: The items' positions.
    /// - Returns: The numbers by the items' positions.
    /// - Throws: ``AssizeStoreError`` when the file can't be read.
    public func judgmentCounts(of run: RunID, ordinals: Range<Int>) async throws(AssizeStoreError) -> [Int: Int] {
        try await read { db in
            guard let number = try Self.number(of: run, in: db) else { return [:] }
            let sql = """
                SELECT ordinal, COUNT(*) FROM judgments WHERE run = ? AND ordinal >= ? AND ordinal < ? GROUP BY ordinal
                """
            let arguments: StatementArguments = [number, ordinals.lowerBound, ordinals.upperBound]
            let rows = try Row.fetchAll(db, sql: sql, arguments: arguments)
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        }
    }

    /// The items of a range that need no more judging: at least `criteria` judgments of each are stored.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - ordinals: The items' positions.
    ///   - criteria: The number of judgments that make an item complete.
    /// - Returns: The positions of the complete items.
    /// - Throws: ``AssizeStoreError`` when the file can't be read.
    public func completed(
        of run: RunID,
        ordinals: Range<Int>,
        criteria: Int
    ) async throws(AssizeStoreError) -> Set<Int> {
        Set(try await judgmentCounts(of: run, ordinals: ordinals).filter { $0.value >= criteria }.keys)
    }

    /// Removes the judgments of every item that has one without a verdict, so that resuming the run asks for them again.
    ///
    /// An item is stored whole or not at all, so its other criteria go too; their answers are in the cache.
    ///
    /// - Returns: The number of judgments removed.
    /// - Throws: ``AssizeStoreError`` with the code ``AssizeStoreError/Code/notFound`` when there is no such run.
    @discardableResult
    public func removeFailures(of run: RunID) async throws(AssizeStoreError) -> Int {
        let path = path
        return try await write { db in
            let number = try Self.requiredNumber(of: run, in: db, path: path)
            let sql = """
                DELETE FROM judgments WHERE run = ?
                AND ordinal IN (SELECT ordinal FROM judgments WHERE run = ? AND kind = ?)
                """
            try db.execute(sql: sql, arguments: [number, number, VerdictKind.failed.rawValue])
            return db.changesCount
        }
    }

    private static func insert(_ batch: [StoredJudgment], into run: RunID, in db: Database, path: String) throws -> Int
    {
        let number = try requiredNumber(of: run, in: db, path: path)
        let insert = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO judgments (run, ordinal, criterion, item_id, kind, row) VALUES (?, ?, ?, ?, ?, ?)
                """
        )
        var inserted = 0
        for judgment in batch {
            try insert.execute(
                arguments: [
                    number, judgment.ordinal, judgment.criterionIndex, judgment.itemID.rawValue, judgment.kind.rawValue,
                    judgment.json,
                ]
            )
            if db.changesCount > 0 {
                inserted += 1
            } else {
                try checkIsStored(judgment, run: number, in: db)
            }
        }
        return inserted
    }

    /// Tells a judgment that was there before from one that contradicts what is there.
    private static func checkIsStored(_ judgment: StoredJudgment, run: Int64, in db: Database) throws {
        let sql = "SELECT item_id FROM judgments WHERE run = ? AND ordinal = ? AND criterion = ?"
        let holder = try String.fetchOne(
            db.cachedStatement(sql: sql),
            arguments: [run, judgment.ordinal, judgment.criterionIndex]
        )
        guard let holder else {
            throw AssizeStoreError(
                code: .conflict,
                message: "item '\(judgment.itemID)' at position \(judgment.ordinal) is stored at another position "
                    + "already; ids must be unique within a run"
            )
        }
        guard holder.utf8.elementsEqual(judgment.itemID.rawValue.utf8) else {
            throw AssizeStoreError(
                code: .conflict,
                message: "position \(judgment.ordinal) belongs to item '\(holder)', not to '\(judgment.itemID)': "
                    + "the input has changed since the run began; start a new run"
            )
        }
    }

    private static func count(_ run: RunID, in db: Database) throws -> Int {
        guard let number = try number(of: run, in: db) else { return 0 }
        return try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM judgments WHERE run = ?", arguments: [number]) ?? 0
    }

    static func kind(_ text: String, path: String) throws -> VerdictKind {
        guard let kind = VerdictKind(rawValue: text) else {
            throw AssizeStoreError.corrupt(path: path, reason: "'\(text)' is no kind of verdict")
        }
        return kind
    }
}
