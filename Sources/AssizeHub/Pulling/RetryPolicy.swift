/// How often a request is tried again, and after which pauses.
struct RetryPolicy: Sendable, Hashable {
    /// Tries without a byte of progress before a source is given up.
    let attempts: Int
    /// Tries before a server that never answered is given up; few, since the next source may well answer.
    let silentAttempts: Int
    /// The first pause; each further one is twice as long.
    let firstDelay: Duration
    /// The longest pause.
    let longestDelay: Duration
    /// The longest pause a server may ask for.
    let longestWait: Duration

    init(
        attempts: Int = 6,
        silentAttempts: Int = 2,
        firstDelay: Duration = .seconds(1),
        longestDelay: Duration = .seconds(30),
        longestWait: Duration = .seconds(300)
    ) {
        self.attempts = attempts
        self.silentAttempts = silentAttempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.longestWait = longestWait
    }

    /// The pause after a number of failures in a row.
    func delay(afterFailures count: Int) -> Duration {
        min(longestDelay, firstDelay * (1 << min(max(count - 1, 0), 16)))
    }
}

/// A try that failed.
struct TryFailure: Error {
    let error: AssizeHubError
    /// Whether the same request may succeed later.
    let canRetry: Bool
    /// Whether a server answered at all.
    let answered: Bool
    /// The pause that the server asked for.
    let pause: Duration?

    init(_ error: AssizeHubError, canRetry: Bool, answered: Bool, pause: Duration? = nil) {
        self.error = error
        self.canRetry = canRetry
        self.answered = answered
        self.pause = pause
    }
}

extension RetryPolicy {
    /// Runs something until it succeeds, fails for good, or has failed too often in a row.
    ///
    /// - Parameters:
    ///   - clock: What the pauses go by.
    ///   - progress: A number that grows as work gets done; a failure after progress counts as the first again.
    ///   - pausing: Told of each pause and its reason.
    ///   - operation: Throws ``TryFailure`` where trying again may be right.
    /// - Returns: What the operation returned.
    /// - Throws: The last failure.
    func run<Value>(
        clock: any Clock<Duration>,
        progress: () -> Int,
        pausing: (Duration, AssizeHubError) -> Void,
        operation: () async throws -> Value
    ) async throws -> Value {
        var failures = 0
        var answered = false
        while true {
            try Task.checkCancellation()
            let before = progress()
            do {
                return try await operation()
            } catch let failure as TryFailure {
                try Task.checkCancellation()
                answered = answered || failure.answered
                failures = progress() > before ? 1 : failures + 1
                guard failure.canRetry, failures < (answered ? attempts : silentAttempts) else { throw failure.error }
                let pause = failure.pause ?? delay(afterFailures: failures)
                guard pause <= longestWait else {
                    throw AssizeHubError(
                        code: .network,
                        message: "\(failure.error.message), and asks to wait \(pause.components.seconds) s; "
                            + "try again then",
                        cause: failure.error
                    )
                }
                pausing(pause, failure.error)
                try await clock.sleep(for: pause)
            }
        }
    }
}
