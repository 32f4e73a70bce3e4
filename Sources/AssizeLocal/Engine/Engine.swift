internal import AssizeCore
internal import Synchronization

/// The thread that owns the context. Asks come in concurrently; it answers several of them together.
///
/// Each step computes one batch: a token for every ask that is writing, and as much of the prompts being read as there is
/// room for. With one sequence every ask is answered alone, from an empty cache, so that its answer depends on nothing else.
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
    private var waiting: [Inbox.Submission] = []
    private var active: [AskJob] = []
    private var freeSequences: [Int]

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(model: LlamaModel, vocabulary: Vocabulary, template: ChatTemplate, plan: EnginePlan) throws(AssizeLocalError) {
        let abortFlag = LlamaContext.AbortFlag()
        self.model = model
        self.vocabulary = vocabulary
        self.template = template
        self.plan = plan
        self.abortFlag = abortFlag
        context = try LlamaContext(model: model, plan: plan, abortFlag: abortFlag)
        batch = TokenBatch(capacity: plan.batchTokens)
        freeSequences = Array((0..<plan.sequences).reversed())
    }

    /// Answers one ask; returns when it is answered, has failed, or the calling task is cancelled.
    nonisolated func answer(_ ask: Ask) async throws(LanguageModelError) -> Answer {
        let id = inbox.withLock { $0.makeID() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<Answer, LanguageModelError>, Never>) in
                let submission = Inbox.Submission(id: id, ask: ask) { continuation.resume(returning: $0) }
                if inbox.withLock({ $0.submit(submission) }) { wake() }
            }
        } onCancel: {
            if inbox.withLock({ $0.cancel(id) }) { abortFlag.isRaised = true }
        }
        return try result.get()
    }

    private nonisolated func wake() {
        executor.async { self.assumeIsolated { $0.serve() } }
    }

    /// Works until nothing is left to do.
    private func serve() {
        while true {
            waiting += inbox.withLock { $0.take() }
            dropCancelled()
            admit()
            if active.isEmpty {
                if waiting.isEmpty, inbox.withLock({ $0.rest() }) { return }
                continue
            }
            step()
        }
    }

    private func dropCancelled() {
        let dropped = inbox.withLock { inbox in
            Set((waiting.map(\.id) + active.map(\.id)).filter { inbox.isCancelled($0) })
        }
        guard !dropped.isEmpty else { return }
        let error = LanguageModelError(code: .cancelled, message: "the ask was cancelled")
        for submission in waiting where dropped.contains(submission.id) { reply(submission, .failure(error)) }
        waiting.removeAll { dropped.contains($0.id) }
        for job in active where dropped.contains(job.id) { retire(job, .failure(error)) }
        active.removeAll { dropped.contains($0.id) }
    }

    private var replies: [Int: @Sendable (Result<Answer, LanguageModelError>) -> Void] = [:]

    private func reply(_ submission: Inbox.Submission, _ result: Result<Answer, LanguageModelError>) {
        let id = submission.id
        inbox.withLock { $0.close(id) }
        submission.reply(result)
    }

    private func retire(_ job: AskJob, _ result: Result<Answer, LanguageModelError>) {
        context.remove(sequence: job.sequence, from: 0)
        freeSequences.append(job.sequence)
        let id = job.id
        inbox.withLock { $0.close(id) }
        replies.removeValue(forKey: id)?(result)
    }

    /// Starts waiting asks, first come first served, while the cache has room for all that they may come to fill.
    private func admit() {
        while let submission = waiting.first, let sequence = freeSequences.last {
            do {
                let prompt = try PreparedPrompt(
                    ask: submission.ask,
                    template: template,
                    vocabulary: vocabulary,
                    contextTokens: plan.contextTokens
                )
                let job = try AskJob(
                    id: submission.id,
                    ask: submission.ask,
                    prompt: prompt,
                    sequence: sequence,
                    model: model
                )
                let taken = active.reduce(job.reservation) { $0 + $1.reservation }
                guard active.isEmpty || taken <= context.capacity else { return }
                waiting.removeFirst()
                freeSequences.removeLast()
                if active.isEmpty { context.clear() }
                replies[job.id] = submission.reply
                active.append(job)
            } catch {
                waiting.removeFirst()
                reply(submission, .failure(Engine.modelError(error)))
            }
        }
    }

    private static func modelError(_ error: any Error) -> LanguageModelError {
        switch error {
        case let error as LanguageModelError: error
        case let error as AssizeLocalError: LanguageModelError(code: .unsupported, message: error.message)
        default: LanguageModelError(code: .engine, message: "\(error)")
        }
    }

    /// Computes one batch and lets every job whose logits came out go on.
    private func step() {
        batch.removeAll()
        var counts = [Int](repeating: 0, count: active.count)
        var rows = [Int?](repeating: nil, count: active.count)
        // Those that need one token go first: reading a long prompt must not hold up writing.
        let order = active.indices.sorted {
            (min(active[$0].pending.count, 2), $0) < (min(active[$1].pending.count, 2), $1)
        }
        for index in order {
            let job = active[index]
            let count = min(job.pending.count, batch.room)
            for (offset, token) in job.pending.prefix(count).enumerated() {
                let isLast = offset == job.pending.count - 1
                let row = batch.append(token, position: job.position + offset, sequence: job.sequence, output: isLast)
                if isLast { rows[index] = row }
            }
            counts[index] = count
        }
        switch context.decode(batch) {
        case .done:
            break
        case .aborted:
            abortFlag.isRaised = false
            restartAll()
            return
        case .noRoom:
            failAll("the KV cache is full; lower --sequences or raise --context")
            return
        case .failed(let code):
            failAll("the engine failed with code \(code) (\(LlamaBackend.takeLog()))")
            return
        }
        var remaining: [AskJob] = []
        for index in active.indices {
            var job = active[index]
            job.didRead(counts[index])
            guard let row = rows[index] else {
                remaining.append(job)
                continue
            }
            switch job.advance(row: row, context: context, vocabulary: vocabulary) {
            case .read(let rewound):
                if rewound { context.remove(sequence: job.sequence, from: job.position) }
                remaining.append(job)
            case .finished(let result):
                retire(job, result)
            }
        }
        active = remaining
    }

    /// Begins every job anew after an abort, when the cache holds parts of a batch.
    ///
    /// Jobs that are still wanted go back to the front of the queue.
    private func restartAll() {
        let again = active.compactMap { job in
            replies.removeValue(forKey: job.id).map { Inbox.Submission(id: job.id, ask: job.ask, reply: $0) }
        }
        freeSequences = Array((0..<plan.sequences).reversed())
        active = []
        context.clear()
        waiting = again + waiting
    }

    private func failAll(_ message: String) {
        let jobs = active
        active = []
        for job in jobs { retire(job, .failure(LanguageModelError(code: .engine, message: message))) }
        context.clear()
    }
}
