import AssizeCore
import AssizeRuns
import AssizeScripted
import AssizeStore
import Synchronization
import Testing

struct CachedModelTests {
    private final class Counter: Sendable {
        let calls = Mutex(0)
    }

    private func model(_ counter: Counter, name: String = "m") -> ScriptedModel {
        ScriptedModel(name: name) { (ask) throws(LanguageModelError) in
            counter.calls.withLock { $0 += 1 }
            return try await ScriptedModel.hashed().answer(ask)
        }
    }

    private func ask(_ text: String = "x", seed: UInt64 = 1, sample: Int = 0, temperature: Double = 0.5) -> Ask {
        Ask(
            messages: [Message(role: .user, content: text)],
            format: .labelOnly(.init(opening: "", labels: ["1", "2"])),
            sampling: Sampling(temperature: temperature),
            seed: seed,
            sample: sample
        )
    }

    @Test func `the same ask is answered from the cache, and says so`() async throws {
        let counter = Counter()
        let cached = CachedModel(model: model(counter), store: try RunStore.inMemory())
        let first = try await cached.answer(ask())
        let second = try await cached.answer(ask())
        #expect(counter.calls.withLock { $0 } == 1)
        #expect(!first.isReplayed)
        #expect(second.isReplayed)
        #expect(second.label == first.label)
        #expect(second.distribution == first.distribution)
    }

    @Test func `whatever decides an answer is part of the key`() async throws {
        let counter = Counter()
        let store = try RunStore.inMemory()
        let cached = CachedModel(model: model(counter), store: store)
        let asks = [ask(), ask("y"), ask(seed: 2), ask(sample: 1), ask(temperature: 0.6)]
        for ask in asks { #expect(try await !cached.answer(ask).isReplayed) }
        #expect(counter.calls.withLock { $0 } == asks.count)
        let other = CachedModel(model: model(counter, name: "other"), store: store)
        #expect(try await !other.answer(ask()).isReplayed)
    }

    @Test func `a failure is not remembered`() async throws {
        let counter = Counter()
        let flaky = ScriptedModel { (ask) throws(LanguageModelError) in
            let call = counter.calls.withLock {
                $0 += 1
                return $0
            }
            if call == 1 { throw LanguageModelError(code: .transport, message: "once") }
            return try await ScriptedModel.hashed().answer(ask)
        }
        let cached = CachedModel(model: flaky, store: try RunStore.inMemory())
        await #expect(throws: LanguageModelError.self) { try await cached.answer(ask()) }
        #expect(try await !cached.answer(ask()).isReplayed)
        #expect(try await cached.answer(ask()).isReplayed)
    }

    @Test func `a cache that can't be used fails no ask, and says how often`() async throws {
        let counter = Counter()
        let store = try RunStore.inMemory()
        let cached = CachedModel(model: model(counter), store: store)
        _ = try await cached.answer(ask())
        #expect(cached.failures == 0)
        #expect(cached.firstFailure == nil)
        try await store.evaluate("DROP TABLE answers")
        for seed: UInt64 in 2...3 { #expect(try await !cached.answer(ask(seed: seed)).isReplayed) }
        #expect(counter.calls.withLock { $0 } == 3)
        // Each was neither found nor kept.
        #expect(cached.failures == 4)
        #expect(cached.firstFailure?.contains("answers") == true, "\(cached.firstFailure ?? "")")
    }
}
