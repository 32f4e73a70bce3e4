internal import AssizeCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A folder to make prepared weights in: whatever is not kept is gone when the value is, or at the next preparation.
///
/// One process at a time has it. Files get their place by a rename, the record last, so that nobody meets half of anything.
public final class PreparedWorkshop {
    private let folder: PreparedFolder
    private let scratch: String
    private let lock: PullLock
    private let freeBytes: (String) -> Int?

    private init(folder: PreparedFolder, lock: PullLock, freeBytes: @escaping (String) -> Int?) throws(AssizeHubError) {
        self.folder = folder
        self.lock = lock
        self.freeBytes = freeBytes
        scratch = "\(folder.path)/.making"
        // The lock is ours: what lies here is left from a process that was killed.
        FileSystem.remove(scratch)
        try FileSystem.makeFolder(scratch)
    }

    deinit {
        FileSystem.remove(scratch)
    }

    /// Waits until no other process prepares weights.
    ///
    /// - Parameters:
    ///   - folder: Where prepared weights lie.
    ///   - waiting: Called once, if another process is at it.
    /// - Returns: The workshop, empty.
    /// - Throws: ``AssizeHubError`` when the folder can't be made; `CancellationError`.
    public static func open(_ folder: PreparedFolder, waiting: () -> Void) async throws -> PreparedWorkshop {
        try await open(folder, waiting: waiting, freeBytes: FileSystem.freeBytes)
    }

    static func open(
        _ folder: PreparedFolder,
        waiting: () -> Void,
        freeBytes: @escaping (String) -> Int?
    ) async throws -> PreparedWorkshop {
        try FileSystem.makeFolder(folder.path)
        let lock = try await PullLock.acquire("\(folder.path)/.lock", clock: ContinuousClock(), waiting: waiting)
        return try PreparedWorkshop(folder: folder, lock: lock, freeBytes: freeBytes)
    }

    /// Where a format is to be written.
    ///
    /// - Parameters:
    ///   - format: The format's name.
    ///   - size: About how many bytes it will have.
    /// - Returns: A path at which nothing is.
    /// - Throws: ``AssizeHubError`` with code `diskFull` when there is no room for it.
    public func place(for format: String, size: Int) throws(AssizeHubError) -> String {
        let path = "\(scratch)/\(format).gguf"
        FileSystem.remove(path)
        try DiskSpace.require(size, for: path, kept: 0, free: freeBytes)
        return path
    }

    /// Removes a format that is not wanted after all.
    public func discard(_ format: String) {
        FileSystem.remove("\(scratch)/\(format).gguf")
    }

    /// Puts formats in their place and writes the record of them; what was kept of this model before goes.
    ///
    /// - Parameters:
    ///   - formats: Formats that were written here.
    ///   - source: The file they were made of.
    ///   - record: Makes the record, of what is kept.
    /// - Returns: The record and its folder.
    /// - Throws: ``AssizeHubError`` when something can't be written.
    public func keep(
        _ formats: [String],
        of source: PreparedRecord.Source,
        record: ([PreparedRecord.File]) -> PreparedRecord
    ) async throws -> PreparedFolder.Entry {
        var files: [PreparedRecord.File] = []
        for format in formats {
            let path = "\(scratch)/\(format).gguf"
            try PartFile(path: path).synchronize()
            let sha256 = try await FileSystem.hash(of: path)
            // With its digest in its name a file never takes another's place while a record still speaks of that.
            let name = "\(format)-\(sha256.hexadecimal.prefix(8)).gguf"
            let size = FileStamp(path: path)?.size ?? 0
            files.append(PreparedRecord.File(format: format, name: name, sha256: sha256, size: size))
        }
        try Task.checkCancellation()
        let target = folder.folder(of: source)
        let made = record(files)
        try FileSystem.makeFolder(target)
        for file in files {
            try FileSystem.move("\(scratch)/\(file.format).gguf", to: "\(target)/\(file.name)")
        }
        try FileSystem.write(made, to: "\(target)/\(PreparedFolder.recordName)")
        let wanted = Set(files.map(\.name) + [PreparedFolder.recordName])
        for name in FileSystem.names(in: target) where !wanted.contains(name) {
            FileSystem.remove("\(target)/\(name)")
        }
        return PreparedFolder.Entry(folder: target, record: made)
    }
}
