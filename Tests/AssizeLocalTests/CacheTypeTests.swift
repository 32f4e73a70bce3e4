import AssizeCore
import Testing

@testable import AssizeLocal

extension EngineTests {
    @Suite struct CacheTypeTests {
        private func load(_ type: CacheType, _ attention: FlashAttention) throws -> LocalModel {
            try LocalModel(
                path: TestModel.path,
                name: "smollm2-135m",
                sha256: nil,
                options: EngineOptions(
                    contextTokens: 512,
                    sequences: 1,
                    threads: 1,
                    cacheType: type,
                    flashAttention: attention
                )
            )
        }

        @Test(arguments: [(CacheType.q8, FlashAttention.automatic), (.q8, .on), (.f16, .off)])
        func `the cache's type and flash attention hold, and are part of the identity`(
            type: CacheType,
            attention: FlashAttention
        ) async throws {
            let model = try load(type, attention)
            let answer = try await model.answer(TestModel.labelAsk("Grade this: 2 + 2 = 4.", labels: ["1", "2"]))
            #expect(answer.label != nil)
            #expect(model.planSummary.contains("KV type \(type.rawValue), flash attention \(attention.rawValue)"))
            #expect(model.identity.engine.contains("KV q8_0") == (type == .q8))
            #expect(model.identity.engine.contains("flash attention") == (attention != .automatic))
        }

        @Test func `a quantised cache without flash attention is refused`() {
            let error = #expect(throws: AssizeLocalError.self) { try load(.q8, .off) }
            #expect(error?.code == .invalidOptions)
            #expect(error?.message.contains("--flash-attention") == true)
        }
    }

    @Test func `a quantised cache takes 34 bytes for 32 values`() {
        #expect(CacheType.q8.bytes(forHalfPrecision: 64) == 34)
        #expect(CacheType.f16.bytes(forHalfPrecision: 64) == 64)
    }
}
