import AssizeCore
import AssizeStore
import Foundation
import Testing

struct StoreFileTests {
    @Test func `a full disk loses nothing that was stored and goes on once there is room`() async throws {
        let sandbox = try Sandbox()
        let small = try RunStore(path: sandbox.path(), maximumPages: 60)
        try await small.createRun(.sample())
        var stored = 0
        var failure: AssizeStoreError?
        while failure == nil, stored < 10_000 {
            let batch = try (stored..<stored + 100).map { try StoredJudgment.sample($0) }
            do throws(AssizeStoreError) {
                stored += try await small.append(batch, to: "first")
            } catch {
                failure = error
            }
        }
        #expect(failure?.code == .full)
        #expect(failure?.message.hasSuffix("run again with --resume: \(stored) judgments are safe") == true)
        #expect(stored > 0)
        #expect(try await small.judgmentCount(of: "first") == stored)

        let larger = try RunStore(path: sandbox.path(), maximumPages: 2_000)
        #expect(try await larger.append((0..<1_000).map { try .sample($0) }, to: "first") == 1_000 - stored)
        #expect(try await larger.completed(of: "first", ordinals: 0..<1_000, criteria: 1).count == 1_000)
    }

    @Test func `two stores write to one file at the same time`() async throws {
        let sandbox = try Sandbox()
        let stores = [try RunStore(path: sandbox.path()), try RunStore(path: sandbox.path())]
        try await stores[0].createRun(.sample())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, store) in stores.enumerated() {
                group.addTask {
                    for step in 0..<50 {
                        let ordinals = (0..<10).map { 20 * step + 2 * $0 + index }
                        try await store.append(ordinals.map { try .sample($0) }, to: "first")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await stores[0].judgmentCount(of: "first") == 1_000)
        #expect(try await stores[1].judgmentCount(of: "first") == 1_000)
    }

    @Test func `a new file can be opened by many at once`() async throws {
        let sandbox = try Sandbox()
        let path = sandbox.path()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<8 {
                group.addTask { try await RunStore(path: path).createRun(.sample(RunID(rawValue: "run \(index)"))) }
            }
            try await group.waitForAll()
        }
        #expect(try await RunStore(path: path).runs().count == 8)
    }

    @Test func `a file that is no database is left as it is`() throws {
        let sandbox = try Sandbox()
        let bytes = Data(String(repeating: "{\"id\": 1}\n", count: 1_000).utf8)
        try bytes.write(to: URL(fileURLWithPath: sandbox.path()))
        let error = #expect(throws: AssizeStoreError.self) { try RunStore(path: sandbox.path()) }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains(sandbox.path()) == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: sandbox.path())) == bytes)
    }

    @Test func `a damaged file is said to be damaged`() async throws {
        let sandbox = try Sandbox()
        try await RunStore(path: sandbox.path()).createRun(.sample())
        let url = URL(fileURLWithPath: sandbox.path())
        var bytes = try Data(contentsOf: url)
        #expect(bytes.count > 8_192)
        bytes.replaceSubrange(100..<bytes.count, with: Data(repeating: 0xA5, count: bytes.count - 100))
        try bytes.write(to: url)
        #expect(await code { _ = try RunStore(path: sandbox.path()) } == .corrupt)
    }

    @Test func `a file of a newer version is refused`() async throws {
        let sandbox = try Sandbox()
        let store = try RunStore(path: sandbox.path())
        try await store.evaluate("INSERT INTO grdb_migrations (identifier) VALUES ('99 from the future')")
        #expect(await code { _ = try RunStore(path: sandbox.path()) } == .newerSchema)
    }

    @Test func `another program's database is refused and not changed`() async throws {
        let sandbox = try Sandbox()
        let store = try RunStore(path: sandbox.path())
        try await store.evaluate("PRAGMA application_id = 1")
        let error = #expect(throws: AssizeStoreError.self) { try RunStore(path: sandbox.path()) }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("another program's") == true)
    }

    @Test func `a path that can't be a file is unreadable`() async throws {
        let sandbox = try Sandbox()
        #expect(await code { _ = try RunStore(path: sandbox.folder.path) } == .unreadable)
        try Data().write(to: URL(fileURLWithPath: sandbox.path("file")))
        #expect(await code { _ = try RunStore(path: sandbox.path("file/runs.sqlite")) } == .unreadable)
        _ = try RunStore(path: sandbox.path("file"))
    }

    @Test func `commits go to a write-ahead log that is not synced each time`() async throws {
        let sandbox = try Sandbox()
        let store = try RunStore(path: sandbox.path())
        #expect(try await store.evaluate("PRAGMA journal_mode") == "wal")
        #expect(try await store.evaluate("PRAGMA synchronous") == "1")
        #expect(try await store.evaluate("PRAGMA foreign_keys") == "1")
        #expect(try await store.evaluate("PRAGMA busy_timeout") == "30000")
    }
}
