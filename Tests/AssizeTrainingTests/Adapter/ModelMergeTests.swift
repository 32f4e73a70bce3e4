import Testing

@testable import AssizeTraining

@Suite struct ModelMergeTests {
    private let one = TinyModelFile.adapter(["blk.0.attn_q", "blk.1.ffn_down"], provenance: ["general.name": "First"])
    private let two = TinyModelFile.adapter(["blk.0.attn_q", "output"], rank: 5, alpha: 3, seed: 8)

    private func merged(_ weights: [Float], of floats: [Float], _ name: String) -> [Double] {
        var values = floats.map(Double.init)
        for (adapter, weight) in zip([one, two], weights) {
            for (index, change) in adapter.change(of: name).enumerated() { values[index] += Double(weight) * change }
        }
        return values
    }

    @Test(arguments: [
        (GGUFTensorType.f32, ModelMerge.Format.base, 1e-5), (.f32, .f16, 2e-2), (.f16, .base, 2e-2), (.f16, .f32, 1e-5),
        (.bf16, .bf16, 0.15), (.q8x0, .f32, 1e-5), (.q8x0, .base, 0.15),
    ])
    func `merged weights are the sum and all else is copied`(
        _ type: GGUFTensorType,
        _ format: ModelMerge.Format,
        _ tolerance: Double
    ) throws {
        let folder = try ScratchFolder()
        _ = try TinyModelFile.write(to: folder.file("m.gguf"), type: type)
        var last = 0
        try ModelMerge(base: folder.file("m.gguf"), adapters: [(one, 1), (two, -0.5)], format: format)
            .write(to: folder.file("out.gguf")) { done, total in
                #expect(done > last && done <= total)
                last = done
            }
        let base = try GGUFFile(path: folder.file("m.gguf"))
        let result = try GGUFFile(path: folder.file("out.gguf"))
        #expect(result.tensors.map(\.name) == base.tensors.map(\.name))
        let changed = ["blk.0.attn_q.weight", "blk.1.ffn_down.weight", "output.weight"]
        for (before, after) in zip(base.tensors, result.tensors) {
            #expect(before.dimensions == after.dimensions)
            if changed.contains(before.name) {
                let expected = merged([1, -0.5], of: try base.floats(of: before), String(before.name.dropLast(7)))
                let found = try result.floats(of: after)
                #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) < tolerance }, "\(before.name)")
            } else {
                let same = base.withBytes(of: before) { left in
                    result.withBytes(of: after) { right in
                        left.byteCount == right.byteCount
                            && (0..<left.byteCount)
                                .allSatisfy {
                                    left.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
                                        == right.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
                                }
                    }
                }
                #expect(before.type == after.type && same, "\(before.name)")
            }
        }
        #expect(result.strings("tokenizer.ggml.tokens") == ["a", "b", "\u{2581}c"])
        #expect(Array(result.keys.prefix(base.keys.count)) == base.keys)
        #expect(try AdapterBase(result) == AdapterBase(base))
    }

    @Test func `the metadata notes each merge, also the second`() throws {
        let folder = try ScratchFolder()
        _ = try TinyModelFile.write(to: folder.file("m.gguf"))
        try ModelMerge(base: folder.file("m.gguf"), adapters: [(one, 0.5)]).write(to: folder.file("m1.gguf"))
        try ModelMerge(base: folder.file("m1.gguf"), adapters: [(two, 1)]).write(to: folder.file("m2.gguf"))
        let file = try GGUFFile(path: folder.file("m2.gguf"))
        #expect(file.integer("assize.merged.count") == 2)
        #expect(file.number("assize.merged.0.weight") == 0.5 && file.number("assize.merged.1.weight") == 1)
        #expect(file.string("assize.merged.0.general.name") == "First")
        #expect(file.integer("assize.merged.1.modules") == 2 && file.number("assize.merged.1.alpha") == 3)
    }

    @Test func `the file type is told anew when most weights changed`() throws {
        let folder = try ScratchFolder()
        _ = try TinyModelFile.write(to: folder.file("m.gguf"), extra: ["general.file_type": .uint32(0)])
        let all = TinyModelFile.adapter(TinyModelFile.allNames)
        try ModelMerge(base: folder.file("m.gguf"), adapters: [(all, 1)], format: .q8).write(to: folder.file("q.gguf"))
        let most = try GGUFFile(path: folder.file("q.gguf"))
        #expect(most.integer("general.file_type") == 7 && most.integer("general.quantization_version") == 2)
        try ModelMerge(base: folder.file("m.gguf"), adapters: [(one, 1)], format: .f16).write(to: folder.file("f.gguf"))
        #expect(try GGUFFile(path: folder.file("f.gguf")).integer("general.file_type") == 0)
    }

    @Test func `a large tensor is merged piece by piece`() throws {
        let folder = try ScratchFolder()
        let width = 1 << 18
        let writer = GGUFWriter()
        try writer.set(.string("llama"), for: "general.architecture")
        for key in ["block_count", "attention.head_count"] { try writer.set(.uint32(1), for: "llama.\(key)") }
        try writer.add("x.weight", type: .f32, dimensions: [width, 9])
        try writer.write(to: folder.file("m.gguf"), floats: ["x.weight": [Float](repeating: 1, count: 9 * width)])
        let module = LoraModule(
            name: "x",
            rank: 1,
            inputs: width,
            outputs: 9,
            a: [Float](repeating: 1, count: width),
            b: (0..<9).map(Float.init)
        )
        let adapter = LoraAdapter(architecture: "llama", alpha: 1, modules: [module])
        try ModelMerge(base: folder.file("m.gguf"), adapters: [(adapter, 1)]).write(to: folder.file("out.gguf"))
        let file = try GGUFFile(path: folder.file("out.gguf"))
        let values = try file.floats(of: #require(file.tensor("x.weight")))
        for row in 0..<9 {
            #expect(values[row * width] == Float(row + 1) && values[(row + 1) * width - 1] == Float(row + 1))
        }
    }

    @Test func `what can't be merged leaves no file`() throws {
        let folder = try ScratchFolder()
        let path = folder.file("m.gguf")
        _ = try TinyModelFile.write(to: path)
        let huge = LoraAdapter(architecture: "llama", alpha: 1e30, modules: one.modules)
        for (adapters, format, target, reason) in [
            ([], .base, "out.gguf", "no adapters"), ([(one, .infinity)], .base, "out.gguf", "inf"),
            ([(TinyModelFile.adapter(["blk.9.attn_q"]), 1)], .base, "out.gguf", "blk.9.attn_q"),
            ([(one, 1)], .base, "../\(folder.path.split(separator: "/").last ?? "")/m.gguf", "overwrite its base"),
            ([(huge, 1)], .f16, "out.gguf", "too large for f16"),
        ] as [([LoraAdapter.Weighted], ModelMerge.Format, String, String)] {
            let error = #expect(throws: AssizeTrainingError.self) {
                try ModelMerge(base: path, adapters: adapters, format: format).write(to: folder.file(target))
            }
            #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        }
        #expect(try folder.names() == ["m.gguf"])
    }
}
