internal import AssizeCore
internal import AssizeRuns
internal import Synchronization

/// The live line of a run on standard error: rewritten in place on a terminal, a plain line now and then elsewhere.
final class ProgressLine: Sendable {
    private struct State {
        let start: ContinuousClock.Instant
        var lastShown: ContinuousClock.Instant?
        var width = 0
    }

    private let terminal: Terminal
    private let clock = ContinuousClock()
    private let state: Mutex<State>

    init(terminal: Terminal) {
        self.terminal = terminal
        state = Mutex(State(start: ContinuousClock().now))
    }

    /// Shows the counts, unless they were shown a moment ago.
    func show(_ progress: RunProgress) {
        let now = clock.now
        let pause: Duration = terminal.isInteractive ? .milliseconds(100) : .seconds(15)
        let text: String? = state.withLock { state in
            let isLast = progress.done >= progress.total
            if let last = state.lastShown ?? (terminal.isInteractive ? nil : state.start), now - last < pause, !isLast {
                return nil
            }
            state.lastShown = now
            let line = ProgressLine.line(progress, elapsed: now - state.start)
            guard terminal.isInteractive else { return line + "\n" }
            let padding = String(repeating: " ", count: max(0, state.width - line.count))
            state.width = line.count
            return "\r\(line)\(padding)"
        }
        if let text { terminal.raw(text) }
    }

    /// Leaves the line behind.
    func end() {
        let wasShown = state.withLock { $0.width > 0 }
        if terminal.isInteractive, wasShown { terminal.raw("\n") }
    }

    /// The counts as one line.
    static func line(_ progress: RunProgress, elapsed: Duration) -> String {
        let seconds = elapsed.seconds
        let made = progress.done - progress.resumed
        let rate = seconds > 0 ? Double(made) / seconds : 0
        var parts = ["judged \(progress.done)/\(progress.total)"]
        if progress.total > 0 { parts.append("\(progress.done * 100 / progress.total)%") }
        if made > 0 {
            parts.append("\(Format.rate(rate)) items/s")
            if progress.done < progress.total, rate > 0 {
                parts.append("ETA \(Format.duration(Double(progress.total - progress.done) / rate))")
            }
            let tokens = Double(progress.usage.prompt + progress.usage.generated)
            if tokens > 0, seconds > 0 { parts.append("\(Format.rate(tokens / seconds)) tokens/s") }
        }
        if progress.resumed > 0 { parts.append("\(progress.resumed) from before") }
        if progress.replayed > 0 { parts.append("\(progress.replayed) of \(progress.answers) answers from the cache") }
        parts.append("\(progress.failed) failed")
        if progress.broken > 0 { parts.append("\(progress.broken) broken rows") }
        return parts.joined(separator: "  ")
    }
}
