internal import Foundation
internal import GRDB

/// A file that is, or is to become, a run store: how it is checked and opened.
struct StoreFile {
    let path: String
    let maximumPages: Int?

    private static let countTables =
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name <> 'grdb_migrations'"

    /// Opens the file and brings its schema up to date.
    func open() throws(AssizeStoreError) -> any DatabaseWriter {
        do {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw AssizeStoreError(
                code: .unreadable,
                message: "the folder of \(path) can't be made; check the path and its permissions",
                cause: error
            )
        }
        do {
            try checkOwner()
            let pool = try patiently { try DatabasePool(path: path, configuration: configuration) }
            try migrate(pool)
            return pool
        } catch {
            throw AssizeStoreError(error, path: path)
        }
    }

    /// The same schema without a file.
    func openInMemory() throws(AssizeStoreError) -> any DatabaseWriter {
        do {
            let queue = try DatabaseQueue(configuration: configuration)
            try migrate(queue)
            return queue
        } catch {
            throw AssizeStoreError(error, path: path)
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "assize.store"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(30)
        configuration.maximumReaderCount = 4
        let maximumPages = maximumPages
        configuration.prepareDatabase { db in
            // Two or three rows would leave much of a page of 4,096 bytes empty. It takes effect in a new file only.
            try db.execute(sql: "PRAGMA page_size = 8192")
            // Ids are in no order, so their index is written all over: keep it in memory, and let a log of 32 MB gather
            // the changes of each page before they go to the file. Both together raised the insert rate by half.
            try db.execute(sql: "PRAGMA cache_size = -16384")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            if let maximumPages {
                _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(maximumPages)")
            }
        }
        return configuration
    }

    /// Refuses another program's database before anything in it is changed; WAL mode alone is a change that stays.
    private func checkOwner() throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        var readOnly = Configuration()
        readOnly.readonly = true
        readOnly.busyMode = .timeout(30)
        let (owner, tables) = try DatabaseQueue(path: path, configuration: readOnly)
            .read { db in
                (
                    try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
                    try Int.fetchOne(db, sql: Self.countTables) ?? 0
                )
            }
        guard owner == StoreMigrations.applicationID || (owner == 0 && tables == 0) else {
            throw AssizeStoreError(
                code: .unreadable,
                message: "\(path) is another program's database; give another path for the run store"
            )
        }
    }

    private func migrate(_ database: some DatabaseWriter) throws {
        let migrator = StoreMigrations.migrator
        let isNewer = try database.read { try migrator.hasBeenSuperseded($0) }
        guard !isNewer else {
            throw AssizeStoreError(
                code: .newerSchema,
                message: "\(path) was written by a newer version of assize; update assize or give another path"
            )
        }
        do {
            try migrator.migrate(database)
        } catch {
            // Another process may have made the same file at the same moment: the first of the two wins.
            guard try database.read({ try migrator.hasCompletedMigrations($0) }) else { throw error }
        }
    }

    /// Tries again for a while as long as the file is busy: SQLite does not wait by itself while it changes to WAL mode.
    private func patiently<Value>(_ body: () throws -> Value) throws -> Value {
        for _ in 0..<500 {
            do {
                return try body()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        return try body()
    }
}
