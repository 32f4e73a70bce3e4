import AssizeCore
import AssizeStore
import Foundation
import Testing

struct CacheTests {
    private func cached(_ key: String, _ text: String, model: String = "small", day: Double = 0) -> CachedAnswer {
        CachedAnswer(
            key: ContentHash(of: key),
            answer: .sample(text),
            model: model,
            created: Date(timeIntervalSince1970: 1_700_000_000 + 86_400 * day)
        )
    }

    @Test func `a cached answer comes back marked as replayed`() async throws {
        let store = try RunStore.inMemory()
        #expect(try await store.cacheAnswers([cached("a", "one"), cached("b", "two")]) == 2)
        let keys = ["a", "b", "c"].map { ContentHash(of: $0) }
        let found = try await store.cachedAnswers(keys + keys)
        var expected = Answer.sample("one")
        expected.isReplayed = true
        #expect(found.count == 2)
        #expect(found[keys[0]] == expected)
        #expect(try await store.cachedAnswers([]).isEmpty)
    }

    @Test func `the first answer to a key stays`() async throws {
        let store = try RunStore.inMemory()
        #expect(try await store.cacheAnswers([cached("a", "first"), cached("a", "second")]) == 1)
        #expect(try await store.cacheAnswers([cached("a", "third")]) == 0)
        #expect(try await store.cachedAnswers([ContentHash(of: "a")]).values.map(\.text) == ["first"])
    }

    @Test func `pruning takes what is older, and the summary counts what is left`() async throws {
        let store = try RunStore.inMemory()
        #expect(try await store.cacheSummary().oldest == nil)
        let answers = (0..<10).map { cached("\($0)", "text", model: $0 < 4 ? "small" : "large", day: Double($0)) }
        try await store.cacheAnswers(answers)
        #expect(try await store.cacheSummary().models == ["small": 4, "large": 6])
        #expect(try await store.pruneCache(olderThan: answers[3].created) == 3)
        let summary = try await store.cacheSummary()
        #expect(summary.answers == 7)
        #expect(summary.models == ["small": 1, "large": 6])
        #expect(summary.oldest == answers[3].created)
        #expect(summary.newest == answers[9].created)
        #expect(summary.bytes > 7 * 100)
    }

    @Test func `a run may go and the cache stays`() async throws {
        let store = try RunStore.inMemory()
        try await store.createRun(.sample())
        try await store.cacheAnswers([cached("a", "one")])
        try await store.deleteRun("first")
        #expect(try await store.cacheSummary().answers == 1)
    }
}
