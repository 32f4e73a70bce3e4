import AssizeCore
import Testing

@testable import AssizeLocal

/// Jobs that write a few tokens and weigh branches behind them, driven through the scheduler over a ``ModelCache``.
struct SchedulerWorld {
    struct Job {
        let id: Int
        let adapter: Int
        let prompt: [Int32]
        /// Tokens to write before the branches.
        let length: Int
        let branches: [[Int32]]
        var written: [Int32] = []
        var isWeighing = false
        /// The hashes behind the text and behind each token of each branch.
        var result: [UInt64] = []

        var request: Scheduler.Request {
            Scheduler.Request(
                id: id,
                adapter: adapter,
                prompt: Array(prompt.dropLast()),
                reserve: length + branches.reduce(0) { $0 + $1.count } + 3,
                work: SequenceWork(start: prompt.count - 1, row: prompt.suffix(1))
            )
        }

        /// What the job has to come to, whatever ran beside it.
        var expected: [UInt64] {
            var tokens = [Int32(-1 - adapter)] + prompt
            for _ in 0..<length { tokens.append(ModelCache.next(ModelCache.hash(tokens))) }
            let text = tokens + [100]
            return [ModelCache.hash(text)]
                + branches.flatMap { branch in
                    branch.indices.map { ModelCache.hash(text + branch[...$0]) }
                }
        }
    }

    var scheduler: Scheduler
    var cache: ModelCache
    var active: [Int: Job] = [:]
    var done: [Job] = []
    var steps = 0
    /// The rows of every computation, where they are wanted.
    var batches: [[ScheduledBatch.Row]] = []

    init(limits: Scheduler.Limits) {
        scheduler = Scheduler(limits: limits)
        cache = ModelCache(capacity: limits.capacity)
    }

    /// Lets a job in; its prompt begins with a token for its adapter, so that mixing two of them shows.
    mutating func admit(_ job: Job) -> Int? {
        var job = job
        job = Job(
            id: job.id,
            adapter: job.adapter,
            prompt: [Int32(-1 - job.adapter)] + job.prompt,
            length: job.length,
            branches: job.branches
        )
        guard let matched = scheduler.admit(job.request) else { return nil }
        active[job.id] = job
        return matched
    }

    mutating func cancel(_ id: Int) {
        guard active.removeValue(forKey: id) != nil else { return }
        scheduler.retire(id)
    }

    /// One computation; `isLost` breaks it off after the cache was changed.
    mutating func step(isLost: Bool = false) throws {
        guard let batch = scheduler.next() else { throw ModelCache.Misuse(description: "jobs, and nothing to compute") }
        steps += 1
        batches.append(batch.rows)
        try #require(batch.rows.count <= scheduler.limits.batchTokens)
        try #require(batch.rows.count { $0.output } <= scheduler.limits.outputs)
        for operation in batch.before { try cache.perform(operation) }
        let outputs = try cache.compute(batch.rows)
        if isLost {
            scheduler.revert(batch)
            return
        }
        scheduler.finish(batch)
        for delivery in batch.deliveries {
            guard var job = active[delivery.job] else { continue }
            try #require(job.adapter == batch.adapter)
            if job.isWeighing {
                let rows = [delivery.row].compactMap { $0 } + delivery.branches.flatMap { $0 }
                for row in rows { job.result.append(try #require(outputs[row])) }
                active[job.id] = nil
                done.append(job)
                scheduler.retire(job.id)
                continue
            }
            let row = try #require(delivery.row)
            let hash = try #require(outputs[row])
            let held = job.prompt.count + job.written.count
            if job.written.count < job.length {
                job.written.append(ModelCache.next(hash))
                scheduler.setWork(SequenceWork(start: held, row: job.written.suffix(1)), of: job.id)
            } else {
                // The last token is computed anew together with the forced one, as behind a cut text.
                let last = job.written.last ?? job.prompt[job.prompt.count - 1]
                job.isWeighing = true
                scheduler.setWork(
                    SequenceWork(start: held - 1, row: [last, 100], branches: job.branches),
                    of: job.id
                )
            }
            active[job.id] = job
        }
    }

    /// A random job out of few words, so that prompts often share their beginnings.
    static func job(_ id: Int, adapters: Int, longest: Int, random: inout SplitMix64) -> Job {
        var prompt: [Int32] = []
        var letter: Int32 = 0
        for _ in 0..<random.nextInt(below: longest) + 1 {
            if random.nextInt(below: 12) == 0 { letter = Int32(random.nextInt(below: 3)) }
            prompt.append(letter)
        }
        let branches = (0..<random.nextInt(below: 4))
            .map { _ in
                (0...random.nextInt(below: 3)).map { _ in Int32(200 + random.nextInt(below: 3)) }
            }
        return Job(
            id: id,
            adapter: random.nextInt(below: adapters),
            prompt: prompt,
            length: random.nextInt(below: 9),
            branches: branches
        )
    }
}

extension SplitMix64 {
    mutating func nextInt(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
