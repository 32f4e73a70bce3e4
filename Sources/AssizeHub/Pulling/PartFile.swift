internal import AssizeCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A file that is growing: `<file>.part`.
///
/// Not `Sendable`: the pull that holds the lock owns it.
final class PartFile {
    let path: String
    /// The bytes written so far.
    private(set) var size: Int
    private let descriptor: Int32

    /// Opens a part, or begins an empty one.
    init(path: String) throws(AssizeHubError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw AssizeHubError(
                code: .fileSystem,
                message: "\(path) can't be written: \(SystemFailure.text(errno))"
            )
        }
        size = Int(lseek(descriptor, 0, SEEK_END))
    }

    deinit {
        close(descriptor)
    }

    /// Cuts the part back.
    func truncate(to count: Int) throws(AssizeHubError) {
        guard ftruncate(descriptor, off_t(count)) == 0 else { throw failure(errno) }
        size = count
    }

    /// Takes note of what another process wrote to the part.
    func measure() {
        size = Int(lseek(descriptor, 0, SEEK_END))
    }

    /// Adds bytes at the end.
    func append(_ bytes: UnsafeRawBufferPointer) throws(AssizeHubError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = UnsafeRawBufferPointer(rebasing: rest)
            let written = pwrite(descriptor, block.baseAddress, block.count, off_t(size))
            if written >= 0 {
                size += written
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                throw failure(errno)
            }
        }
    }

    /// Waits until all bytes are on disk.
    func synchronize() throws(AssizeHubError) {
        guard fsync(descriptor) == 0 else { throw failure(errno) }
    }

    private func failure(_ number: Int32) -> AssizeHubError {
        if number == ENOSPC || number == EDQUOT {
            return DiskSpace.full(at: path, kept: size, total: nil)
        }
        return AssizeHubError(code: .fileSystem, message: "\(path) can't be written: \(SystemFailure.text(number))")
    }
}
