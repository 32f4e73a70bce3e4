import Testing

@testable import AssizeTraining

@Suite struct RopeScalingTests {
    @Test(
        arguments: [
            Llama3Frequencies(factor: 8, low: 1, high: 4, original: 8192),
            Llama3Frequencies(factor: 32, low: 1, high: 4, original: 8192),
            Llama3Frequencies(factor: 4, low: 1, high: 8, original: 2048),
        ]
    )
    func `Llama 3's constants are found again from its factors`(_ constants: Llama3Frequencies) throws {
        let factors = constants.factors(count: 64, base: 500_000).map { Double(Float($0)) }
        #expect(factors[0] == 1 && factors[63] == constants.factor)
        #expect(Llama3Frequencies(factors: factors, base: 500_000, original: nil) == constants)
    }

    @Test func `factors of another form are not taken for Llama 3's`() {
        let long = (0..<32).map { 1 + Double($0 % 3) }
        #expect(Llama3Frequencies(factors: long, base: 10_000, original: 4096) == nil)
        #expect(Llama3Frequencies(factors: [Double](repeating: 1, count: 32), base: 10_000, original: nil) == nil)
    }

    @Test func `linear and YaRN keep their factor`() throws {
        let scratch = try ScratchFolder()
        func scaling(_ changes: [String: GGUFValue]) throws -> RopeScaling {
            let file = try GGUFFile(path: VocabularyFile.model("qwen3", changes, in: scratch))
            return try RopeScaling(file, shape: ModelShape(file))
        }
        #expect(try scaling([:]) == .none)
        #expect(
            try scaling(["qwen3.rope.scaling.type": .string("linear"), "qwen3.rope.scaling.factor": .float(4)])
                == .linear(factor: 4)
        )
        let yarn = try scaling([
            "qwen3.rope.scaling.type": .string("yarn"), "qwen3.rope.scaling.factor": .float(2),
            "qwen3.rope.scaling.original_context_length": .uint32(128),
        ])
        #expect(yarn == .yarn(factor: 2, original: 128, attentionFactor: nil))
        #expect(yarn.json.object?["original_max_position_embeddings"] == .number(128))
    }
}
