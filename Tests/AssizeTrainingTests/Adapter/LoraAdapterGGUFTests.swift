import Testing

@testable import AssizeTraining

@Suite struct LoraAdapterGGUFTests {
    @Test func `an adapter comes back as it was written`() throws {
        let folder = try ScratchFolder()
        let adapter = TinyModelFile.adapter(
            TinyModelFile.allNames,
            alpha: 16 * Float(8).squareRoot(),
            provenance: ["general.name": "A judge", "assize.run": "r1"]
        )
        try adapter.writeGGUF(to: folder.file("a.gguf"))
        #expect(try LoraAdapter(readingGGUF: folder.file("a.gguf")) == adapter)
        #expect(try folder.names() == ["a.gguf"])
    }

    @Test func `the file is laid out as llama.cpp reads it`() throws {
        let folder = try ScratchFolder()
        try TinyModelFile.adapter(["blk.1.ffn_down"], rank: 3, alpha: 6).writeGGUF(to: folder.file("a.gguf"))
        let file = try GGUFFile(path: folder.file("a.gguf"))
        #expect(file.string("general.type") == "adapter" && file.string("adapter.type") == "lora")
        #expect(file.string("general.architecture") == "llama" && file.number("adapter.lora.alpha") == 6)
        #expect(file.tensors.map(\.name) == ["blk.1.ffn_down.weight.lora_a", "blk.1.ffn_down.weight.lora_b"])
        #expect(file.tensors.map(\.shape) == ["96x3", "3x64"])
    }

    @Test func `a file without alpha has a scale of one whatever its ranks`() throws {
        let folder = try ScratchFolder()
        let writer = GGUFWriter()
        try writer.set(.string("adapter"), for: "general.type")
        try writer.set(.string("llama"), for: "general.architecture")
        try writer.set(.string("lora"), for: "adapter.type")
        var floats: [String: [Float]] = [:]
        for (name, rank) in [("x", 2), ("y", 4)] {
            try writer.add("\(name).weight.lora_a", type: .f16, dimensions: [3, rank])
            try writer.add("\(name).weight.lora_b", type: .bf16, dimensions: [rank, 1])
            floats["\(name).weight.lora_a"] = [Float](repeating: 1, count: 3 * rank)
            floats["\(name).weight.lora_b"] = [Float](repeating: 0.5, count: rank)
        }
        try writer.write(to: folder.file("a.gguf"), floats: floats)
        let adapter = try LoraAdapter(readingGGUF: folder.file("a.gguf"))
        #expect(adapter.change(of: "x") == [1, 1, 1])
        #expect(adapter.change(of: "y") == [2, 2, 2])
    }

    @Test func `an adapter that is cut off anywhere is refused`() throws {
        let folder = try ScratchFolder()
        try TinyModelFile.adapter(["blk.0.attn_k"], rank: 1).writeGGUF(to: folder.file("a.gguf"))
        let whole = try ScratchFolder.bytes(folder.file("a.gguf"))
        for length in 0..<whole.count {
            let path = try folder.write(Array(whole[..<length]), to: "cut.gguf")
            let error = #expect(throws: AssizeTrainingError.self) { try LoraAdapter(readingGGUF: path) }
            #expect(error?.code == .unreadableAdapter)
        }
    }

    @Test(
        arguments: [
            (
                ["general.type": "model"], ["x.weight.lora_a": [2, 1], "x.weight.lora_b": [1, 2]],
                "general.type is 'model'"
            ),
            (["adapter.type": "control"], [:], "adapter.type is 'control'"),
            ([:], [:], "without any tensor"),
            ([:], ["x.weight.lora_a": [2, 1]], "only one of the two tensors of x"),
            ([:], ["x.weight.lora_a": [2, 1], "x.weight.lora_b": [2, 2]], "2 and 2x2, which can't be multiplied"),
            ([:], ["x.weight.lora_a": [2, 1], "x_norm.weight": [2]], "x_norm.weight"),
            ([:], ["x.weight.loha_w1": [2, 1]], "x.weight.loha_w1"),
            (
                [:], ["token_embd.weight.lora_a": [2, 1], "token_embd.weight.lora_b": [1, 2]],
                "token_embd.weight.lora_a"
            ),
        ] as [([String: String], [String: [Int]], String)]
    )
    func `a file that is no adapter is refused with the reason`(
        _ texts: [String: String],
        _ tensors: [String: [Int]],
        _ reason: String
    ) throws {
        let folder = try ScratchFolder()
        let writer = GGUFWriter()
        let all = ["general.type": "adapter", "adapter.type": "lora", "general.architecture": "llama"]
        for (key, text) in all.merging(texts, uniquingKeysWith: { $1 }) { try writer.set(.string(text), for: key) }
        var floats: [String: [Float]] = [:]
        for (name, sizes) in tensors {
            try writer.add(name, type: .f32, dimensions: sizes)
            floats[name] = [Float](repeating: 1, count: sizes.reduce(1, *))
        }
        try writer.write(to: folder.file("a.gguf"), floats: floats)
        let error = #expect(throws: AssizeTrainingError.self) { try LoraAdapter(readingGGUF: folder.file("a.gguf")) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test func `what a file can't hold is refused before one is made`() throws {
        let folder = try ScratchFolder()
        var broken = TinyModelFile.adapter(["blk.0.attn_q"]).modules[0]
        broken.a[3] = .nan
        for adapter in [
            TinyModelFile.adapter(["blk.0.attn_q"], alpha: 0),
            TinyModelFile.adapter(["blk.0.attn_q"], alpha: .infinity),
            TinyModelFile.adapter([]), TinyModelFile.adapter(["token_embd"]),
            LoraAdapter(architecture: "llama", alpha: 1, modules: [broken]),
            TinyModelFile.adapter(["blk.0.attn_q"], provenance: ["adapter.type": "x"]),
            TinyModelFile.adapter(["blk.0.attn_q"], provenance: ["": "x"]),
            TinyModelFile.adapter([String(repeating: "n", count: 60)]),
        ] {
            #expect(throws: AssizeTrainingError.self) { try adapter.writeGGUF(to: folder.file("a.gguf")) }
        }
        #expect(try folder.names() == [])
    }
}
