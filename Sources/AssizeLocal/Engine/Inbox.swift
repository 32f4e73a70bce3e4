internal import AssizeCore

/// What callers hand to the engine's thread: asks to answer and asks to drop.
///
/// It is a plain value; the engine guards it.
struct Inbox {
    /// An ask on its way in.
    struct Submission {
        let id: Int
        let ask: Ask
        let reply: @Sendable (Result<Answer, LanguageModelError>) -> Void
    }

    private var nextID = 0
    private var waiting: [Submission] = []
    /// Asks that have come in and are not answered.
    private var open: Set<Int> = []
    private var cancelled: Set<Int> = []
    private var isServed = false

    /// A name for an ask that is about to come in.
    mutating func makeID() -> Int {
        nextID += 1
        return nextID
    }

    /// Takes an ask in.
    ///
    /// - Returns: Whether the engine has to be woken.
    mutating func submit(_ submission: Submission) -> Bool {
        open.insert(submission.id)
        waiting.append(submission)
        defer { isServed = true }
        return !isServed
    }

    /// Marks an ask as no longer wanted; harmless before it came in and after it was answered.
    ///
    /// - Returns: Whether nobody waits for anything any more, so that a running computation may stop.
    mutating func cancel(_ id: Int) -> Bool {
        cancelled.insert(id)
        return !open.isEmpty && open.isSubset(of: cancelled)
    }

    /// The asks that came in since the last call.
    mutating func take() -> [Submission] {
        defer { waiting = [] }
        return waiting
    }

    func isCancelled(_ id: Int) -> Bool { cancelled.contains(id) }

    /// Notes that an ask has its answer.
    mutating func close(_ id: Int) {
        open.remove(id)
        cancelled.remove(id)
    }

    /// Whether the engine may rest: nothing waits.
    ///
    /// A later submission wakes it again.
    mutating func rest() -> Bool {
        guard waiting.isEmpty else { return false }
        isServed = false
        return true
    }
}
