/// Writes a safetensors file whose tensors come piece by piece, so that no more than a piece is held.
final class SafetensorsStream {
    /// A tensor to come.
    struct Entry: Sendable, Hashable {
        /// The name.
        let name: String
        /// The values' type, such as `F32`.
        let type: String
        /// The sizes, the one that lies contiguous last.
        let shape: [Int]

        /// Values in all.
        var count: Int { shape.reduce(1, *) }
    }

    private let file: AtomicFile
    private let end: Int

    /// Begins a file with its header.
    ///
    /// - Parameters:
    ///   - path: The file to write.
    ///   - entries: The tensors in the order in which they will come.
    ///   - valueBytes: The bytes of one value.
    /// - Throws: ``AssizeTrainingError`` when it can't be written.
    init(path: String, entries: [Entry], valueBytes: Int) throws(AssizeTrainingError) {
        var parts = [#""__metadata__":{"format":"pt"}"#]
        var offset = 0
        for entry in entries {
            let next = offset + entry.count * valueBytes
            let sizes = entry.shape.map(String.init).joined(separator: ",")
            parts.append(
                "\(JSONValue.string(entry.name)):{\"dtype\":\"\(entry.type)\",\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(next)]}"
            )
            offset = next
        }
        var header = Array("{\(parts.joined(separator: ","))}".utf8)
        // Spaces, so that the tensors begin at a multiple of eight.
        header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        file = try AtomicFile(path: path)
        try file.append([UInt64(header.count).littleEndian])
        try file.append(header)
        end = file.count + offset
    }

    /// Adds the next bytes.
    ///
    /// - Parameter bytes: Bytes of the tensor that is due.
    /// - Throws: ``AssizeTrainingError`` when they can't be written.
    func append(_ bytes: [UInt8]) throws(AssizeTrainingError) {
        try file.append(bytes)
    }

    /// Finishes the file.
    ///
    /// - Throws: ``AssizeTrainingError`` when that fails.
    func commit() throws(AssizeTrainingError) {
        precondition(file.count == end, "\(file.path): \(file.count) bytes where its header tells \(end)")
        try file.commit()
    }
}
