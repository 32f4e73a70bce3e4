internal import Foundation

/// Writes a safetensors file of 32-bit floats.
struct SafetensorsWriter: Sendable {
    /// A tensor to write.
    struct Tensor: Sendable {
        /// The name.
        let name: String
        /// The sizes, the one that lies contiguous last.
        let shape: [Int]
        /// The values.
        let values: [Float]
    }

    /// The tensors in the file's order.
    let tensors: [Tensor]
    /// Texts for the header.
    let metadata: [String: String]

    /// Writes the file: it appears whole or not at all.
    ///
    /// - Parameter path: The file to write.
    /// - Throws: ``AssizeTrainingError`` when it can't be written.
    func write(to path: String) throws(AssizeTrainingError) {
        let file = try AtomicFile(path: path)
        let header = header()
        try file.append([UInt64(header.count).littleEndian])
        try file.append(header)
        for tensor in tensors { try file.append(tensor.values) }
        try file.commit()
    }

    /// The header, filled up with spaces so that the tensors begin at a multiple of eight.
    private func header() -> [UInt8] {
        var parts: [String] = []
        if !metadata.isEmpty {
            parts.append("\"__metadata__\":\(JSONValue.object(metadata.mapValues { .string($0) }))")
        }
        var offset = 0
        for tensor in tensors {
            precondition(
                tensor.shape.reduce(1, *) == tensor.values.count,
                "\(tensor.name): another shape than its values"
            )
            let end = offset + 4 * tensor.values.count
            let sizes = tensor.shape.map(String.init).joined(separator: ",")
            parts.append(
                "\(JSONValue.string(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]}"
            )
            offset = end
        }
        var bytes = Array("{\(parts.joined(separator: ","))}".utf8)
        bytes += [UInt8](repeating: UInt8(ascii: " "), count: (8 - bytes.count % 8) % 8)
        return bytes
    }
}
