internal import AssizeCore

/// The lines of a file, one at a time, without their ends; blank ones are counted and left out.
///
/// Not `Sendable`: one owner reads it.
final class TrainingLineReader {
    private let file: FileBytes
    private var block: [UInt8] = []
    private var position = 0
    private var number = 0

    /// - Throws: ``AssizeTrainingError`` when the file can't be opened.
    init(path: String) throws(AssizeTrainingError) {
        do {
            file = try FileBytes(path: path)
        } catch {
            throw AssizeTrainingError(code: .invalidData, message: error.message)
        }
    }

    /// The next line that isn't blank, and its number from 1; `nil` at the end.
    ///
    /// - Throws: ``AssizeTrainingError`` when the file can't be read.
    func next() throws(AssizeTrainingError) -> (number: Int, bytes: [UInt8])? {
        while let line = try nextRaw() {
            number += 1
            var bytes = line
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
            if bytes.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) { return (number, bytes) }
        }
        return nil
    }

    private func nextRaw() throws(AssizeTrainingError) -> [UInt8]? {
        var line: [UInt8] = []
        var hasBegun = false
        while true {
            if position == block.count {
                guard try refill() else { return hasBegun ? line : nil }
            }
            hasBegun = true
            let rest = block[position...]
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                line += rest
                position = block.count
                continue
            }
            line += rest[..<end]
            position = end + 1
            return line
        }
    }

    private func refill() throws(AssizeTrainingError) -> Bool {
        do {
            guard let next = try file.next(upTo: 1 << 18) else { return false }
            block = next
            position = 0
            return true
        } catch {
            throw AssizeTrainingError(code: .invalidData, message: error.message)
        }
    }
}
