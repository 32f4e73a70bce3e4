import AssizeCore
import AssizeStore
import Foundation
import Testing

struct JudgmentTests {
    private func storeWithRun() async throws -> RunStore {
        let store = try RunStore.inMemory()
        try await store.createRun(.sample())
        return store
    }

    @Test func `a judgment comes back as it was, and its JSON is stable`() async throws {
        let store = try await storeWithRun()
        let judgment = Judgment.sample("é/\"x\"\n", verdict: .failed(.unparsed, raw: "\u{0}\u{1F468}\u{200D}\u{1F469}"))
        let stored = try StoredJudgment(ordinal: 0, criterionIndex: 0, judgment: judgment)
        try await store.append([stored], to: "first")
        var found: [StoredJudgment] = []
        try await store.forEachJudgment(of: "first") { found.append($0) }
        #expect(found == [stored])
        #expect(try found.first?.judgment() == judgment)
        #expect(!stored.json.contains("\n"))
        #expect(stored.json.hasPrefix(#"{"criterion":"helpfulness","id":"é/"#))
        #expect(try JudgmentCoding.encode(judgment) == stored.json)
        #expect(try JudgmentCoding.decode(stored.json) == judgment)
    }

    @Test func `a number without a JSON form is an error that names the item`() throws {
        let judgment = Judgment.sample("odd", verdict: .scored(label: "1", score: .nan, expected: nil))
        let error = #expect(throws: AssizeStoreError.self) {
            try StoredJudgment(ordinal: 0, criterionIndex: 0, judgment: judgment)
        }
        #expect(error?.message.contains("'odd'") == true)
        #expect(throws: AssizeStoreError.self) { try JudgmentCoding.decode("{}") }
    }

    @Test func `appending again adds nothing and changes nothing`() async throws {
        let store = try await storeWithRun()
        let batch = try (0..<10).map { try StoredJudgment.sample($0) }
        #expect(try await store.append(batch, to: "first") == 10)
        let changed = try (5..<15).map { try StoredJudgment.sample($0, rationale: "another") }
        #expect(try await store.append(changed, to: "first") == 5)
        #expect(try await store.judgmentCount(of: "first") == 15)
        var found: [StoredJudgment] = []
        try await store.forEachJudgment(of: "first") { found.append($0) }
        #expect(found == batch + changed.dropFirst(5))
    }

    @Test func `a changed input is a conflict and leaves no trace`() async throws {
        let store = try await storeWithRun()
        try await store.append([.sample(0)], to: "first")
        let elsewhere = try StoredJudgment(ordinal: 9, criterionIndex: 0, judgment: .sample("item-0"))
        let instead = try StoredJudgment(ordinal: 0, criterionIndex: 0, judgment: .sample("item-9"))
        #expect(await code { try await store.append([.sample(1), elsewhere], to: "first") } == .conflict)
        #expect(await code { try await store.append([.sample(1), instead], to: "first") } == .conflict)
        #expect(try await store.judgmentCount(of: "first") == 1)
    }

    @Test func `ids that only look alike are two items`() async throws {
        let store = try await storeWithRun()
        let composed = try StoredJudgment(ordinal: 0, criterionIndex: 0, judgment: .sample("caf\u{e9}"))
        let decomposed = try StoredJudgment(ordinal: 1, criterionIndex: 0, judgment: .sample("cafe\u{301}"))
        #expect(try await store.append([composed, decomposed], to: "first") == 2)
    }

    @Test func `an item is complete once all its criteria are stored`() async throws {
        let store = try await storeWithRun()
        for ordinal in 0..<20 {
            for criterion in 0...(ordinal % 3) {
                try await store.append([.sample(ordinal, criterion: criterion)], to: "first")
            }
        }
        #expect(try await store.completed(of: "first", ordinals: 3..<10, criteria: 3) == [5, 8])
        #expect(try await store.completed(of: "first", ordinals: 0..<4, criteria: 1) == [0, 1, 2, 3])
        #expect(try await store.judgmentCounts(of: "first", ordinals: 18..<30) == [18: 1, 19: 2])
        #expect(try await store.completed(of: "ghost", ordinals: 0..<4, criteria: 1).isEmpty)
    }

    @Test func `judgments are counted by kind, and failures can be asked again`() async throws {
        let store = try await storeWithRun()
        let verdicts: [Verdict] = [
            .scored(label: "1", score: 1, expected: nil), .preferred(choice: .a, probability: nil, consistent: nil),
            .ranked([1, 0]), .classified(label: "x"), .abstained(reason: "why"), .failed(.engine, raw: ""),
            .failed(.transport, raw: ""),
        ]
        let batch = try verdicts.enumerated().map { try StoredJudgment.sample($0.offset, verdict: $0.element) }
        try await store.append(batch, to: "first")
        let counts = try await store.judgmentCountsByKind(of: "first")
        #expect(counts == [.scored: 1, .preferred: 1, .ranked: 1, .classified: 1, .abstained: 1, .failed: 2])
        #expect(try await store.removeFailures(of: "first") == 2)
        #expect(try await store.completed(of: "first", ordinals: 0..<7, criteria: 1) == [0, 1, 2, 3, 4])
    }

    @Test func `any number of judgments streams in order, also while more are stored`() async throws {
        let store = try await storeWithRun()
        try await store.createRun(.sample("second"))
        var generator = SplitMix64(seed: 1)
        let places = (0..<3_500).shuffled(using: &generator)
        try await store.append(places.map { try .sample($0 / 2, criterion: $0 % 2) }, to: "first")
        try await store.append([.sample(0)], to: "second")
        var seen: [Int] = []
        try await store.forEachJudgment(of: "first") { judgment in
            if seen.isEmpty { try await store.append([.sample(1_750)], to: "first") }
            seen.append(2 * judgment.ordinal + judgment.criterionIndex)
        }
        #expect(seen == Array(0...3_500))
    }
}
