public import AssizeCore
internal import GRDB

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension RunStore {
    /// The cached answers among `keys`, marked as replayed.
    ///
    /// - Parameter keys: Hashes of all that decides an answer, its sample number included.
    /// - Returns: Those that are there, by key.
    /// - Throws: ``AssizeStoreError`` when the file can't be read.
    public func cachedAnswers(_ keys: [ContentHash]) async throws(AssizeStoreError) -> [ContentHash: Answer] {
        let found = try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT answer FROM answers WHERE key = ?")
            var found: [ContentHash: String] = [:]
            for key in Set(keys) {
                found[key] = try String.fetchOne(statement, arguments: [key.bytes])
            }
            return found
        }
        var answers: [ContentHash: Answer] = [:]
        for (key, json) in found {
            var answer = try JudgmentCoding.decode(Answer.self, from: json, path: path)
            answer.isReplayed = true
            answers[key] = answer
        }
        return answers
    }

    /// Keeps answers; where a key has one already, the first stays.
    ///
    /// - Returns: The number of answers that were new.
    /// - Throws: ``AssizeStoreError`` when they can't be written.
    @discardableResult
    public func cacheAnswers(_ answers: [CachedAnswer]) async throws(AssizeStoreError) -> Int {
        var rows: [(key: Data, model: String, created: String, answer: String)] = []
        rows.reserveCapacity(answers.count)
        for cached in answers {
            var answer = cached.answer
            answer.isReplayed = false
            rows.append((cached.key.bytes, cached.model, cached.created.stored, try JudgmentCoding.encode(answer)))
        }
        return try await write { [rows] db in
            let insert = try db.cachedStatement(
                sql: "INSERT OR IGNORE INTO answers (key, model, created, answer) VALUES (?, ?, ?, ?)"
            )
            var inserted = 0
            for row in rows {
                try insert.execute(arguments: [row.key, row.model, row.created, row.answer])
                inserted += db.changesCount
            }
            return inserted
        }
    }

    /// Removes the answers given before a point in time.
    ///
    /// The file keeps its size; the room is used again.
    ///
    /// - Returns: The number of answers removed.
    /// - Throws: ``AssizeStoreError`` when the file can't be written.
    @discardableResult
    public func pruneCache(olderThan date: Date) async throws(AssizeStoreError) -> Int {
        try await write { db in
            try db.execute(sql: "DELETE FROM answers WHERE created < ?", arguments: [date.stored])
            return db.changesCount
        }
    }

    /// What the cache holds.
    ///
    /// It reads every answer, so it takes a while where there are many.
    ///
    /// - Throws: ``AssizeStoreError`` when the file can't be read.
    public func cacheSummary() async throws(AssizeStoreError) -> CacheSummary {
        let path = path
        return try await read { db in
            let sql = """
                SELECT model, COUNT(*), SUM(LENGTH(CAST(answer AS BLOB))), MIN(created), MAX(created)
                FROM answers GROUP BY model
                """
            var models: [String: Int] = [:]
            var bytes = 0
            var times: [String] = []
            for row in try Row.fetchAll(db, sql: sql) {
                models[row[0]] = row[1]
                bytes += row[2]
                times += [row[3], row[4]]
            }
            return CacheSummary(
                answers: models.values.reduce(0, +),
                bytes: bytes,
                models: models,
                oldest: try times.min().map { try Date(stored: $0, path: path) },
                newest: try times.max().map { try Date(stored: $0, path: path) }
            )
        }
    }
}

extension ContentHash {
    /// The 32 bytes of the digest: half of what its digits take.
    fileprivate var bytes: Data {
        var bytes = Data(capacity: 32)
        var high: UInt8?
        for digit in hexadecimal.utf8 {
            let value = digit < 58 ? digit - 48 : digit - 87
            if let upper = high {
                bytes.append(upper << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
