import AssizeCore
import Foundation

/// Writes a LoRA adapter in GGUF whose values are random but large enough to change what a model says.
enum LoraFile {
    /// - Parameters:
    ///   - path: Where to.
    ///   - architecture: The model's, such as `llama`.
    ///   - width: The model's embedding size: input and output of the attention's query projection.
    ///   - layers: How many layers get an adapter, from the first one.
    ///   - seed: Other seeds give other adapters.
    /// - Throws: What writing the file throws.
    static func write(to path: String, architecture: String, width: Int, layers: Int, seed: UInt64) throws {
        let rank = 4
        var random = SplitMix64(seed: seed)
        var header = Data()
        var tensors = Data()
        header.append(contentsOf: Array("GGUF".utf8))
        header.append(UInt32(3))
        header.append(UInt64(layers * 2))
        header.append(UInt64(4))
        for (key, value) in [
            ("general.type", "adapter"), ("general.architecture", architecture), ("adapter.type", "lora"),
        ] {
            header.append(key)
            header.append(UInt32(8))
            header.append(value)
        }
        header.append("adapter.lora.alpha")
        header.append(UInt32(6))
        header.append(Float(rank).bitPattern)
        for layer in 0..<layers {
            for (name, shape) in [("lora_a", [width, rank]), ("lora_b", [rank, width])] {
                header.append("blk.\(layer).attn_q.weight.\(name)")
                header.append(UInt32(2))
                for size in shape { header.append(UInt64(size)) }
                header.append(UInt32(0))
                header.append(UInt64(tensors.count))
                for _ in 0..<(shape[0] * shape[1]) {
                    tensors.append((Float(random.nextUnit()) - 0.5).bitPattern)
                }
                while tensors.count % 32 != 0 { tensors.append(UInt8(0)) }
            }
        }
        while header.count % 32 != 0 { header.append(UInt8(0)) }
        try (header + tensors).write(to: URL(fileURLWithPath: path))
    }
}

extension Data {
    fileprivate mutating func append(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        append(contentsOf: Array(text.utf8))
    }
}
