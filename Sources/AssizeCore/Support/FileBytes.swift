#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A file read from front to back in blocks, so that any size fits in constant memory.
///
/// Not `Sendable`: one reader owns it.
public final class FileBytes {
    private let descriptor: Int32
    private let path: String

    /// Opens a file for reading.
    ///
    /// - Throws: ``AssizeCoreError`` when it can't be opened.
    public init(path: String) throws(AssizeCoreError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw AssizeCoreError(
                code: .unreadableFile,
                message: "\(path) can't be opened: \(SystemFailure.text(errno))"
            )
        }
    }

    deinit {
        close(descriptor)
    }

    /// The next block, at most `count` bytes; `nil` at the end.
    ///
    /// - Throws: ``AssizeCoreError`` when the file can't be read.
    public func next(upTo count: Int) throws(AssizeCoreError) -> [UInt8]? {
        var failure: Int32 = 0
        let block = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while true {
                let got = read(descriptor, buffer.baseAddress, count)
                if got >= 0 {
                    filled = got
                    return
                }
                if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        guard failure == 0 else {
            throw AssizeCoreError(
                code: .unreadableFile,
                message: "\(path) can't be read: \(SystemFailure.text(failure))"
            )
        }
        return block.isEmpty ? nil : block
    }
}
