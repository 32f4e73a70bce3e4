internal import Foundation

/// A file's bytes, mapped into memory and only read.
///
/// The file must not shrink while it is mapped; files that are replaced by a rename are safe.
@safe
final class MappedFile: Sendable {
    /// The file's path.
    let path: String
    /// The length in bytes.
    let count: Int
    // SAFETY: set once, read only, unmapped in deinit.
    private nonisolated(unsafe) let start: UnsafeMutableRawPointer?

    /// Maps a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - code: The kind of error to throw, which depends on what the file is for.
    /// - Throws: ``AssizeTrainingError`` when it can't be opened, or is not a file.
    init(path: String, code: AssizeTrainingError.Code) throws(AssizeTrainingError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw AssizeTrainingError(code: code, message: "\(path) can't be opened: \(SystemText.of(errno))")
        }
        defer { close(descriptor) }
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            throw AssizeTrainingError(code: code, message: "\(path) is not a file; name a file")
        }
        self.path = path
        count = Int(info.st_size)
        guard count > 0 else {
            unsafe start = nil
            return
        }
        let mapped = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            throw AssizeTrainingError(code: code, message: "\(path) can't be read: \(SystemText.of(errno))")
        }
        unsafe start = mapped
    }

    deinit {
        if let start = unsafe start { _ = unsafe munmap(start, count) }
    }

    /// Lends bytes of the file.
    ///
    /// - Parameters:
    ///   - range: Which bytes; they must lie in the file.
    ///   - body: What reads them.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws.
    func withBytes<Result, Failure: Error>(
        _ range: Range<Int>,
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "bytes outside the file")
        let all = unsafe UnsafeRawBufferPointer(start: start, count: count)
        let part = unsafe UnsafeRawBufferPointer(rebasing: all[range])
        return try body(unsafe part.bytes)
    }
}

/// The system's words for an error number.
enum SystemText {
    /// The text of an error number.
    static func of(_ number: Int32) -> String {
        unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    }
}
