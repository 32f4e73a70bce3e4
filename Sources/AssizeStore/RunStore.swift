internal import GRDB

/// Every run and its judgments, broken rows and cached answers, in one SQLite file.
///
/// A call returns once its change is committed. Commits survive the end of the process, whatever ends it (`kill -9`
/// included): the file is in WAL mode with `synchronous=NORMAL`. They are not forced to the disk one by one, so a power
/// cut or a crash of the operating system may lose the last of them, some seconds' worth; never the file, and a resumed
/// run judges what was lost once more.
///
/// Several stores, in one process or many, may use the same file at once. A file system without shared memory maps, such
/// as most network ones, can't hold it.
///
/// SQLite's work runs on threads of its own, never on the concurrency pool. A call that has begun is not given up when
/// its task is cancelled, so that an interrupted run can still write down that it was interrupted.
public final class RunStore: Sendable {
    /// Where the file is; `:memory:` when there is none.
    public let path: String
    private let database: any DatabaseWriter

    /// Opens a store, or makes a new one with the folders that lead to it.
    ///
    /// - Parameter path: The file. It gets two neighbours, `-wal` and `-shm`, while it is in use.
    /// - Throws: ``AssizeStoreError`` when the file can't be opened, is no run store, or was written by a newer version.
    public convenience init(path: String) throws(AssizeStoreError) {
        try self.init(path: path, maximumPages: nil)
    }

    /// Opens a store whose file can't grow past some number of pages of 8,192 bytes: a small disk, for tests.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - maximumPages: The most pages that the file may have; `nil` for as many as there is room for.
    /// - Throws: ``AssizeStoreError`` as ``init(path:)`` does.
    package init(path: String, maximumPages: Int?) throws(AssizeStoreError) {
        self.path = path
        database = try StoreFile(path: path, maximumPages: maximumPages).open()
    }

    private init(database: any DatabaseWriter) {
        path = ":memory:"
        self.database = database
    }

    /// A store without a file, gone with the last reference to it.
    ///
    /// - Throws: ``AssizeStoreError`` when there is no memory for it.
    public static func inMemory() throws(AssizeStoreError) -> RunStore {
        RunStore(database: try StoreFile(path: ":memory:", maximumPages: nil).openInMemory())
    }

    /// Runs one statement of SQL on the writing connection: for looking into a file by hand.
    ///
    /// - Parameter sql: The statement.
    /// - Returns: The first value of its first row, as text.
    /// - Throws: ``AssizeStoreError`` when SQLite refuses it.
    @discardableResult
    package func evaluate(_ sql: String) async throws(AssizeStoreError) -> String? {
        try await write { db in try String.fetchOne(db, sql: sql) }
    }

    /// Runs `body` in a transaction that only reads.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(AssizeStoreError) -> Value {
        let path = path
        let result: Result<Value, AssizeStoreError> = await withCheckedContinuation { continuation in
            database.asyncRead { access in
                let result = Result { try body(access.get()) }
                continuation.resume(returning: result.mapError { AssizeStoreError($0, path: path) })
            }
        }
        return try result.get()
    }

    /// Runs `body` in a transaction and commits it.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(AssizeStoreError) -> Value {
        let path = path
        let result: Result<Value, AssizeStoreError> = await withCheckedContinuation { continuation in
            startWrite(body) { _, result in
                continuation.resume(returning: result.mapError { AssizeStoreError($0, path: path) })
            }
        }
        return try result.get()
    }

    /// Queues a transaction and returns; `completion` is called on the database's own thread, outside the transaction.
    func startWrite<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        completion: @escaping @Sendable (Database, Result<Value, any Error>) -> Void
    ) {
        database.asyncWrite(body, completion: completion)
    }
}
