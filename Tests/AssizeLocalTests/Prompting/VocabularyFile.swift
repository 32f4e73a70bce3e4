import Foundation

@testable import AssizeLocal

/// A GGUF file of a vocabulary without weights: every byte is a token, as in the vocabularies of SentencePiece, and so are
/// some words and the markup of the templates in use.
enum VocabularyFile {
    static let words = [" ", "a", "n", "s", "w", "e", "r", "an", " an", "sw", "er", "swer", " answer", "answer"]
    static let controls = [
        "<|im_start|>", "<|im_end|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<start_of_turn>",
        "<end_of_turn>", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>", "<|endoftext|>",
        "<|START_OF_TURN_TOKEN|>",
        "<|END_OF_TURN_TOKEN|>", "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>", "<|SYSTEM_TOKEN|>", "<|start|>", "<|message|>",
        "<|return|>", "<｜User｜>", "<｜Assistant｜>", "<｜end▁of▁sentence｜>",
    ]

    /// Writes the file and loads its vocabulary.
    static func load(putsSpace: Bool) throws -> LlamaModel {
        let path = FileManager.default.temporaryDirectory.appending(path: "vocabulary-\(UUID()).gguf").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try data(putsSpace: putsSpace).write(to: URL(fileURLWithPath: path))
        return try LlamaModel(path: path, content: .vocabulary)
    }

    private static func data(putsSpace: Bool) -> Data {
        var tokens: [(text: String, type: Int32)] = [("<unk>", 2), ("<s>", 3), ("</s>", 3)]
        tokens += (0..<256).map { (String(format: "<0x%02X>", $0), 6) }
        tokens += words.map { ($0.replacing(" ", with: "\u{2581}"), 1) }
        tokens += controls.map { ($0, 3) }
        var file = Data("GGUF".utf8)
        file.append(UInt32(3))
        file.append(UInt64(0))
        file.append(UInt64(11))
        for (key, text) in [("general.architecture", "llama"), ("tokenizer.ggml.model", "llama")] {
            file.append(key, type: 8)
            file.append(text)
        }
        for (key, number) in [
            ("llama.context_length", 512), ("llama.embedding_length", 8), ("llama.block_count", 1),
            ("llama.attention.head_count", 1), ("llama.feed_forward_length", 8),
        ] {
            file.append(key, type: 4)
            file.append(UInt32(number))
        }
        file.append("tokenizer.ggml.add_space_prefix", type: 7)
        file.append(UInt8(putsSpace ? 1 : 0))
        file.append("tokenizer.ggml.tokens", type: 9)
        file.append(UInt32(8))
        file.append(UInt64(tokens.count))
        for token in tokens { file.append(token.text) }
        file.append("tokenizer.ggml.scores", type: 9)
        file.append(UInt32(6))
        file.append(UInt64(tokens.count))
        for token in tokens { file.append(Float(token.text.unicodeScalars.count).bitPattern) }
        file.append("tokenizer.ggml.token_type", type: 9)
        file.append(UInt32(5))
        file.append(UInt64(tokens.count))
        for token in tokens { file.append(token.type) }
        return file
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

    fileprivate mutating func append(_ key: String, type: UInt32) {
        append(key)
        append(type)
    }
}
