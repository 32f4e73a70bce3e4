import Testing

@testable import AssizeTraining

@Suite struct LoraAdapterMergingTests {
    private let one = TinyModelFile.adapter(["blk.0.attn_q", "blk.0.attn_k"], rank: 2, alpha: 4, seed: 1)
    private let two = TinyModelFile.adapter(["blk.0.attn_q", "blk.1.attn_k"], rank: 3, alpha: 1, seed: 2)

    private func expectEqual(_ left: [Double], _ right: [Double]) {
        #expect(left.count == right.count)
        #expect(zip(left, right).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func `a concatenation is the weighted sum of the changes`() throws {
        let merged = try LoraAdapter.merged([(one, 0.75), (two, -2)], method: .concatenated)
        #expect(merged.modules.map(\.name) == ["blk.0.attn_k", "blk.0.attn_q", "blk.1.attn_k"])
        #expect(merged.modules.map(\.rank) == [2, 5, 3])
        let both = zip(one.change(of: "blk.0.attn_q"), two.change(of: "blk.0.attn_q")).map { 0.75 * $0 - 2 * $1 }
        expectEqual(merged.change(of: "blk.0.attn_q"), both)
        expectEqual(merged.change(of: "blk.0.attn_k"), one.change(of: "blk.0.attn_k").map { 0.75 * $0 })
        expectEqual(merged.change(of: "blk.1.attn_k"), two.change(of: "blk.1.attn_k").map { -2 * $0 })
    }

    @Test func `either method leaves a lone adapter as it is`() throws {
        for method in LoraAdapter.MergeMethod.allCases {
            let merged = try LoraAdapter.merged([(two, 1)], method: method)
            for module in two.modules { expectEqual(merged.change(of: module.name), two.change(of: module.name)) }
        }
    }

    @Test func `a linear merge sums A and B with the roots of weight and scale`() throws {
        // Scales 4 and 2: roots of 0.25 * 4 and of 0.5 * 2 are 1.
        func adapter(_ alpha: Float, _ a: [Float], _ b: [Float]) -> LoraAdapter {
            let module = LoraModule(name: "x", rank: 1, inputs: 2, outputs: 2, a: a, b: b)
            return LoraAdapter(architecture: "llama", alpha: alpha, modules: [module])
        }
        let adapters = [adapter(4, [1, 2], [3, 4]), adapter(2, [10, 20], [30, 40])]
        let sum = try LoraAdapter.merged([(adapters[0], 0.25), (adapters[1], 0.5)], method: .linear)
        #expect(sum.modules[0].a == [11, 22] && sum.modules[0].b == [33, 44] && sum.alpha == 1)
        let difference = try LoraAdapter.merged([(adapters[0], 0.25), (adapters[1], -0.5)], method: .linear)
        #expect(difference.modules[0].a == [-9, -18] && difference.modules[0].b == [33, 44])
    }

    @Test func `a merge tells what it was made of`() throws {
        let named = TinyModelFile.adapter(["blk.0.attn_q"], provenance: ["general.name": "First"])
        let merged = try LoraAdapter.merged([(named, 0.5), (one, 1)], method: .concatenated)
        #expect(
            merged.provenance == [
                "assize.merged.method": "concatenated", "assize.merged.0.weight": "0.5",
                "assize.merged.0.general.name": "First", "assize.merged.1.weight": "1.0",
            ]
        )
    }

    @Test func `adapters that can't be merged are refused`() throws {
        let qwen = TinyModelFile.adapter(["blk.0.attn_q"], architecture: "qwen2")
        let module = LoraModule(name: "blk.0.attn_q", rank: 2, inputs: 1, outputs: 1, a: [1, 1], b: [1, 1])
        let small = LoraAdapter(architecture: "llama", alpha: 1, modules: [module])
        for (adapters, method, reason) in [
            ([], .concatenated, "no adapters"), ([(one, .nan)], .concatenated, "weight in a merge is nan"),
            ([(one, 1), (qwen, 1)], .concatenated, "'qwen2'"), ([(one, 1), (small, 1)], .concatenated, "1x1"),
            ([(one, 1), (two, 1)], .linear, "the ranks 2, 3"),
        ] as [([LoraAdapter.Weighted], LoraAdapter.MergeMethod, String)] {
            let error = #expect(throws: AssizeTrainingError.self) {
                try LoraAdapter.merged(adapters, method: method)
            }
            #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        }
    }
}
