import AssizeCore
import AssizeScripted
import AssizeTesting
import Testing

struct ScriptedModelTests {
    @Test func `the scripted model keeps the contract`() async throws {
        try await LanguageModelContract(model: ScriptedModel.hashed()).verify()
    }

    @Test func `its label follows the seed only above temperature 0`() async throws {
        let model = ScriptedModel.hashed()
        func labels(temperature: Double) async throws -> Set<String> {
            var labels: Set<String> = []
            for seed in 0..<40 {
                let ask = Ask(
                    messages: [Message(role: .user, content: "x")],
                    format: .labelOnly(.init(opening: "", labels: ["1", "2", "3"])),
                    sampling: Sampling(temperature: temperature),
                    seed: UInt64(seed)
                )
                if let label = try await model.answer(ask).label { labels.insert(label) }
            }
            return labels
        }
        #expect(try await labels(temperature: 0).count == 1)
        #expect(try await labels(temperature: 1).count > 1)
    }
}
