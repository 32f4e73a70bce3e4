@testable import AssizeTraining

/// GGUF files with a small byte-level vocabulary, with or without a model.
enum VocabularyFile {
    static let tokens = [
        "<|end|>", "<|turn|>", "a", "b", "\u{120}", "ab", "\u{120}ab", "\"", "\\", "<mark>", "<unused>",
    ]
    static let kinds: [Int32] = [3, 3, 1, 1, 1, 1, 1, 1, 1, 4, 5]
    static let merges = ["a b", "\u{120} ab"]

    /// The metadata of the vocabulary.
    static let metadata: [String: GGUFValue] = [
        "tokenizer.ggml.model": .string("gpt2"), "tokenizer.ggml.pre": .string("smollm"),
        "tokenizer.ggml.tokens": .strings(tokens), "tokenizer.ggml.token_type": .int32s(kinds),
        "tokenizer.ggml.merges": .strings(merges), "tokenizer.ggml.bos_token_id": .uint32(1),
        "tokenizer.ggml.eos_token_id": .uint32(0), "tokenizer.ggml.padding_token_id": .uint32(0),
        "tokenizer.chat_template": .string("{{ messages[0]['content'] }}\n"),
    ]

    /// Writes a file that holds a vocabulary alone.
    static func write(_ changes: [String: GGUFValue?] = [:], in scratch: ScratchFolder) throws -> GGUFFile {
        let writer = GGUFWriter()
        for (key, value) in metadata.merging(changes.compactMapValues(\.self), uniquingKeysWith: { $1 })
        where changes[key] != .some(nil) {
            try writer.set(value, for: key)
        }
        let path = scratch.file("vocabulary.gguf")
        try writer.write(to: path) { _, _ in }
        return try GGUFFile(path: path)
    }

    /// Copies a tiny model with this vocabulary, with metadata changed, a tensor left out or a vector added.
    static func model(
        _ name: String,
        _ changes: [String: GGUFValue] = [:],
        without: String? = nil,
        with extra: String? = nil,
        in scratch: ScratchFolder
    ) throws -> String {
        let file = try GGUFFile(path: TinyModel.write(name, in: scratch.path))
        let writer = GGUFWriter()
        for key in file.keys where !key.hasPrefix("tokenizer.") {
            if let text = file.string(key) {
                try writer.set(.string(text), for: key)
            } else if let number = file.integer(key) {
                try writer.set(.uint32(UInt32(number)), for: key)
            } else if let number = file.number(key) {
                try writer.set(.float(Float(number)), for: key)
            }
        }
        for (key, value) in metadata.merging(changes, uniquingKeysWith: { $1 }) { try writer.set(value, for: key) }
        var floats: [String: [Float]] = [:]
        for tensor in file.tensors where tensor.name != without {
            let dimensions = tensor.dimensions[1] == 1 ? [tensor.width] : [tensor.width, tensor.rows]
            try writer.add(tensor.name, type: .f32, dimensions: dimensions)
            floats[tensor.name] = try file.floats(of: tensor)
        }
        if let extra {
            try writer.add(extra, type: .f32, dimensions: [8])
            floats[extra] = [Float](repeating: 0, count: 8)
        }
        let path = scratch.file("model.gguf")
        try writer.write(to: path, floats: floats)
        return path
    }
}
