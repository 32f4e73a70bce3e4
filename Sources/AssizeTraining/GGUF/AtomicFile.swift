internal import Foundation

/// A file that appears whole or not at all: bytes go to a file beside it, which takes its name at the end.
///
/// Not `Sendable`: whoever makes it owns it. If it is dropped before ``commit()``, nothing stays.
final class AtomicFile {
    /// The path the file will have.
    let path: String
    /// The bytes written so far.
    private(set) var count = 0
    private let part: String
    private let descriptor: Int32
    private var committed = false

    /// Begins a file.
    ///
    /// - Parameter path: Where it will be; a file that is there stays until the end.
    /// - Throws: ``AssizeTrainingError`` when the folder can't be written to.
    init(path: String) throws(AssizeTrainingError) {
        self.path = path
        part = "\(path).\(UUID().uuidString).part"
        descriptor = unsafe open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw AssizeTrainingError(
                code: .file,
                message: "\(path) can't be written: \(SystemText.of(errno)); check that its folder is there"
            )
        }
    }

    deinit {
        close(descriptor)
        if !committed { _ = unsafe unlink(part) }
    }

    /// Adds bytes at the end.
    ///
    /// - Parameter bytes: The bytes.
    /// - Throws: ``AssizeTrainingError`` when they can't be written.
    func append(_ bytes: RawSpan) throws(AssizeTrainingError) {
        var done = 0
        while done < bytes.byteCount {
            let rest = bytes.extracting(done..<bytes.byteCount)
            let written = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                done += written
            } else if errno != EINTR {
                throw failure()
            }
        }
        count += done
    }

    /// Adds values at the end, as they lie in memory.
    ///
    /// - Parameter values: The values, such as bytes or floats.
    /// - Throws: ``AssizeTrainingError`` when they can't be written.
    func append<Value: BitwiseCopyable>(_ values: [Value]) throws(AssizeTrainingError) {
        unsafe try append(values.span.bytes)
    }

    /// Adds zeros until the length is a multiple of a number.
    ///
    /// - Parameter alignment: The number.
    /// - Throws: ``AssizeTrainingError`` when they can't be written.
    func pad(to alignment: Int) throws(AssizeTrainingError) {
        let rest = count % alignment
        if rest > 0 { try append([UInt8](repeating: 0, count: alignment - rest)) }
    }

    /// Waits until all bytes are on the disk and gives the file its name.
    ///
    /// - Throws: ``AssizeTrainingError`` when either fails.
    func commit() throws(AssizeTrainingError) {
        guard fsync(descriptor) == 0, unsafe rename(part, path) == 0 else { throw failure() }
        committed = true
    }

    private func failure() -> AssizeTrainingError {
        AssizeTrainingError(
            code: .file,
            message: "\(path) can't be written: \(SystemText.of(errno)); is there room on the disk?"
        )
    }
}
