import AssizeCore
import Testing

@testable import AssizeLocal

struct SchedulerTests {
    private static func limits(
        jobs: Int = 4,
        capacity: Int = 400,
        batch: Int = 64,
        idle: Int = 100,
        working: Int? = nil,
        block: Int? = nil
    ) -> Scheduler.Limits {
        Scheduler.Limits(
            jobs: jobs,
            sequences: 2 * jobs + Scheduler.branchLimit,
            capacity: capacity,
            workingTokens: working ?? capacity,
            batchTokens: batch,
            outputs: 64,
            idleTokens: idle,
            aloneBlock: block,
            adapterTurn: 5
        )
    }

    @Test(arguments: 0..<40)
    func `whatever runs beside a job, it gets what it would have got alone`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let jobs = 1 + random.nextInt(below: 8)
        let capacity = 160 + random.nextInt(below: 500)
        var world = SchedulerWorld(
            limits: SchedulerTests.limits(
                jobs: jobs,
                capacity: capacity,
                batch: 49 + random.nextInt(below: 60),
                idle: random.nextInt(below: 200),
                working: 100 + random.nextInt(below: 600)
            )
        )
        var waiting = (0..<60)
            .map { SchedulerWorld.job($0, adapters: 1 + Int(seed % 3), longest: 120, random: &random) }
        var cancelled = 0
        while !waiting.isEmpty || !world.active.isEmpty {
            while let job = waiting.first, world.admit(job) != nil { waiting.removeFirst() }
            try #require(world.scheduler.committed <= capacity)
            if !world.active.isEmpty { try world.step(isLost: random.nextInt(below: 10) == 0) }
            if random.nextInt(below: 15) == 0, let id = world.active.keys.sorted().first {
                world.cancel(id)
                cancelled += 1
            }
            try #require(world.steps < 20_000, "no job waits for ever")
        }
        #expect(world.done.count + cancelled == 60)
        for job in world.done {
            var plain = job
            plain = SchedulerWorld.Job(
                id: job.id,
                adapter: job.adapter,
                prompt: Array(job.prompt.dropFirst()),
                length: job.length,
                branches: job.branches
            )
            #expect(job.result == plain.expected)
        }
        // Nothing is left but what is kept on purpose, and no sequence is lost.
        _ = world.scheduler.next()
        #expect(world.scheduler.jobCount == 0)
        #expect(world.scheduler.committed <= world.scheduler.limits.idleTokens)
    }

    @Test func `a prompt that many share is read once`() throws {
        var world = SchedulerWorld(limits: SchedulerTests.limits(jobs: 8, capacity: 600))
        let prompt = (0..<200).map { Int32($0) }
        for id in 0..<8 {
            let matched = world.admit(.init(id: id, adapter: 0, prompt: prompt, length: 4, branches: []))
            #expect(matched == (id == 0 ? 0 : 200))
        }
        while !world.active.isEmpty { try world.step() }
        // 200 tokens of the prompt once (with the adapter's, less the last), then 7 rows each: the last token of the prompt,
        // four written ones, the last again with the forced one.
        #expect(world.cache.computed == 200 + 8 * 7)
        #expect(world.done.count == 8)
    }

    @Test func `writing goes on while a long prompt is read`() throws {
        var world = SchedulerWorld(limits: SchedulerTests.limits(jobs: 2, capacity: 2000))
        let admitted1 = world.admit(.init(id: 0, adapter: 0, prompt: [1, 2, 3], length: 8, branches: []))
        #expect(admitted1 == 0)
        try world.step()
        let admitted2 = world.admit(
            .init(id: 1, adapter: 0, prompt: Array(repeating: 5, count: 1200), length: 1, branches: [])
        )
        #expect(admitted2 != nil)
        for _ in 0..<8 { try world.step() }
        #expect(world.active[0]?.written.count ?? 8 == 8)
        #expect(world.active[1]?.written.isEmpty == true)
    }

    @Test func `a job waits while the cache has no room, and the oldest unused prompt makes room`() throws {
        var world = SchedulerWorld(limits: SchedulerTests.limits(jobs: 4, capacity: 100, idle: 100))
        let first = (0..<50).map { Int32($0) }
        let admitted3 = world.admit(.init(id: 0, adapter: 0, prompt: first, length: 2, branches: []))
        #expect(admitted3 == 0)
        let second = (100..<160).map { Int32($0) }
        let admitted4 = world.admit(.init(id: 1, adapter: 0, prompt: second, length: 2, branches: []))
        #expect(admitted4 == nil)
        while !world.active.isEmpty { try world.step() }
        let admitted5 = world.admit(.init(id: 1, adapter: 0, prompt: second, length: 2, branches: []))
        #expect(admitted5 != nil)
        while !world.active.isEmpty { try world.step() }
        #expect(world.done.count == 2)
    }

    @Test func `a kept prefix is not read again`() throws {
        var world = SchedulerWorld(limits: SchedulerTests.limits(capacity: 400, idle: 200))
        let rubric = (0..<60).map { Int32($0) }
        let admitted6 = world.admit(.init(id: 0, adapter: 0, prompt: rubric + [70, 71], length: 1, branches: []))
        #expect(admitted6 == 0)
        while !world.active.isEmpty { try world.step() }
        let admitted7 = world.admit(.init(id: 1, adapter: 0, prompt: rubric + [80, 81], length: 1, branches: []))
        #expect(admitted7 == 61)
        // The same text read with another adapter is other content.
        let admitted8 = world.admit(.init(id: 2, adapter: 1, prompt: rubric + [80, 81], length: 1, branches: []))
        #expect(admitted8 == 0)
    }

    @Test(arguments: 0..<12)
    func `alone, a job's computations are the same whatever came before`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let subject = SchedulerWorld.job(1000, adapters: 1, longest: 200, random: &random)
        var fresh = SchedulerWorld(limits: SchedulerTests.limits(jobs: 1, capacity: 400, block: 16))
        _ = fresh.admit(subject)
        while !fresh.active.isEmpty { try fresh.step() }

        var used = SchedulerWorld(limits: SchedulerTests.limits(jobs: 1, capacity: 400, block: 16))
        for id in 0..<10 {
            _ = used.admit(SchedulerWorld.job(id, adapters: 2, longest: 200, random: &random))
            let refused = used.admit(subject)
            #expect(refused == nil)
            while !used.active.isEmpty { try used.step(isLost: random.nextInt(below: 8) == 0) }
        }
        // One that shares much with the subject.
        var relative = subject.prompt
        relative[relative.count - 1] = 99
        _ = used.admit(.init(id: 11, adapter: subject.adapter, prompt: relative, length: 1, branches: []))
        while !used.active.isEmpty { try used.step() }
        let before = used.batches.count
        let known = used.admit(subject)
        let matched = try #require(known)
        while !used.active.isEmpty { try used.step() }

        // Whole blocks may be there already; from there on every computation has the same tokens at the same places.
        #expect(matched >= (relative.count) / 16 * 16)
        let shapes = { (rows: [[ScheduledBatch.Row]]) in rows.map { $0.map { [Int($0.token), $0.position] } } }
        let again = shapes(Array(used.batches[before...]))
        #expect(again == Array(shapes(fresh.batches).suffix(again.count)))
        #expect(used.done.last?.result == fresh.done.last?.result)
    }
}
