import Foundation
import Testing

@testable import AssizeTraining

@Suite struct PEFTAdapterTests {
    /// Writes a folder with a rank 2 adapter of layer 0's query and layer 1's down projection.
    private func folder(
        _ scratch: ScratchFolder,
        _ settings: String = "",
        more: [SafetensorsWriter.Tensor] = []
    ) throws -> PEFTAdapter {
        // Of keys that occur twice the first counts.
        let config = #"{"task_type": null\#(settings), "peft_type": "LORA", "r": 2, "lora_alpha": 8, "bias": "none"}"#
        _ = try scratch.write(Array(config.utf8), to: "adapter_config.json")
        var numbers = SmallNumbers(seed: 21)
        var tensors = more
        for (module, inputs, outputs) in [("0.self_attn.q_proj", 64, 64), ("1.mlp.down_proj", 96, 64)] {
            let name = "base_model.model.model.layers.\(module)"
            tensors.append(.init(name: "\(name).lora_A.weight", shape: [2, inputs], values: numbers.next(2 * inputs)))
            tensors.append(
                .init(name: "\(name).lora_B.weight", shape: [outputs, 2], values: numbers.next(2 * outputs))
            )
        }
        try SafetensorsWriter(tensors: tensors, metadata: [:]).write(to: scratch.file("adapter_model.safetensors"))
        return PEFTAdapter(path: scratch.path)
    }

    @Test(arguments: ["llama", "qwen2", "qwen3"])
    func `names are GGUF's, and only llama's query rows change places`(_ architecture: String) throws {
        let scratch = try ScratchFolder()
        let peft = try folder(scratch, #", "base_model_name_or_path": "org/model""#)
        let adapter = try peft.read(for: TinyModelFile.base(architecture))
        #expect(adapter.architecture == architecture && adapter.alpha == 8)
        #expect(adapter.modules.map(\.name) == ["blk.0.attn_q", "blk.1.ffn_down"])
        #expect(adapter.provenance == ["assize.source": "PEFT", "assize.peft.base_model": "org/model"])
        let file = try SafetensorsFile(path: peft.weights)
        let prefix = "base_model.model.model.layers"
        #expect(adapter.modules[0].a == file.floats(of: "\(prefix).0.self_attn.q_proj.lora_A.weight"))
        let b = try #require(file.floats(of: "\(prefix).0.self_attn.q_proj.lora_B.weight"))
        let expected = architecture == "llama" ? HeadPermutation(heads: 4).toGGUF(b, rows: 64) : b
        #expect(adapter.modules[0].b == expected && (expected != b) == (architecture == "llama"))
        #expect(adapter.modules[1].b == file.floats(of: "\(prefix).1.mlp.down_proj.lora_B.weight"))
    }

    @Test(arguments: ["llama", "qwen2"])
    func `an exported adapter comes back the same`(_ architecture: String) throws {
        let scratch = try ScratchFolder()
        let modules = TinyModelFile.adapter(TinyModelFile.allNames + ["output"], architecture: architecture).modules
        let adapter = LoraAdapter(architecture: architecture, alpha: 16 * Float(2).squareRoot(), modules: modules)
        let peft = PEFTAdapter(path: scratch.file("made/here"))
        try peft.write(adapter, for: TinyModelFile.base(architecture), model: "org/model")
        let back = try peft.read(for: TinyModelFile.base(architecture))
        #expect(back.modules == adapter.modules && back.alpha == adapter.alpha)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: peft.path).sorted() == [
                "adapter_config.json", "adapter_model.safetensors",
            ]
        )
        let text = String(decoding: try ScratchFolder.bytes(peft.configuration), as: UTF8.self)
        #expect(text.contains(#""base_model_name_or_path" : "org/model""#))
        #expect(text.contains(#""down_proj","#) && !text.contains("layers.0"))
    }

    @Test func `ranks that differ and modules of some layers survive the export`() throws {
        let scratch = try ScratchFolder()
        let modules =
            TinyModelFile.adapter(["blk.0.attn_k", "blk.1.attn_k"], rank: 2).modules
            + TinyModelFile.adapter(["blk.1.attn_v"], rank: 4).modules
        let adapter = LoraAdapter(architecture: "llama", alpha: 3, modules: modules)
        let peft = PEFTAdapter(path: scratch.path)
        try peft.write(adapter, for: TinyModelFile.base())
        #expect(try peft.read(for: TinyModelFile.base()).modules == adapter.modules)
        let text = String(decoding: try ScratchFolder.bytes(peft.configuration), as: UTF8.self)
        #expect(text.contains(#""model.layers.1.self_attn.v_proj" : 4"#))
        #expect(text.contains(#""k_proj","#) && !text.contains("model.layers.0"))
    }

    @Test(
        arguments: [
            ("", 4, 4), (#", "use_rslora": true"#, 8 / 2.0.squareRoot(), 8 / 2.0.squareRoot()),
            (#", "alpha_pattern": {"down_proj": 2}"#, 4, 1),
            (#", "alpha_pattern": {"model.layers.0.self_attn.q_proj": 2, "layers.1.*": 6}"#, 1, 3),
            (#", "alpha_pattern": {"_proj": 2, "own_proj": 3}, "rank_pattern": {"v_proj": 9}"#, 4, 4),
            (#", "alpha_pattern": {"(q|k)_proj": -2}"#, -1, 4),
        ] as [(String, Double, Double)]
    )
    func `each module's change has PEFT's scale`(_ settings: String, _ query: Double, _ down: Double) throws {
        let scratch = try ScratchFolder()
        let adapter = try folder(scratch, settings).read(for: TinyModelFile.base("qwen2"))
        let file = try SafetensorsFile(path: scratch.file("adapter_model.safetensors"))
        for (name, module, scale) in [
            ("blk.0.attn_q", "0.self_attn.q_proj", query), ("blk.1.ffn_down", "1.mlp.down_proj", down),
        ] {
            let found = try #require(adapter.module(name))
            let b = try #require(file.floats(of: "base_model.model.model.layers.\(module).lora_B.weight"))
            let factor = Double(adapter.scale(of: found))
            for (mine, original) in zip(found.b, b) {
                #expect(abs(Double(mine) * factor - Double(original) * scale) < 1e-5)
            }
        }
    }

    @Test func `all that can't be expressed is listed`() throws {
        let scratch = try ScratchFolder()
        let settings =
            #", "use_dora": true, "fan_in_fan_out": true, "modules_to_save": ["lm_head"], "lora_bias": true,"#
            + #" "init_lora_weights": "pissa", "layer_replication": [[0, 1]], "something_new": 3, "also_new": null"#
        let head = SafetensorsWriter.Tensor(name: "base_model.model.lm_head.weight", shape: [1], values: [1])
        let embedding = SafetensorsWriter.Tensor(
            name: "base_model.model.model.embed_tokens.lora_embedding_A",
            shape: [1],
            values: [1]
        )
        let peft = try folder(scratch, settings, more: [head, embedding])
        let error = #expect(throws: AssizeTrainingError.self) { try peft.read(for: TinyModelFile.base()) }
        #expect(error?.code == .unsupportedAdapter)
        for entry in [
            "use_dora = true", "fan_in_fan_out = true", #"modules_to_save = ["lm_head"]"#, "lora_bias = true",
            #"init_lora_weights = "pissa""#, "layer_replication = [[0,1]]", "something_new = 3", "and 1 more",
            "the tensor base_model.model.lm_head.weight",
        ] {
            #expect(error?.message.contains(entry) == true, "\(entry): \(error?.message ?? "")")
        }
        #expect(error?.message.contains("also_new") == false)
    }

    @Test(
        arguments: [
            (#", "bias": "all""#, "bias = \"all\""), (#", "peft_type": "LOHA""#, "LOHA"), (#", "r": 4"#, "rank 4.0"),
            (#", "rank_pattern": {"down_proj": 3}"#, "rank 3.0"), (#", "lora_alpha": 0"#, "lora_alpha 0"),
            (#", "r": null"#, "r null"), (#", "alpha_pattern": {"_proj$": "x"}"#, "alpha_pattern"),
            (#", "alpha_pattern": {"(": 1}"#, "no regular expression"),
            (#", "alpha_pattern": {"q_proj": 1, ".*q_proj": 2}"#, "several values for model.layers.0.self_attn.q_proj"),
            (#", x"#, "not a JSON object"),
        ]
    )
    func `a setting that can't be followed is named`(_ settings: String, _ reason: String) throws {
        let scratch = try ScratchFolder()
        let peft = try folder(scratch, settings)
        let error = #expect(throws: AssizeTrainingError.self) { try peft.read(for: TinyModelFile.base()) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [(10, true), (11, false)])
    func `the copy of an output head that was trained is passed over if it has the base's size`(
        _ rows: Int,
        _ isAccepted: Bool
    ) throws {
        let scratch = try ScratchFolder()
        let head = "base_model.model.lm_head"
        let tensors = [("lora_A", [2, 64]), ("lora_B", [10, 2]), ("base_layer", [rows, 64])]
            .map { half, shape in
                SafetensorsWriter.Tensor(
                    name: "\(head).\(half).weight",
                    shape: shape,
                    values: [Float](repeating: 1, count: shape.reduce(1, *))
                )
            }
        let peft = try folder(scratch, more: tensors)
        let adapter = try? peft.read(for: TinyModelFile.base())
        #expect((adapter?.module("output") != nil) == isAccepted)
    }

    @Test func `folders and models that can't be used are named`() throws {
        let scratch = try ScratchFolder()
        let missing = #expect(throws: AssizeTrainingError.self) {
            try PEFTAdapter(path: scratch.file("none")).read(for: TinyModelFile.base())
        }
        #expect(missing?.message.contains("none/adapter_config.json can't be read") == true)
        let peft = try folder(scratch)
        let family = #expect(throws: AssizeTrainingError.self) { try peft.read(for: TinyModelFile.base("gemma3")) }
        #expect(family?.code == .unknownArchitecture && family?.message.contains("'gemma3'") == true)
        try FileManager.default.removeItem(atPath: peft.weights)
        let pickle = #expect(throws: AssizeTrainingError.self) { try peft.read(for: TinyModelFile.base()) }
        #expect(pickle?.message.contains("safe_serialization") == true)

        let target = PEFTAdapter(path: scratch.file("new"))
        for adapter in [
            TinyModelFile.adapter(["blk.5.attn_q"]), TinyModelFile.adapter(["token_embd"]), TinyModelFile.adapter([]),
            TinyModelFile.adapter(["blk.0.attn_q"], alpha: .nan),
        ] {
            #expect(throws: AssizeTrainingError.self) { try target.write(adapter, for: TinyModelFile.base()) }
        }
        #expect(!FileManager.default.fileExists(atPath: target.path))
    }

    @Test func `half a pair, sizes that don't multiply and strange numbers are refused`() throws {
        let scratch = try ScratchFolder()
        let name = "base_model.model.model.layers.0.self_attn.k_proj"
        func tensor(_ half: String, _ shape: [Int], _ value: Float = 1) -> SafetensorsWriter.Tensor {
            .init(
                name: "\(name).lora_\(half).weight",
                shape: shape,
                values: [Float](repeating: value, count: shape.reduce(1, *))
            )
        }
        for (more, reason) in [
            ([tensor("A", [2, 64])], "only one of lora_A and lora_B"),
            ([tensor("A", [3, 64]), tensor("B", [32, 2])], "can't be multiplied"),
            ([tensor("A", [2, 64]), tensor("B", [64])], "can't be multiplied"),
            ([tensor("A", [2, 64]), tensor("B", [30, 2])], "2 heads"),
            ([tensor("A", [2, 64]), tensor("B", [64, 2])], "64x64, the base model's 64x32"),
            ([tensor("A", [2, 64], .nan), tensor("B", [32, 2])], "not a finite number"),
        ] {
            let peft = try folder(scratch, more: more)
            let error = #expect(throws: AssizeTrainingError.self) { try peft.read(for: TinyModelFile.base()) }
            #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        }
    }
}
