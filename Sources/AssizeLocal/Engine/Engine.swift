internal import AssizeCore
internal import Synchronization

/// The thread that owns the context. Asks come in concurrently; it answers many of them together.
///
/// What is computed when is the ``Scheduler``'s to decide; what an ask needs, the ``AskJob``'s. The engine carries tokens to
/// the context and logits back.
actor Engine {
    private nonisolated let executor = EngineExecutor(label: "assize.engine")
    private nonisolated let inbox = Mutex(Inbox())
    private nonisolated let abortFlag: LlamaContext.AbortFlag
    private nonisolated let model: LlamaModel
    private nonisolated let vocabulary: Vocabulary
    private nonisolated let template: ChatTemplate
    nonisolated let plan: EnginePlan

    private let context: LlamaContext
    private let batch: TokenBatch
    private var scheduler: Scheduler
    /// Decides how many threads compute; `nil` where the number is fixed, since it can change the last digits.
    private var governor: ThreadGovernor?
    private var threads: Int
    /// Asks that are not admitted yet, first come first.
    private var waiting: [Waiting] = []
    private var jobs: [Int: Active] = [:]
    /// Adapter 0 is none.
    private var adapters: [LlamaAdapter] = []
    private var adapter = 0

    private struct Waiting {
        var job: AskJob
        let reply: Inbox.Reply
        /// How often another ask was admitted before it though it came in later.
        var overtaken = 0
    }

    private struct Active {
        var job: AskJob
        let reply: Inbox.Reply
    }

    /// Asks looked at for the one that shares most with what is in the cache.
    private static let lookahead = 64
    /// How often an ask may be overtaken.
    private static let patience = 64

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(model: LlamaModel, vocabulary: Vocabulary, template: ChatTemplate, plan: EnginePlan) throws(AssizeLocalError) {
        let abortFlag = LlamaContext.AbortFlag()
        self.model = model
        self.vocabulary = vocabulary
        self.template = template
        self.plan = plan
        self.abortFlag = abortFlag
        context = try LlamaContext(model: model, plan: plan, abortFlag: abortFlag)
        batch = TokenBatch(capacity: plan.batchTokens, sequencesPerToken: 1 + Scheduler.branchLimit)
        scheduler = Scheduler(limits: plan.limits(capacity: context.capacity))
        threads = plan.threads
        governor = plan.isDeterministic || plan.threads == 1 ? nil : ThreadGovernor(threads: plan.threads)
    }

    /// Answers one ask; returns when it is answered, has failed, or the calling task is cancelled.
    ///
    /// - Parameters:
    ///   - ask: The ask.
    ///   - adapter: What ``loadAdapter(path:)`` gave; 0 is the model alone.
    /// - Returns: The answer.
    /// - Throws: ``LanguageModelError``.
    nonisolated func answer(_ ask: Ask, adapter: Int = 0) async throws(LanguageModelError) -> Answer {
        // Tokenised here, on the caller's thread: the engine's has better things to do.
        let prompt = try PreparedPrompt(
            ask: ask,
            template: template,
            vocabulary: vocabulary,
            contextTokens: plan.contextTokens
        )
        let id = inbox.withLock { $0.makeID() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<Answer, LanguageModelError>, Never>) in
                let submission = Inbox.Submission(id: id, ask: ask, adapter: adapter, prompt: prompt) {
                    continuation.resume(returning: $0)
                }
                if inbox.withLock({ $0.submit(submission) }) { wake() }
            }
        } onCancel: {
            if inbox.withLock({ $0.cancel(id) }) { abortFlag.isRaised = true }
        }
        return try result.get()
    }

    /// Loads an adapter between two computations.
    ///
    /// - Returns: Its number, for ``answer(_:adapter:)``.
    nonisolated func loadAdapter(path: String) async throws(AssizeLocalError) -> Int {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Int, AssizeLocalError>, Never>) in
            let request = Inbox.AdapterRequest(path: path) { continuation.resume(returning: $0) }
            if inbox.withLock({ $0.submit(request) }) { wake() }
        }
        return try result.get()
    }

    private nonisolated func wake() {
        executor.async { self.assumeIsolated { $0.serve() } }
    }

    /// Works until nothing is left to do.
    private func serve() {
        while true {
            let (submissions, requests) = inbox.withLock { $0.take() }
            for request in requests { load(request) }
            for submission in submissions { receive(submission) }
            dropCancelled()
            admit()
            if jobs.isEmpty {
                if waiting.isEmpty, inbox.withLock({ $0.rest() }) { return }
                continue
            }
            step()
        }
    }

    private func load(_ request: Inbox.AdapterRequest) {
        do {
            adapters.append(try LlamaAdapter(path: request.path, model: model))
            request.reply(.success(adapters.count))
        } catch {
            request.reply(.failure(error))
        }
    }

    private func receive(_ submission: Inbox.Submission) {
        do {
            let job = try AskJob(
                id: submission.id,
                ask: submission.ask,
                adapter: submission.adapter,
                prompt: submission.prompt,
                model: model
            )
            waiting.append(Waiting(job: job, reply: submission.reply))
        } catch {
            reply(
                submission.id,
                submission.reply,
                .failure(LanguageModelError(code: .unsupported, message: error.message))
            )
        }
    }

    private func reply(_ id: Int, _ reply: Inbox.Reply, _ result: Result<Answer, LanguageModelError>) {
        inbox.withLock { $0.close(id) }
        reply(result)
    }

    private func dropCancelled() {
        let dropped = inbox.withLock { inbox in
            inbox.hasCancelled
                ? Set((waiting.map(\.job.id) + jobs.keys).filter { inbox.isCancelled($0) }) : []
        }
        guard !dropped.isEmpty else { return }
        let error = LanguageModelError(code: .cancelled, message: "the ask was cancelled")
        for ask in waiting where dropped.contains(ask.job.id) { reply(ask.job.id, ask.reply, .failure(error)) }
        waiting.removeAll { dropped.contains($0.job.id) }
        for id in dropped { retire(id, .failure(error)) }
    }

    private func retire(_ id: Int, _ result: Result<Answer, LanguageModelError>) {
        guard let active = jobs.removeValue(forKey: id) else { return }
        scheduler.retire(id)
        reply(id, active.reply, result)
    }

    /// Takes waiting asks in while the cache has room for all that they may come to fill.
    private func admit() {
        while jobs.count < plan.sequences, let index = candidate() {
            var ask = waiting[index]
            guard let cached = scheduler.admit(ask.job.request) else { return }
            waiting.remove(at: index)
            for earlier in 0..<index { waiting[earlier].overtaken += 1 }
            ask.job.cachedTokens = cached
            jobs[ask.job.id] = Active(job: ask.job, reply: ask.reply)
        }
    }

    /// The waiting ask that shares most with what is in the cache; the first of them where they share alike.
    ///
    /// One that was overtaken often enough is next whatever it shares.
    private func candidate() -> Int? {
        guard let first = waiting.first else { return nil }
        if waiting.count == 1 || first.overtaken >= Engine.patience { return 0 }
        var best = 0
        var most = -1
        for index in waiting.indices.prefix(Engine.lookahead) {
            let matched = scheduler.matched(waiting[index].job.request)
            if matched > most { (best, most) = (index, matched) }
        }
        return best
    }

    /// Computes one batch and lets every job whose logits came out go on.
    private func step() {
        guard let scheduled = scheduler.next() else {
            failAll("the scheduler has jobs and nothing to compute")
            return
        }
        for operation in scheduled.before { context.perform(operation) }
        do {
            try use(scheduled.adapter)
        } catch {
            scheduler.revert(scheduled)
            failAll(error.message)
            return
        }
        batch.removeAll()
        for row in scheduled.rows {
            batch.append(row.token, position: row.position, sequences: row.sequences, output: row.output)
        }
        switch decode() {
        case .done:
            scheduler.finish(scheduled)
            deliver(scheduled.deliveries)
        case .aborted:
            abortFlag.isRaised = false
            scheduler.revert(scheduled)
        case .noRoom:
            scheduler.revert(scheduled)
            failAll("the KV cache is full; lower --jobs or raise --context")
        case .failed(let code):
            scheduler.revert(scheduled)
            failAll("the engine failed with code \(code) (\(LlamaBackend.takeLog()))")
        }
    }

    /// Computes the batch, with fewer threads while other work takes the cores.
    private func decode() -> LlamaContext.DecodeResult {
        guard var governor else { return context.decode(batch) }
        let wanted = governor.threads(forRows: batch.count)
        if wanted != threads {
            context.use(threads: wanted)
            threads = wanted
        }
        let clock = ContinuousClock()
        let start = clock.now
        let result = context.decode(batch)
        if result == .done { governor.note(rows: batch.count, seconds: (clock.now - start) / .seconds(1)) }
        self.governor = governor
        return result
    }

    private func use(_ wanted: Int) throws(AssizeLocalError) {
        guard wanted != adapter else { return }
        try context.use(wanted == 0 ? [] : [adapters[wanted - 1]])
        adapter = wanted
    }

    private func deliver(_ deliveries: [ScheduledBatch.Delivery]) {
        for delivery in deliveries {
            guard var active = jobs[delivery.job] else { continue }
            let step = active.job.advance(
                row: delivery.row,
                branches: delivery.branches,
                context: context,
                vocabulary: vocabulary
            )
            switch step {
            case .compute(let work):
                scheduler.setWork(work, of: delivery.job)
                jobs[delivery.job] = active
            case .finished(let result):
                retire(delivery.job, result)
            }
        }
    }

    /// Fails every job and begins with an empty cache.
    private func failAll(_ message: String) {
        for id in Array(jobs.keys) {
            retire(id, .failure(LanguageModelError(code: .engine, message: message)))
        }
        context.clear()
        scheduler = Scheduler(limits: plan.limits(capacity: context.capacity))
    }
}
