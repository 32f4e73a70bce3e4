import Foundation

/// A file with a JSON header and rows of numbers behind it, written whole or not at all, and checked when it is read.
///
/// Layout: `ASSIZE1\n`, the header's length and the checksum of all that follows as 64-bit little-endian numbers, the header,
/// then each row's bytes. The header itself names the rows.
struct StateFile<Header: Codable> {
    let header: Header
    let rows: [[UInt8]]

    private static var magic: [UInt8] { Array("ASSIZE1\n".utf8) }

    init(header: Header, rows: [[UInt8]]) {
        self.header = header
        self.rows = rows
    }

    private struct Envelope: Codable {
        let header: Header
        let lengths: [Int]
    }

    /// Writes the file; an earlier one of that name stays whole until it is replaced.
    ///
    /// - Throws: ``AssizeTrainingError`` when it can't be written.
    func write(to path: String) throws(AssizeTrainingError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let json = try? encoder.encode(Envelope(header: header, lengths: rows.map(\.count))) else {
            throw AssizeTrainingError(
                code: .file,
                message: "the state for \(path) holds a number that can't be written"
            )
        }
        var checksum = Checksum()
        checksum.add([UInt8](json))
        for row in rows { checksum.add(row) }
        let file = try AtomicFile(path: path)
        try file.append(StateFile.magic)
        try file.append([UInt64(json.count).littleEndian, checksum.value.littleEndian])
        try file.append([UInt8](json))
        for row in rows { try file.append(row) }
        try file.commit()
    }

    /// Reads a file.
    ///
    /// - Throws: ``AssizeTrainingError`` when it is no such file, or was changed or cut off.
    init(path: String) throws(AssizeTrainingError) {
        func broken(_ why: String) -> AssizeTrainingError {
            AssizeTrainingError(
                code: .checkpoint,
                message: "\(path) can't be used: \(why); remove it to start anew"
            )
        }
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw broken("it can't be read")
        }
        let start = StateFile.magic.count + 16
        guard bytes.count >= start, bytes.starts(with: StateFile.magic) else { throw broken("it is not one of ours") }
        func number(at place: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
        }
        let length = number(at: StateFile.magic.count)
        guard length <= UInt64(bytes.count - start) else { throw broken("it was cut off") }
        var checksum = Checksum()
        let content = bytes[start...]
        let json = content.prefix(Int(length))
        guard let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(json)) else {
            throw broken("its header was changed")
        }
        checksum.add([UInt8](json))
        var rows: [[UInt8]] = []
        var rest = content.dropFirst(Int(length))
        for length in envelope.lengths {
            guard length >= 0, length <= rest.count else { throw broken("it was cut off") }
            let row = [UInt8](rest.prefix(length))
            checksum.add(row)
            rows.append(row)
            rest = rest.dropFirst(length)
        }
        guard rest.isEmpty, checksum.value == number(at: StateFile.magic.count + 8) else {
            throw broken("its bytes were changed")
        }
        header = envelope.header
        self.rows = rows
    }
}

/// FNV-1a over 64-bit words, quick enough for every checkpoint; it finds accidents, not intent.
struct Checksum {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Adds bytes; their count is part of it.
    mutating func add(_ bytes: [UInt8]) {
        var sum = value ^ UInt64(bytes.count)
        unsafe bytes.withUnsafeBytes { buffer in
            let words = buffer.count / 8
            for word in 0..<words {
                let bits = unsafe buffer.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
                sum = (sum ^ UInt64(littleEndian: bits)) &* 0x100_0000_01B3
            }
            for place in (words * 8)..<buffer.count { sum = (sum ^ UInt64(unsafe buffer[place])) &* 0x100_0000_01B3 }
        }
        value = sum
    }
}

extension Array where Element: BitwiseCopyable {
    /// The elements' bytes as they lie in memory.
    var memory: [UInt8] { unsafe withUnsafeBytes { unsafe [UInt8]($0) } }

    /// Elements from bytes; `nil` when their count does not fit.
    init?(memory bytes: [UInt8]) {
        guard bytes.count % MemoryLayout<Element>.stride == 0 else { return nil }
        self = unsafe bytes.withUnsafeBytes { buffer in
            (0..<(buffer.count / MemoryLayout<Element>.stride))
                .map {
                    unsafe buffer.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.stride, as: Element.self)
                }
        }
    }
}
