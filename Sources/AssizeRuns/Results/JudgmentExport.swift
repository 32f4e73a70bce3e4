public import AssizeCore
public import AssizeStore
public import Foundation

/// Writes a run's judgments as JSONL, in the order of the items.
public enum JudgmentExport {
    private static let block = 1 << 18

    /// Writes to a file by way of a neighbour that is renamed at the end: whatever happens, the path holds the former
    /// file or the whole new one.
    ///
    /// - Returns: The number of rows.
    /// - Throws: ``AssizeRunsError`` when the file can't be written, ``AssizeStoreError`` when the store can't be read.
    public static func write(run: RunID, of store: RunStore, to path: String) async throws -> Int {
        let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).part"
        guard FileManager.default.createFile(atPath: temporary, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporary)
        else {
            throw AssizeRunsError(
                code: .unwritable,
                message: "\(path) can't be written; check that its folder exists and may be written to"
            )
        }
        do {
            let rows = try await write(run: run, of: store) { try handle.write(contentsOf: $0) }
            try handle.synchronize()
            try handle.close()
            _ = try FileManager.default.replaceItem(temporary, at: path)
            return rows
        } catch let error as AssizeStoreError {
            try? FileManager.default.removeItem(atPath: temporary)
            throw error
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            throw AssizeRunsError(
                code: .unwritable,
                message:
                    "\(path) can't be written (\(error)); the judgments are safe in \(store.path): 'assize runs export \(run)' writes them again",
                cause: error
            )
        }
    }

    /// Hands out the rows in blocks, for standard output or another sink.
    ///
    /// - Returns: The number of rows.
    public static func write(run: RunID, of store: RunStore, sink: (Data) throws -> Void) async throws -> Int {
        var rows = 0
        var pending = Data()
        try await store.forEachJudgment(of: run) { stored in
            pending.append(contentsOf: stored.json.utf8)
            pending.append(0x0A)
            rows += 1
            if pending.count >= block {
                try sink(pending)
                pending.removeAll(keepingCapacity: true)
            }
        }
        if !pending.isEmpty { try sink(pending) }
        return rows
    }

    /// Checks that a path could be written, before anything is judged.
    ///
    /// - Throws: ``AssizeRunsError`` with what is in the way.
    public static func check(path: String) throws(AssizeRunsError) {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw AssizeRunsError(code: .unwritable, message: "\(path) is a folder; name a file")
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw AssizeRunsError(
                code: .unwritable,
                message: "the folder \(folder) is missing or can't be written to; make it, or name another output"
            )
        }
    }
}

extension FileManager {
    /// Renames a file over another, as one step.
    func replaceItem(_ source: String, at destination: String) throws {
        guard rename(source, destination) == 0 else {
            throw CocoaError(
                .fileWriteUnknown,
                userInfo: [NSFilePathErrorKey: destination, "reason": SystemFailure.text(errno)]
            )
        }
    }
}
