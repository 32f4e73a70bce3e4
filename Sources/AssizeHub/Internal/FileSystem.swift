internal import AssizeCore
internal import Dispatch

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The few things this room asks of the file system.
enum FileSystem {
    /// The names in a folder; none when it is not there.
    static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// Whether a path leads to a folder.
    static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    /// A path that begins at the root.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }

    /// The folder a path lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes a folder and those above it.
    static func makeFolder(_ path: String) throws(AssizeHubError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw AssizeHubError(
                code: .fileSystem,
                message: "the folder \(path) can't be made: \(error)",
                cause: error
            )
        }
    }

    /// Removes a file or folder, if it is there.
    static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Puts a file in another's place in one step, so that nobody ever sees half of it.
    static func move(_ path: String, to target: String) throws(AssizeHubError) {
        guard rename(path, target) == 0 else {
            throw AssizeHubError(
                code: .fileSystem,
                message: "\(path) can't be renamed to \(target): \(SystemFailure.text(errno))"
            )
        }
        // A rename is only safe against a power cut once the folder itself is on disk.
        let folder = open(FileSystem.folder(of: target), O_RDONLY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// A value read from a JSON file; `nil` when it is absent or broken.
    static func decoded<Value: Decodable>(_ type: Value.Type, at path: String) -> Value? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try? decoder.decode(type, from: data)
    }

    /// Writes a value as JSON, whole or not at all.
    static func write(_ value: some Encodable, to path: String) throws(AssizeHubError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let temporary = "\(path).\(UUID().uuidString)"
        do {
            try makeFolder(folder(of: path))
            try encoder.encode(value).write(to: URL(filePath: temporary))
        } catch {
            remove(temporary)
            throw AssizeHubError(code: .fileSystem, message: "\(path) can't be written: \(error)", cause: error)
        }
        try move(temporary, to: path)
    }

    /// The digest of a file, read on a thread of its own so that other tasks go on.
    static func hash(of path: String) async throws -> ContentHash {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global()
                .async {
                    continuation.resume(with: Result { try ContentHash(ofFileAt: path) })
                }
        }
    }

    /// The bytes free for this user on the volume of a path; `nil` when the system does not say.
    @Sendable static func freeBytes(at path: String) -> Int? {
        var info = statvfs()
        guard statvfs(path, &info) == 0 else { return nil }
        return Int(clamping: UInt64(info.f_bavail) * UInt64(info.f_frsize))
    }
}
