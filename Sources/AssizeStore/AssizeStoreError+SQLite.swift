internal import GRDB

extension AssizeStoreError {
    /// Words for whatever a database access has thrown.
    ///
    /// - Parameters:
    ///   - error: What was thrown; an error of this type is passed on as it is.
    ///   - path: The file, for the message.
    init(_ error: any Error, path: String) {
        if let error = error as? AssizeStoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(code: .other, message: "\(path): \(error)", cause: error)
            return
        }
        let words = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(
                code: .full,
                message: "the disk holding \(path) is full; free some space and run again with --resume",
                cause: error
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                code: .locked,
                message: "\(path) is locked by another process; wait for it to finish and run again",
                cause: error
            )
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self = .corrupt(path: path, reason: words, cause: error)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH, .SQLITE_IOERR:
            self.init(
                code: .unreadable,
                message: "\(path) can't be opened, read or written (\(words)); check the path and its permissions",
                cause: error
            )
        case .SQLITE_CONSTRAINT:
            self.init(code: .conflict, message: "\(path) holds something else in that place: \(words)", cause: error)
        default:
            self.init(code: .other, message: "\(path): \(words)", cause: error)
        }
    }

    /// A damaged file, or a stored value that can't be read back.
    static func corrupt(path: String, reason: String, cause: (any Error)? = nil) -> AssizeStoreError {
        AssizeStoreError(
            code: .corrupt,
            message: "\(path) is damaged or not a run store (\(reason)): move it away or restore a backup",
            cause: cause
        )
    }

    /// A full disk, with the number of judgments that are safe.
    func counting(safeJudgments count: Int, path: String) -> AssizeStoreError {
        AssizeStoreError(
            code: .full,
            message: "the disk holding \(path) is full; free some space and run again with --resume: "
                + "\(count) \(count == 1 ? "judgment is" : "judgments are") safe",
            cause: cause
        )
    }

    /// A run that is not there.
    static func missing(_ run: String, path: String) -> AssizeStoreError {
        AssizeStoreError(
            code: .notFound,
            message: "\(path) holds no run named '\(run)'; `assize runs list` shows those there are"
        )
    }
}
