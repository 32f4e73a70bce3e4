public import AssizeCore
internal import GRDB

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension RunStore {
    /// Writes down a new run.
    ///
    /// - Throws: ``AssizeStoreError`` with the code ``AssizeStoreError/Code/conflict`` when there is a run of that name.
    public func createRun(_ run: RunRecord) async throws(AssizeStoreError) {
        let path = path
        try await write { db in
            guard try Self.number(of: run.id, in: db) == nil else {
                throw AssizeStoreError(
                    code: .conflict,
                    message: "\(path) holds a run named '\(run.id)' already; "
                        + "choose another name, or continue it with --resume"
                )
            }
            let sql = "INSERT INTO runs (\(RunRecord.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            try db.execute(sql: sql, arguments: try run.arguments)
        }
    }

    /// One run; `nil` when there is none of that name.
    ///
    /// - Throws: ``AssizeStoreError`` when the file can't be read.
    public func run(_ id: RunID) async throws(AssizeStoreError) -> RunRecord? {
        try await runs("WHERE id = ?", [id.rawValue]).first
    }

    /// The latest runs, newest first.
    ///
    /// - Parameter limit: The most runs to return; `nil` for all.
    /// - Returns: The runs.
    /// - Throws: ``AssizeStoreError`` when the file can't be read.
    public func runs(limit: Int? = nil) async throws(AssizeStoreError) -> [RunRecord] {
        try await runs("ORDER BY created DESC, number DESC LIMIT ?", [limit ?? -1])
    }

    /// The newest run of a fingerprint that has not finished: the one to resume.
    ///
    /// A run that was killed is found too; its state still says ``RunState/running``.
    ///
    /// - Throws: ``AssizeStoreError`` when the file can't be read.
    public func latestUnfinishedRun(fingerprint: ContentHash) async throws(AssizeStoreError) -> RunRecord? {
        try await runs(
            "WHERE fingerprint = ? AND state <> ? ORDER BY created DESC, number DESC LIMIT 1",
            [fingerprint.hexadecimal, RunState.finished.rawValue]
        )
        .first
    }

    /// Changes how far a run has come.
    ///
    /// - Parameters:
    ///   - state: The new state.
    ///   - id: The run.
    ///   - finished: When it ended; `nil` when it goes on.
    /// - Throws: ``AssizeStoreError`` with the code ``AssizeStoreError/Code/notFound`` when there is no such run.
    public func setState(_ state: RunState, of id: RunID, finished: Date? = nil) async throws(AssizeStoreError) {
        let path = path
        try await write { db in
            try db.execute(
                sql: "UPDATE runs SET state = ?, finished = ? WHERE id = ?",
                arguments: [state.rawValue, finished?.stored, id.rawValue]
            )
            guard db.changesCount > 0 else { throw AssizeStoreError.missing(id.rawValue, path: path) }
        }
    }

    /// Removes a run with its judgments and broken rows; cached answers stay.
    ///
    /// - Throws: ``AssizeStoreError`` with the code ``AssizeStoreError/Code/notFound`` when there is no such run.
    public func deleteRun(_ id: RunID) async throws(AssizeStoreError) {
        let path = path
        try await write { db in
            try db.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [id.rawValue])
            guard db.changesCount > 0 else { throw AssizeStoreError.missing(id.rawValue, path: path) }
        }
    }

    /// Writes down rows of the input that are no items; those written down before are left as they are.
    ///
    /// - Throws: ``AssizeStoreError`` with the code ``AssizeStoreError/Code/notFound`` when there is no such run.
    public func addBrokenRows(_ rows: [BrokenRow], to run: RunID) async throws(AssizeStoreError) {
        let path = path
        try await write { db in
            let number = try Self.requiredNumber(of: run, in: db, path: path)
            let insert = try db.cachedStatement(
                sql: "INSERT OR IGNORE INTO broken_rows (run, file, line, reason) VALUES (?, ?, ?, ?)"
            )
            for row in rows {
                try insert.execute(arguments: [number, row.file, row.line, row.reason])
            }
        }
    }

    /// The rows of a run's input that are no items, in the order of files and lines; none when there is no such run.
    ///
    /// - Throws: ``AssizeStoreError`` when the file can't be read.
    public func brokenRows(of run: RunID) async throws(AssizeStoreError) -> [BrokenRow] {
        try await read { db in
            guard let number = try Self.number(of: run, in: db) else { return [] }
            let sql = "SELECT file, line, reason FROM broken_rows WHERE run = ? ORDER BY file, line"
            return try Row.fetchAll(db, sql: sql, arguments: [number])
                .map { row in
                    BrokenRow(file: row[0], line: row[1], reason: row[2])
                }
        }
    }

    private func runs(_ clause: String, _ arguments: StatementArguments) async throws(AssizeStoreError) -> [RunRecord] {
        let path = path
        return try await read { db in
            try Row.fetchAll(db, sql: "SELECT \(RunRecord.columns) FROM runs \(clause)", arguments: arguments)
                .map { try RunRecord(row: $0, path: path) }
        }
    }

    /// The number that stands for a run's name in the other tables; `nil` when there is no such run.
    static func number(of run: RunID, in db: Database) throws -> Int64? {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT number FROM runs WHERE id = ?"), arguments: [run.rawValue])
    }

    /// The number that stands for a run's name in the other tables.
    static func requiredNumber(of run: RunID, in db: Database, path: String) throws -> Int64 {
        guard let number = try number(of: run, in: db) else {
            throw AssizeStoreError.missing(run.rawValue, path: path)
        }
        return number
    }
}
