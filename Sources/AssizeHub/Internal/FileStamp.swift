#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What tells one state of a file from another without reading it.
struct FileStamp: Sendable, Hashable, Codable {
    /// The length in bytes.
    let size: Int
    /// The time of the last change, in nanoseconds since 1970.
    let changed: Int
    /// The file's number on its volume.
    let inode: UInt64

    /// `nil` when there is no file at the path, or something else than a file.
    init?(path: String) {
        var info = stat()
        guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
        let time = info.st_mtimespec
        #else
        let time = info.st_mtim
        #endif
        size = Int(info.st_size)
        changed = Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
        inode = UInt64(info.st_ino)
    }
}
