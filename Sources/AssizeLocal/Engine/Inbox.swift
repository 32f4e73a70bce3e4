internal import AssizeCore

/// What callers hand to the engine's thread: asks to answer, asks to drop, and adapters to load.
///
/// It is a plain value; the engine guards it.
struct Inbox {
    typealias Reply = @Sendable (Result<Answer, LanguageModelError>) -> Void

    /// An ask on its way in.
    struct Submission {
        let id: Int
        let ask: Ask
        let adapter: Int
        let prompt: PreparedPrompt
        let reply: Reply
    }

    /// An adapter to load.
    struct AdapterRequest {
        let path: String
        let reply: @Sendable (Result<Int, AssizeLocalError>) -> Void
    }

    private var nextID = 0
    private var waiting: [Submission] = []
    private var adapters: [AdapterRequest] = []
    /// Asks that have a name and no answer yet.
    private var open: Set<Int> = []
    private var cancelled: Set<Int> = []
    private var isServed = false

    /// A name for an ask that is about to come in.
    mutating func makeID() -> Int {
        nextID += 1
        open.insert(nextID)
        return nextID
    }

    /// Takes an ask in.
    ///
    /// - Returns: Whether the engine has to be woken.
    mutating func submit(_ submission: Submission) -> Bool {
        waiting.append(submission)
        defer { isServed = true }
        return !isServed
    }

    /// Takes an adapter in.
    ///
    /// - Returns: Whether the engine has to be woken.
    mutating func submit(_ request: AdapterRequest) -> Bool {
        adapters.append(request)
        defer { isServed = true }
        return !isServed
    }

    /// Marks an ask as no longer wanted; harmless before it came in and after it was answered.
    ///
    /// - Returns: Whether nobody waits for anything any more, so that a running computation may stop.
    mutating func cancel(_ id: Int) -> Bool {
        guard open.contains(id) else { return false }
        cancelled.insert(id)
        return open.isSubset(of: cancelled)
    }

    /// What came in since the last call.
    mutating func take() -> ([Submission], [AdapterRequest]) {
        defer {
            waiting = []
            adapters = []
        }
        return (waiting, adapters)
    }

    var hasCancelled: Bool { !cancelled.isEmpty }

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
        guard waiting.isEmpty, adapters.isEmpty else { return false }
        isServed = false
        return true
    }
}
