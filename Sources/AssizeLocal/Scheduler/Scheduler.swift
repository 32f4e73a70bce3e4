/// Decides what is computed next: which jobs run, which prompt tokens are read, and which jobs write together.
///
/// It is a value without any pointer to the engine, so that its rules can be tested against a model of the KV cache. A job
/// comes in with ``admit(_:)`` when there is room for all that it may come to fill; so the cache never overflows. Its prompt
/// stands in the ``PrefixTree``, where it is read once whoever else needs it. When that is done, the job gets a sequence of
/// its own that starts as a copy of the prompt's, and computes ``SequenceWork`` in it until it is retired.
///
/// In every batch come first the jobs that write, each with its few tokens; what room is left goes to prompts, in the order
/// in which their jobs were admitted. So reading never holds up writing, and each step brings everyone forward.
struct Scheduler: Sendable {
    typealias Token = Int32

    struct Limits: Hashable, Sendable {
        /// Jobs at a time.
        var jobs: Int
        /// Sequences of the cache, for prompts, jobs and branches together.
        var sequences: Int
        /// Tokens that the cache holds.
        var capacity: Int
        /// Tokens that jobs and kept prompts hold together, as long as more than one job is under way.
        ///
        /// Attention passes over every cell in use, wanted or not: many jobs that share nothing hold each other up.
        var workingTokens: Int
        /// Tokens of one computation.
        var batchTokens: Int
        /// Rows of logits of one computation.
        var outputs: Int
        /// Tokens of prompts that are kept though no job needs them now.
        var idleTokens: Int
        /// Computes every job as if it were alone: one at a time, its prompt in blocks of this many tokens.
        ///
        /// Whole blocks of a prompt before it are kept, since they come out the same to the last bit. `nil` batches.
        var aloneBlock: Int?
        /// Computations after which another adapter gets its turn while jobs of several are under way.
        var adapterTurn = 32
    }

    /// A job that wants in.
    struct Request: Sendable {
        let id: Int
        let adapter: Int
        /// The prompt but its last token, which is the first of the job's own row.
        let prompt: [Token]
        /// The most tokens that its own sequence may come to hold behind that.
        let reserve: Int
        let work: SequenceWork
    }

    private struct Job: Sendable {
        let id: Int
        let adapter: Int
        let node: Int
        let prompt: Int
        let reserve: Int
        /// Its own sequence, once the prompt is read.
        var sequence: Int?
        /// Tokens that its own sequence holds.
        var position: Int
        /// What to compute next; `nil` while its owner looks at logits.
        var work: SequenceWork?
    }

    let limits: Limits
    private var tree = PrefixTree()
    private var pool: SequencePool
    /// In the order of admission.
    private var jobs: [Job] = []
    private var reserved = 0
    private var operations: [MemoryOperation] = []
    private var adapter = 0
    private var turn = 0

    /// Branches computed at once for one job, and their tokens together; more come in rounds.
    static let branchLimit = 16
    static let branchTokenLimit = 48

    init(limits: Limits) {
        precondition(limits.jobs > 0 && limits.batchTokens > Scheduler.branchTokenLimit, "there is room for work")
        precondition(limits.outputs > Scheduler.branchTokenLimit, "there is room for the logits of branches")
        precondition(
            limits.sequences >= 2 * limits.jobs + Scheduler.branchLimit,
            "each job can have a prompt and a sequence, and one of them branches"
        )
        self.limits = limits
        pool = SequencePool(total: limits.sequences)
    }

    var jobCount: Int { jobs.count }
    /// Tokens of the cache that are used or promised.
    var committed: Int { tree.tokenCount + reserved }
    var freeSequences: Int { pool.count }

    /// How many of a prompt's first tokens need not be read again.
    func matched(_ request: Request) -> Int {
        tree.matched(request.prompt[...], adapter: request.adapter)
    }

    /// Takes a job in, if there is room for it now.
    ///
    /// - Returns: How many tokens of the prompt are in the cache or being read for others; `nil` when there is no room.
    mutating func admit(_ request: Request) -> Int? {
        let size = request.prompt.count + request.reserve
        precondition(size <= limits.capacity, "a job fits the cache when it is alone")
        guard jobs.count < limits.jobs else { return nil }
        let room = jobs.isEmpty ? limits.capacity : min(limits.capacity, limits.workingTokens)
        if let block = limits.aloneBlock {
            guard jobs.isEmpty else { return nil }
            let known = tree.matched(request.prompt[...], adapter: request.adapter) / block * block
            tree.keepOnly(
                request.prompt[..<known],
                adapter: request.adapter,
                pool: &pool,
                operations: &operations
            )
        } else {
            // What no job needs is forgotten only as far as the room is needed.
            let new = request.prompt.count - tree.matched(request.prompt[...], adapter: request.adapter)
            guard committed - tree.evictableTokens + new + request.reserve <= room else { return nil }
        }
        let (node, matched) = tree.insert(request.prompt[...], adapter: request.adapter)
        while committed + request.reserve > min(limits.capacity, limits.workingTokens) {
            if tree.evict(pool: &pool, operations: &operations) { continue }
            guard committed + request.reserve > room else { break }
            tree.release(node, pool: &pool, operations: &operations)
            return nil
        }
        reserved += request.reserve
        jobs.append(
            Job(
                id: request.id,
                adapter: request.adapter,
                node: node,
                prompt: request.prompt.count,
                reserve: request.reserve,
                position: request.prompt.count,
                work: request.work
            )
        )
        return matched
    }

    /// Says what a job needs next, after it got its logits.
    mutating func setWork(_ work: SequenceWork, of id: Int) {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { return }
        precondition(work.tokenCount > 0, "work has tokens")
        if work.start < jobs[index].position, let sequence = jobs[index].sequence {
            operations.append(.remove(sequence: sequence, from: work.start))
            jobs[index].position = work.start
        }
        precondition(work.start == jobs[index].position, "a sequence has no gaps")
        jobs[index].work = work
    }

    /// Lets a job go, answered or cancelled.
    mutating func retire(_ id: Int) {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { return }
        let job = jobs.remove(at: index)
        reserved -= job.reserve
        if let sequence = job.sequence {
            operations.append(.remove(sequence: sequence, from: 0))
            pool.giveBack(sequence)
        }
        tree.release(job.node, pool: &pool, operations: &operations)
        guard limits.aloneBlock == nil else { return }
        while tree.evictableTokens > limits.idleTokens, tree.evict(pool: &pool, operations: &operations) {}
    }

    /// The next computation; `nil` when no job has anything to compute.
    mutating func next() -> ScheduledBatch? {
        chooseAdapter()
        var batch = ScheduledBatch(adapter: adapter)
        for index in jobs.indices where jobs[index].adapter == adapter && jobs[index].work != nil {
            write(index, into: &batch)
        }
        var planned: [Int: Int] = [:]
        for job in jobs where job.adapter == adapter && job.sequence == nil {
            guard batch.rows.count < limits.batchTokens else { break }
            read(job, into: &batch, planned: &planned)
        }
        batch.reads = planned
        batch.before = operations
        operations = []
        guard !batch.isEmpty else {
            // Nothing to compute: the cache's own changes wait for the next time.
            operations = batch.before
            return nil
        }
        turn += 1
        return batch
    }

    /// Notes that a batch was computed.
    mutating func finish(_ batch: ScheduledBatch) {
        for (node, count) in batch.reads { tree.didRead(node, count: count) }
        for index in jobs.indices {
            guard let count = batch.advances[jobs[index].id] else { continue }
            jobs[index].position += count
            if batch.deliveries.contains(where: { $0.job == jobs[index].id }) {
                jobs[index].work = nil
            } else {
                jobs[index].work?.row.removeFirst(count)
                jobs[index].work?.start += count
            }
        }
        for sequence in batch.branchSequences { pool.giveBack(sequence) }
        operations += batch.after
    }

    /// Notes that a batch was not computed; the same work comes up again.
    mutating func revert(_ batch: ScheduledBatch) {
        for sequence in batch.branchSequences { pool.giveBack(sequence) }
        operations += batch.undo
    }

    // MARK: - Filling a batch

    private mutating func chooseAdapter() {
        let waiting = jobs.filter { $0.work != nil || $0.sequence == nil }
        guard !waiting.isEmpty else { return }
        let isWanted = waiting.contains { $0.adapter == adapter }
        guard !isWanted || turn >= limits.adapterTurn else { return }
        // The next one round, so that each gets its turn.
        let others = Set(waiting.map(\.adapter)).sorted()
        adapter = others.first { $0 > adapter } ?? others[0]
        turn = 0
    }

    private mutating func write(_ index: Int, into batch: inout ScheduledBatch) {
        if jobs[index].sequence == nil, !fork(index) { return }
        guard let sequence = jobs[index].sequence, let work = jobs[index].work else { return }
        let job = jobs[index]
        let room = limits.batchTokens - batch.rows.count
        let isWhole =
            work.tokenCount <= room && batch.outputs + work.outputs <= limits.outputs
            && work.branches.count <= pool.count
        // A row longer than a batch comes in parts; its last token waits for its branches.
        let count = isWhole ? work.row.count : min(work.row.count - 1, room)
        guard isWhole || count > 0 else { return }

        var branchSequences: [Int] = []
        if isWhole {
            for _ in work.branches {
                guard let branch = pool.take() else { preconditionFailure("the pool was counted") }
                branchSequences.append(branch)
                operations.append(.copy(from: sequence, to: branch, upTo: job.position))
            }
        }
        let start = batch.rows.count
        for offset in 0..<count {
            batch.rows.append(
                ScheduledBatch.Row(
                    token: work.row[offset],
                    position: job.position + offset,
                    sequences: [sequence] + branchSequences,
                    output: isWhole && offset == work.row.count - 1
                )
            )
        }
        batch.advances[job.id] = count
        batch.undo.append(.remove(sequence: sequence, from: job.position))
        guard isWhole else { return }
        var branches: [[Int]] = []
        for (branch, tokens) in zip(branchSequences, work.branches) {
            var rows: [Int] = []
            for (offset, token) in tokens.enumerated() {
                rows.append(batch.rows.count)
                batch.rows.append(
                    ScheduledBatch.Row(
                        token: token,
                        position: job.position + count + offset,
                        sequences: [branch],
                        output: true
                    )
                )
            }
            branches.append(rows)
            batch.after.append(.remove(sequence: branch, from: 0))
            batch.undo.append(.remove(sequence: branch, from: 0))
        }
        batch.branchSequences += branchSequences
        batch.outputs += work.outputs
        batch.deliveries.append(
            ScheduledBatch.Delivery(job: job.id, row: count > 0 ? start + count - 1 : nil, branches: branches)
        )
    }

    /// Gives a job its own sequence behind its prompt.
    ///
    /// - Returns: Whether the prompt is read and a sequence was free.
    private mutating func fork(_ index: Int) -> Bool {
        let node = jobs[index].node
        guard tree.firstUnread(of: node) == nil else { return false }
        guard let sequence = takeSequence() else { return false }
        if jobs[index].prompt > 0 {
            guard let source = tree.holder(of: node) else { preconditionFailure("a read prompt is held") }
            operations.append(.copy(from: source, to: sequence, upTo: jobs[index].prompt))
        }
        jobs[index].sequence = sequence
        return true
    }

    private mutating func takeSequence() -> Int? {
        if let sequence = pool.take() { return sequence }
        while tree.evict(pool: &pool, operations: &operations) {
            if let sequence = pool.take() { return sequence }
        }
        return nil
    }

    private mutating func read(_ job: Job, into batch: inout ScheduledBatch, planned: inout [Int: Int]) {
        while let node = tree.firstUnread(of: job.node, planned: planned) {
            let known = tree.nodes[node].ready + (planned[node] ?? 0)
            let position = tree.nodes[node].start + known
            var room = limits.batchTokens - batch.rows.count
            if let block = limits.aloneBlock {
                // Blocks start at fixed positions, so that a prefix is always computed in the same pieces.
                room = min(room, block - position % block)
                if !batch.rows.isEmpty, position % block == 0 { return }
            }
            let count = min(room, tree.nodes[node].tokens.count - known)
            guard count > 0 else { return }
            if pool.count == 0 { _ = tree.evict(pool: &pool, operations: &operations) }
            guard let sequence = tree.sequence(toRead: node, pool: &pool, operations: &operations) else { return }
            for offset in 0..<count {
                batch.rows.append(
                    ScheduledBatch.Row(
                        token: tree.nodes[node].tokens[known + offset],
                        position: position + offset,
                        sequences: [sequence],
                        output: false
                    )
                )
            }
            if planned[node] == nil { batch.undo.append(.remove(sequence: sequence, from: position)) }
            planned[node, default: 0] += count
        }
    }
}
