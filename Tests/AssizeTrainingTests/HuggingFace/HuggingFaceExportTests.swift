import Foundation
import Testing

@testable import AssizeTraining

@Suite struct HuggingFaceExportTests {
    private func json(_ path: String) throws -> [String: JSONValue] {
        try JSONDecoder().decode([String: JSONValue].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test func `the configuration has the model's sizes and constants`() throws {
        let scratch = try ScratchFolder()
        let model = try VocabularyFile.model("llama-untied-scaled", in: scratch)
        try HuggingFaceExport(base: model, format: .f32).write(to: scratch.file("out"))
        let config = try json(scratch.file("out/config.json"))
        let expected: [String: JSONValue] = [
            "architectures": .array([.string("LlamaForCausalLM")]), "model_type": .string("llama"),
            "hidden_size": .number(64), "intermediate_size": .number(128), "num_hidden_layers": .number(2),
            "num_attention_heads": .number(4), "num_key_value_heads": .number(2), "head_dim": .number(16),
            "vocab_size": .number(96), "max_position_embeddings": .number(256), "rms_norm_eps": .number(1e-5),
            "rope_theta": .number(8000), "tie_word_embeddings": .bool(false), "torch_dtype": .string("float32"),
            "attention_bias": .bool(false), "mlp_bias": .bool(false), "bos_token_id": .number(1),
            "eos_token_id": .number(0), "pad_token_id": .number(0),
            "rope_scaling": .object([
                "rope_type": .string("llama3"), "factor": .number(8), "low_freq_factor": .number(1),
                "high_freq_factor": .number(4), "original_max_position_embeddings": .number(64),
            ]),
        ]
        for (key, value) in expected { #expect(config[key] == value, "\(key): \(config[key] ?? .null)") }
        let generation = try json(scratch.file("out/generation_config.json"))
        #expect(generation == ["bos_token_id": .number(1), "eos_token_id": .number(0), "pad_token_id": .number(0)])
    }

    @Test(
        arguments: [
            ("llama-tied", "LlamaForCausalLM", true), ("qwen2", "Qwen2ForCausalLM", nil),
            ("qwen3", "Qwen3ForCausalLM", nil),
        ]
    )
    func `each family has its class`(_ name: String, _ type: String, _ isTied: Bool?) throws {
        let scratch = try ScratchFolder()
        let model = try VocabularyFile.model(name, in: scratch)
        try HuggingFaceExport(base: model, format: .bf16).write(to: scratch.file("out"))
        let config = try json(scratch.file("out/config.json"))
        #expect(config["architectures"] == .array([.string(type)]))
        #expect(config["torch_dtype"] == .string("bfloat16") && config["rope_scaling"] == .null)
        let file = try SafetensorsFile(path: scratch.file("out/model.safetensors"))
        #expect(config["tie_word_embeddings"] == .bool(file.entries["lm_head.weight"] == nil))
        if let isTied { #expect(config["tie_word_embeddings"] == .bool(isTied)) }
        #expect(file.entries.values.allSatisfy { $0.type == "BF16" })
        #expect((file.entries["model.layers.0.self_attn.q_proj.bias"] != nil) == (name == "qwen2"))
        #expect((file.entries["model.layers.1.self_attn.k_norm.weight"] != nil) == (name == "qwen3"))
    }

    @Test(arguments: TinyModel.names)
    func `every tensor has its name, its sizes and its values, query and key rows in Transformers' order`(
        _ name: String
    ) throws {
        let scratch = try ScratchFolder()
        let model = try VocabularyFile.model(name, in: scratch)
        try HuggingFaceExport(base: model, format: .f32).write(to: scratch.file("out"))
        let gguf = try GGUFFile(path: model)
        let base = try AdapterBase(gguf)
        let file = try SafetensorsFile(path: scratch.file("out/model.safetensors"))
        #expect(file.entries.count == gguf.tensors.count { $0.name != "rope_freqs.weight" })
        for (theirs, ours, heads) in [
            ("model.embed_tokens.weight", "token_embd.weight", nil), ("model.norm.weight", "output_norm.weight", nil),
            ("model.layers.0.self_attn.q_proj.weight", "blk.0.attn_q.weight", base.heads),
            ("model.layers.1.self_attn.k_proj.weight", "blk.1.attn_k.weight", base.keyValueHeads),
            ("model.layers.0.self_attn.v_proj.weight", "blk.0.attn_v.weight", nil),
            ("model.layers.1.self_attn.o_proj.weight", "blk.1.attn_output.weight", nil),
            ("model.layers.1.mlp.gate_proj.weight", "blk.1.ffn_gate.weight", nil),
            ("model.layers.0.mlp.up_proj.weight", "blk.0.ffn_up.weight", nil),
            ("model.layers.0.mlp.down_proj.weight", "blk.0.ffn_down.weight", nil),
            ("model.layers.0.input_layernorm.weight", "blk.0.attn_norm.weight", nil),
            ("model.layers.1.post_attention_layernorm.weight", "blk.1.ffn_norm.weight", nil),
        ] as [(String, String, Int?)] {
            let info = try #require(gguf.tensor(ours))
            let entry = try #require(file.entries[theirs])
            #expect(entry.shape == (info.rows == 1 ? [info.width] : [info.rows, info.width]))
            var values = try #require(file.floats(of: theirs))
            if let heads, base.architecture == "llama" {
                #expect(try values != gguf.floats(of: info))
                values = HeadPermutation(heads: heads).toGGUF(values, rows: info.rows)
            }
            #expect(try values == gguf.floats(of: info), "\(theirs)")
        }
    }

    @Test func `a bias of queries changes places as its matrix does`() throws {
        let scratch = try ScratchFolder()
        let values: [Float] = (0..<16).map(Float.init)
        let info = HeadPermutation(heads: 2).toTransformers(values, rows: 16)
        #expect(info == [0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15])
        let model = try VocabularyFile.model("qwen2", in: scratch)
        try HuggingFaceExport(base: model, format: .f32).write(to: scratch.file("out"))
        let file = try SafetensorsFile(path: scratch.file("out/model.safetensors"))
        let gguf = try GGUFFile(path: model)
        let bias = try #require(gguf.tensor("blk.0.attn_q.bias"))
        #expect(try file.floats(of: "model.layers.0.self_attn.q_proj.bias") == gguf.floats(of: bias))
    }

    @Test func `BF16 rounds to the nearest, and to even half-way`() throws {
        let scratch = try ScratchFolder()
        let model = try VocabularyFile.model("llama-tied", in: scratch)
        try HuggingFaceExport(base: model, format: .bf16).write(to: scratch.file("out"))
        let gguf = try GGUFFile(path: model)
        let file = try SafetensorsFile(path: scratch.file("out/model.safetensors"))
        let rounded = try gguf.floats(of: #require(gguf.tensor("blk.0.ffn_down.weight")))
            .map { value in
                let bits = value.bitPattern
                return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16) & 1) & 0xFFFF_0000)
            }
        #expect(file.floats(of: "model.layers.0.mlp.down_proj.weight") == rounded)
    }

    @Test func `a long model gets several files, and an index of them`() throws {
        let scratch = try ScratchFolder()
        let model = try VocabularyFile.model("qwen3", in: scratch)
        try HuggingFaceExport(base: model, format: .f32).write(to: scratch.file("whole"))
        var last = 0
        try HuggingFaceExport(base: model, format: .f32, shardBytes: 60_000)
            .write(to: scratch.file("parts")) { progress in
                #expect(progress.done > last && progress.done <= progress.total)
                last = progress.done
            }
        let whole = try SafetensorsFile(path: scratch.file("whole/model.safetensors"))
        let index = try json(scratch.file("parts/model.safetensors.index.json"))
        #expect(index["metadata"] == .object(["total_size": .number(Double(last))]))
        let places = try #require(index["weight_map"]?.object)
        #expect(Set(places.keys) == Set(whole.entries.keys))
        let names = Set(places.values.compactMap(\.string))
        #expect(names.count > 2 && names.contains("model-00001-of-0000\(names.count).safetensors"))
        for (name, place) in places {
            let part = try SafetensorsFile(path: scratch.file("parts/\(place.string ?? "")"))
            #expect(part.floats(of: name) == whole.floats(of: name))
        }
        #expect(ShardPlan(bytes: [5, 5, 9, 20, 1, 1], limit: 10).shards == [0..<2, 2..<3, 3..<4, 4..<6])
    }

    @Test func `what can't be expressed is refused, and nothing stays`() throws {
        let scratch = try ScratchFolder()
        func reason(_ model: String, to folder: String = "out") throws -> String {
            let error = #expect(throws: AssizeTrainingError.self) {
                try HuggingFaceExport(base: model, format: .f32).write(to: scratch.file(folder))
            }
            return error?.message ?? ""
        }
        let tiny = try TinyModel.write("llama-tied", in: scratch.path)
        #expect(try reason(tiny).contains("a vocabulary of the kind 'no_vocab'"))
        #expect(try reason(VocabularyFile.model("qwen3", with: "blk.0.strange", in: scratch)).contains("blk.0.strange"))
        #expect(
            try reason(VocabularyFile.model("qwen3", without: "blk.1.ffn_up.weight", in: scratch))
                .contains("lacks blk.1.ffn_up.weight")
        )
        #expect(
            try reason(VocabularyFile.model("qwen2", without: "blk.1.attn_k.bias", in: scratch))
                .contains("biases in some of its projections only")
        )
        #expect(
            try reason(VocabularyFile.model("llama-tied", ["llama.attention.scale": .float(0.5)], in: scratch))
                .contains("multiplies attention by 0.5")
        )
        #expect(
            try reason(VocabularyFile.model("llama-tied", ["llama.rope.dimension_count": .uint32(4)], in: scratch))
                .contains("rotates 4 of a head's 8 values")
        )
        #expect(try reason(VocabularyFile.model("llama-tied", in: scratch), to: ".").contains("is there already"))
        #expect(try !scratch.names().contains { $0.hasPrefix("out") })
    }

    @Test func `a model whose vocabulary is not known can be written without it`() throws {
        let scratch = try ScratchFolder()
        let tiny = try TinyModel.write("llama-tied", in: scratch.path)
        try HuggingFaceExport(base: tiny, format: .f32, hasTokenizer: false).write(to: scratch.file("out/"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.file("out")).sorted() == [
                "config.json", "generation_config.json", "model.safetensors",
            ]
        )
    }
}
