internal import AssizeCore

/// The lines of a file, one at a time, in memory that depends on the longest line and not on the file.
///
/// Takes `\n` and `\r\n`, a UTF-8 byte order mark at the start and a last line without an end. Blank lines are counted
/// and not returned. Not `Sendable`: one reader owns it.
package final class LineReader {
    /// One line, without its end.
    package struct Line: Sendable, Hashable {
        /// Counted from 1, blank lines included.
        package let number: Int
        /// The bytes, or `nil` when the line is longer than the reader's limit.
        package let bytes: [UInt8]?
    }

    /// The longest line that is read: 64 MiB.
    package static let maximumLength = 64 << 20

    private let file: FileBytes
    private let maximumLength: Int
    private let blockSize: Int
    private var block: [UInt8] = []
    private var position = 0
    private var partial: [UInt8] = []
    private var isTooLong = false
    private var number = 0

    /// Opens a file.
    ///
    /// - Throws: ``AssizeDataError`` when it can't be opened.
    package init(
        path: String,
        maximumLength: Int = LineReader.maximumLength,
        blockSize: Int = 1 << 18
    ) throws(AssizeDataError) {
        do {
            file = try FileBytes(path: path)
        } catch {
            throw AssizeDataError(code: .unreadableFile, message: error.message)
        }
        self.maximumLength = maximumLength
        self.blockSize = blockSize
    }

    /// The next line that isn't blank; `nil` at the end.
    ///
    /// - Throws: ``AssizeDataError`` when the file can't be read.
    package func next() throws(AssizeDataError) -> Line? {
        while let (bytes, fits) = try nextRaw() {
            number += 1
            guard fits else { return Line(number: number, bytes: nil) }
            if bytes.contains(where: { !JSONParser.isSpace($0) }) {
                return Line(number: number, bytes: bytes)
            }
        }
        return nil
    }

    private func nextRaw() throws(AssizeDataError) -> (bytes: [UInt8], fits: Bool)? {
        while true {
            if position == block.count {
                guard try refill() else {
                    guard !partial.isEmpty || isTooLong else { return nil }
                    return finishLine(with: block[position...])
                }
            }
            // A local copy: the class's own property would be checked for exclusive access at every byte.
            let block = block
            var end = position
            while end < block.count, block[end] != UInt8(ascii: "\n") {
                end += 1
            }
            let piece = block[position..<end]
            if end < block.count {
                position = end + 1
                return finishLine(with: piece)
            }
            position = end
            if partial.count + piece.count > maximumLength {
                isTooLong = true
                partial = []
            }
            if !isTooLong {
                partial += piece
            }
        }
    }

    private func finishLine(with piece: ArraySlice<UInt8>) -> (bytes: [UInt8], fits: Bool) {
        let fits = !isTooLong && partial.count + piece.count <= maximumLength
        isTooLong = false
        var bytes: [UInt8] = []
        if fits {
            if partial.isEmpty {
                bytes = Array(piece)
            } else {
                swap(&bytes, &partial)
                bytes += piece
            }
            if bytes.last == UInt8(ascii: "\r") {
                bytes.removeLast()
            }
            if number == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
                bytes.removeFirst(3)
            }
        }
        partial = []
        return (bytes, fits)
    }

    private func refill() throws(AssizeDataError) -> Bool {
        do {
            guard let next = try file.next(upTo: blockSize) else { return false }
            block = next
            position = 0
            return true
        } catch {
            throw AssizeDataError(code: .unreadableFile, message: error.message)
        }
    }
}
