import AssizeCore
import AssizeStore
import Foundation
import Testing

struct RunTests {
    @Test func `a new file gets the whole schema and keeps what is written`() async throws {
        let sandbox = try Sandbox()
        let path = sandbox.path("new/folder/runs.sqlite")
        try await RunStore(path: path).createRun(.sample())
        let again = try RunStore(path: path)
        #expect(try await again.run("first") == .sample())
        #expect(try await again.runs() == [.sample()])
        #expect(try await again.run("second") == nil)
        #expect(try await again.cacheSummary().answers == 0)
    }

    @Test func `a name can be used once`() async throws {
        let store = try RunStore.inMemory()
        try await store.createRun(.sample())
        #expect(await code { try await store.createRun(.sample()) } == .conflict)
    }

    @Test func `runs are listed newest first`() async throws {
        let store = try RunStore.inMemory()
        for (id, created) in [("b", 20.0), ("a", 10), ("c", 30)] {
            try await store.createRun(.sample(RunID(rawValue: id), created: created))
        }
        #expect(try await store.runs().map(\.id) == ["c", "b", "a"])
        #expect(try await store.runs(limit: 2).map(\.id) == ["c", "b"])
    }

    @Test func `the newest unfinished run of a fingerprint is the one to resume`() async throws {
        let store = try RunStore.inMemory()
        try await store.createRun(.sample("old", created: 1))
        try await store.createRun(.sample("killed", created: 2))
        try await store.createRun(.sample("done", created: 3))
        try await store.createRun(.sample("other", created: 4, fingerprint: "different"))
        let end = Date(timeIntervalSince1970: 1_800_000_000)
        try await store.setState(.finished, of: "done", finished: end)
        let fingerprint = ContentHash(of: "same")
        #expect(try await store.run("done")?.finished == end)
        #expect(try await store.run("done")?.state == .finished)
        #expect(try await store.latestUnfinishedRun(fingerprint: fingerprint)?.id == "killed")
        try await store.setState(.interrupted, of: "killed", finished: end)
        #expect(try await store.latestUnfinishedRun(fingerprint: fingerprint)?.id == "killed")
        try await store.setState(.running, of: "killed")
        #expect(try await store.run("killed")?.finished == nil)
        #expect(try await store.latestUnfinishedRun(fingerprint: ContentHash(of: "none")) == nil)
    }

    @Test func `a run goes with all that belongs to it`() async throws {
        let store = try RunStore.inMemory()
        try await store.createRun(.sample())
        try await store.append([.sample(0)], to: "first")
        try await store.addBrokenRows([BrokenRow(file: "items.jsonl", line: 3, reason: "no JSON")], to: "first")
        try await store.deleteRun("first")
        #expect(try await store.runs().isEmpty)
        try await store.createRun(.sample())
        #expect(try await store.judgmentCount(of: "first") == 0)
        #expect(try await store.brokenRows(of: "first").isEmpty)
    }

    @Test func `a run that is not there is named in the error`() async throws {
        let store = try RunStore.inMemory()
        #expect(await code { try await store.setState(.failed, of: "ghost") } == .notFound)
        #expect(await code { try await store.deleteRun("ghost") } == .notFound)
        #expect(await code { try await store.removeFailures(of: "ghost") } == .notFound)
        #expect(await code { try await store.append([.sample(0)], to: "ghost") } == .notFound)
        #expect(await code { try await store.addBrokenRows([], to: "ghost") } == .notFound)
    }

    @Test func `broken rows are kept once, in the order of the input`() async throws {
        let store = try RunStore.inMemory()
        try await store.createRun(.sample())
        let rows = [10, 9, 2].map { BrokenRow(file: "items.jsonl", line: $0, reason: "line \($0)") }
        try await store.addBrokenRows(rows, to: "first")
        try await store.addBrokenRows([BrokenRow(file: "items.jsonl", line: 2, reason: "again")], to: "first")
        #expect(try await store.brokenRows(of: "first") == rows.reversed())
    }

    @Test func `a cancelled task can still write`() async throws {
        let store = try RunStore.inMemory()
        try await store.createRun(.sample())
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask {
                _ = try? await store.append([.sample(0)], to: "first")
                try? await store.setState(.interrupted, of: "first")
            }
        }
        #expect(try await store.run("first")?.state == .interrupted)
        #expect(try await store.judgmentCount(of: "first") == 1)
    }
}
