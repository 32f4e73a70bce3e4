import AssizeCore
import AssizeStore
import Testing

struct JudgmentWriterTests {
    @Test func `five thousand callers at once all get their judgment stored`() async throws {
        let sandbox = try Sandbox()
        let store = try RunStore(path: sandbox.path())
        try await store.createRun(.sample())
        let writer = JudgmentWriter(store: store, run: "first")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for ordinal in 0..<5_000 {
                group.addTask { try await writer.submit(.sample(ordinal)) }
            }
            try await group.waitForAll()
        }
        try await writer.finish()
        #expect(try await store.judgmentCount(of: "first") == 5_000)
    }

    @Test func `done means stored`() async throws {
        let sandbox = try Sandbox()
        let store = try RunStore(path: sandbox.path())
        let reader = try RunStore(path: sandbox.path())
        try await store.createRun(.sample())
        let writer = JudgmentWriter(store: store, run: "first", batchLimit: 3)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for ordinal in 0..<100 {
                group.addTask {
                    try await writer.submit(.sample(ordinal))
                    let found = try await reader.completed(of: "first", ordinals: ordinal..<ordinal + 1, criteria: 1)
                    #expect(found == [ordinal])
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a failed commit is told to all who wait and to all who come later`() async throws {
        let sandbox = try Sandbox()
        let store = try RunStore(path: sandbox.path(), maximumPages: 60)
        try await store.createRun(.sample())
        let writer = JudgmentWriter(store: store, run: "first", batchLimit: 8)
        let codes = await withTaskGroup(of: AssizeStoreError.Code?.self) { group in
            for ordinal in 0..<1_000 {
                group.addTask { await code { try await writer.submit(.sample(ordinal)) } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let stored = codes.count { $0 == nil }
        #expect(codes.allSatisfy { $0 == nil || $0 == .full })
        #expect(stored > 0 && stored < 1_000)
        #expect(try await store.judgmentCount(of: "first") == stored)
        #expect(await code { try await writer.submit(.sample(5_000)) } == .full)
        #expect(await code { try await writer.finish() } == .full)
    }

    @Test func `a finished writer takes no more`() async throws {
        let store = try RunStore.inMemory()
        try await store.createRun(.sample())
        let writer = JudgmentWriter(store: store, run: "first")
        try await writer.submit(.sample(0))
        try await writer.finish()
        try await writer.finish()
        #expect(await code { try await writer.submit(.sample(1)) } == .closed)
        #expect(try await store.judgmentCount(of: "first") == 1)
    }

    @Test func `finishing waits for what was submitted`() async throws {
        let store = try RunStore.inMemory()
        try await store.createRun(.sample())
        let writer = JudgmentWriter(store: store, run: "first", batchLimit: 1)
        let outcomes = try await withThrowingTaskGroup(of: AssizeStoreError.Code?.self) { group in
            for ordinal in 0..<50 {
                group.addTask { await code { try await writer.submit(.sample(ordinal)) } }
            }
            _ = try await group.next()
            try await writer.finish()
            let stored = try await store.judgmentCount(of: "first")
            var outcomes: [AssizeStoreError.Code?] = []
            for try await outcome in group { outcomes.append(outcome) }
            #expect(stored == 1 + outcomes.count { $0 == nil })
            return outcomes
        }
        #expect(outcomes.allSatisfy { $0 == nil || $0 == .closed })
    }

    @Test func `a judgment made before its task was cancelled is kept`() async throws {
        let store = try RunStore.inMemory()
        try await store.createRun(.sample())
        let writer = JudgmentWriter(store: store, run: "first")
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask { try? await writer.submit(.sample(0)) }
        }
        #expect(try await store.judgmentCount(of: "first") == 1)
    }
}
