public import AssizeCore
internal import Synchronization

/// Stores judgments as they are made: many callers, few transactions.
///
/// While one transaction is being committed, later judgments gather for the next: a lone caller is served at once, and
/// many callers share a commit. ``submit(_:)`` returns once its judgment is committed, so "done" means stored, and a
/// caller that waits for it can't run ahead of the disk.
///
/// After a failed commit nothing more is written: every waiting and every later caller is told what failed.
public final class JudgmentWriter: Sendable {
    private let store: RunStore
    private let run: RunID
    private let state: Mutex<State>

    /// Makes a writer for one run.
    ///
    /// - Parameters:
    ///   - store: Where the run is.
    ///   - run: The run.
    ///   - batchLimit: The most judgments in one transaction, at least 1.
    public init(store: RunStore, run: RunID, batchLimit: Int = 256) {
        precondition(batchLimit > 0, "a transaction takes at least one judgment")
        self.store = store
        self.run = run
        state = Mutex(State(batchLimit: batchLimit))
    }

    /// Stores a judgment, and returns once it is committed.
    ///
    /// It is not given up when the calling task is cancelled: a judgment that was made is kept.
    ///
    /// - Throws: ``AssizeStoreError`` when its commit, or any before it, failed; with the code
    ///   ``AssizeStoreError/Code/closed`` after ``finish()``.
    public func submit(_ judgment: StoredJudgment) async throws(AssizeStoreError) {
        try await submit([judgment])
    }

    /// Stores judgments that belong together in one transaction, and returns once it is committed.
    ///
    /// An item's judgments are submitted together, so that an item is either stored whole or not at all.
    ///
    /// - Throws: ``AssizeStoreError`` as ``submit(_:)-(StoredJudgment)`` does.
    public func submit(_ judgments: [StoredJudgment]) async throws(AssizeStoreError) {
        guard !judgments.isEmpty else { return }
        let outcome: Outcome = await withCheckedContinuation { continuation in
            let waiter = Waiter(judgments: judgments, continuation: continuation)
            carryOut(state.withLock { $0.submit(waiter) })
        }
        try outcome.get()
    }

    /// Takes no more judgments, and returns once those submitted before are committed.
    ///
    /// - Throws: ``AssizeStoreError`` when a commit failed.
    public func finish() async throws(AssizeStoreError) {
        let outcome: Outcome = await withCheckedContinuation { continuation in
            carryOut(state.withLock { $0.finish(continuation) })
        }
        try outcome.get()
    }

    private func carryOut(_ action: Action) {
        for (continuation, outcome) in action.resumptions {
            continuation.resume(returning: outcome)
        }
        guard !action.commit.isEmpty else { return }
        store.startAppend(action.commit.flatMap(\.judgments), to: run) { [self] result in
            carryOut(state.withLock { $0.committed(action.commit, result.map { _ in }) })
        }
    }
}

extension JudgmentWriter {
    private typealias Outcome = Result<Void, AssizeStoreError>
    private typealias Continuation = CheckedContinuation<Outcome, Never>

    private struct Waiter {
        let judgments: [StoredJudgment]
        let continuation: Continuation
    }

    /// What is to be done once the state's lock is released.
    private struct Action {
        var resumptions: [(Continuation, Outcome)] = []
        var commit: [Waiter] = []
    }

    private struct State {
        let batchLimit: Int
        private var waiting: [Waiter] = []
        private var finishing: [Continuation] = []
        private var isCommitting = false
        private var isClosed = false
        private var failure: AssizeStoreError?

        init(batchLimit: Int) {
            self.batchLimit = batchLimit
        }

        mutating func submit(_ waiter: Waiter) -> Action {
            if let failure {
                return Action(resumptions: [(waiter.continuation, .failure(failure))])
            }
            guard !isClosed else {
                let item = waiter.judgments.first?.itemID.rawValue ?? ""
                let message = "a judgment of item '\(item)' came after the writer had finished"
                return Action(resumptions: [
                    (waiter.continuation, .failure(AssizeStoreError(code: .closed, message: message)))
                ])
            }
            waiting.append(waiter)
            return Action(commit: isCommitting ? [] : takeBatch())
        }

        mutating func finish(_ continuation: Continuation) -> Action {
            isClosed = true
            if let failure {
                return Action(resumptions: [(continuation, .failure(failure))])
            }
            guard isCommitting else {
                return Action(resumptions: [(continuation, .success(()))])
            }
            finishing.append(continuation)
            return Action()
        }

        mutating func committed(_ batch: [Waiter], _ outcome: Outcome) -> Action {
            isCommitting = false
            var action = Action(resumptions: batch.map { ($0.continuation, outcome) })
            if case .failure(let error) = outcome {
                failure = error
                action.resumptions += waiting.map { ($0.continuation, outcome) }
                waiting = []
            } else {
                action.commit = takeBatch()
            }
            if !isCommitting {
                action.resumptions += finishing.map { ($0, outcome) }
                finishing = []
            }
            return action
        }

        /// The next batch; when there is one, a commit is under way from here on.
        private mutating func takeBatch() -> [Waiter] {
            var size = 0
            let batch = Array(
                waiting.prefix { waiter in
                    defer { size += waiter.judgments.count }
                    return size < batchLimit
                }
            )
            waiting.removeFirst(batch.count)
            isCommitting = !batch.isEmpty
            return batch
        }
    }
}
