import Testing

@testable import AssizeTraining

@Suite struct AdapterBaseTests {
    @Test func `the facts of a model file are read`() throws {
        let folder = try ScratchFolder()
        _ = try TinyModelFile.write(to: folder.file("m.gguf"))
        #expect(try AdapterBase(reading: folder.file("m.gguf")) == TinyModelFile.base())
    }

    @Test func `one number a layer counts when all are the same`() throws {
        let folder = try ScratchFolder()
        let key = "llama.attention.head_count"
        _ = try TinyModelFile.write(to: folder.file("same.gguf"), extra: [key: .int32s([4, 4])])
        #expect(try AdapterBase(reading: folder.file("same.gguf")).heads == 4)
        _ = try TinyModelFile.write(to: folder.file("differ.gguf"), extra: [key: .int32s([4, 8])])
        let error = #expect(throws: AssizeTrainingError.self) { try AdapterBase(reading: folder.file("differ.gguf")) }
        #expect(error?.message.contains("[4, 8]") == true)
    }

    @Test(
        arguments: [
            ("split.count", .uint32(3), "one piece of 3"), ("general.type", .string("adapter"), "not a model"),
            ("llama.block_count", .string("two"), "lacks llama.block_count"),
        ] as [(String, GGUFValue, String)]
    )
    func `a file that is no whole model is refused`(_ key: String, _ value: GGUFValue, _ reason: String) throws {
        let folder = try ScratchFolder()
        _ = try TinyModelFile.write(to: folder.file("m.gguf"), extra: [key: value])
        let error = #expect(throws: AssizeTrainingError.self) { try AdapterBase(reading: folder.file("m.gguf")) }
        #expect(error?.message.contains(reason) == true)
    }

    @Test func `the first module that does not fit is named`() throws {
        let base = TinyModelFile.base()
        try base.check(TinyModelFile.adapter(TinyModelFile.allNames + ["output"]))
        let other = #expect(throws: AssizeTrainingError.self) {
            try base.check(TinyModelFile.adapter(["blk.0.attn_q"], architecture: "qwen2"))
        }
        #expect(other?.message.contains("'qwen2'") == true && other?.message.contains("'llama'") == true)
        let missing = #expect(throws: AssizeTrainingError.self) {
            try base.check(TinyModelFile.adapter(["blk.0.attn_q", "blk.7.attn_q", "blk.8.attn_q"]))
        }
        #expect(missing?.message.contains("changes blk.7.attn_q, which") == true)
        let module = LoraModule(
            name: "blk.1.attn_v",
            rank: 1,
            inputs: 64,
            outputs: 64,
            a: [Float](repeating: 1, count: 64),
            b: [Float](repeating: 1, count: 64)
        )
        let size = #expect(throws: AssizeTrainingError.self) {
            try base.check(LoraAdapter(architecture: "llama", alpha: 1, modules: [module]))
        }
        #expect(size?.message.contains("blk.1.attn_v is 64x64, the base model's 64x32") == true)
        let embedding = #expect(throws: AssizeTrainingError.self) {
            try base.check(TinyModelFile.adapter(["token_embd"]))
        }
        #expect(embedding?.code == .unsupportedAdapter)
    }
}
