import AssizeCore
import Foundation

@testable import AssizeTraining

/// A model of two small layers with random weights and a vocabulary of bytes, in the form of a real one: it can be trained
/// and asked within a moment.
enum TinyJudge {
    private static let width = 32
    private static let inner = 64
    private static let markup = ["<|im_start|>", "<|im_end|>"]
    private static let template = """
        {% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}\
        {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
        """

    /// Writes the model's file.
    static func write(to path: String, seed: UInt64 = 1) throws {
        var tokens: [(text: String, type: Int32)] = [("<unk>", 2), ("<s>", 3), ("</s>", 3)]
        tokens += (0..<256).map { (String(format: "<0x%02X>", $0), 6) }
        tokens += markup.map { ($0, 3) }
        let writer = GGUFWriter()
        try describe(writer, tokens)
        var matrices = [
            ("token_embd.weight", [width, tokens.count]), ("output.weight", [width, tokens.count]),
            ("output_norm.weight", [width]),
        ]
        for layer in 0..<2 {
            matrices += [
                ("attn_norm", [width]), ("attn_q", [width, width]), ("attn_k", [width, width / 2]),
                ("attn_v", [width, width / 2]), ("attn_output", [width, width]), ("ffn_norm", [width]),
                ("ffn_gate", [width, inner]), ("ffn_up", [width, inner]), ("ffn_down", [inner, width]),
            ]
            .map { ("blk.\(layer).\($0.0).weight", $0.1) }
        }
        for (name, dimensions) in matrices { try writer.add(name, type: .f32, dimensions: dimensions) }
        let sizes = Dictionary(uniqueKeysWithValues: matrices)
        try writer.write(to: path) { tensor, file throws(AssizeTrainingError) in
            try file.append(weights(sizes[tensor.name] ?? [], name: tensor.name, seed: seed))
        }
    }

    private static func describe(_ writer: GGUFWriter, _ tokens: [(text: String, type: Int32)]) throws {
        let numbers: [(String, UInt32)] = [
            ("llama.context_length", 4096), ("llama.embedding_length", UInt32(width)), ("llama.block_count", 2),
            ("llama.attention.head_count", 4), ("llama.attention.head_count_kv", 2),
            ("llama.feed_forward_length", UInt32(inner)), ("llama.rope.dimension_count", UInt32(width / 4)),
            ("tokenizer.ggml.bos_token_id", 1), ("tokenizer.ggml.eos_token_id", UInt32(tokens.count - 1)),
        ]
        for (key, number) in numbers { try writer.set(.uint32(number), for: key) }
        try writer.set(.string("llama"), for: "general.architecture")
        try writer.set(.float(1e-5), for: "llama.attention.layer_norm_rms_epsilon")
        try writer.set(.string("llama"), for: "tokenizer.ggml.model")
        try writer.set(.bool(false), for: "tokenizer.ggml.add_space_prefix")
        try writer.set(.strings(tokens.map(\.text)), for: "tokenizer.ggml.tokens")
        try writer.set(.floats(tokens.map { Float($0.text.count) }), for: "tokenizer.ggml.scores")
        try writer.set(.int32s(tokens.map(\.type)), for: "tokenizer.ggml.token_type")
        try writer.set(.string(template), for: "tokenizer.chat_template")
    }

    private static func weights(_ dimensions: [Int], name: String, seed: UInt64) -> [UInt8] {
        let count = dimensions.reduce(1, *)
        guard dimensions.count == 2 else { return bytes([Float](repeating: 1, count: count)) }
        var random = SplitMix64(seed: SplitMix64.derive(seed, name))
        let spread = 1.5 / Float(dimensions[0]).squareRoot()
        return bytes((0..<count).map { _ in Float.random(in: -spread...spread, using: &random) })
    }

    private static func bytes(_ values: [Float]) -> [UInt8] { values.withUnsafeBytes { [UInt8]($0) } }
}
