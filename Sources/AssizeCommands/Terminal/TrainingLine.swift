internal import AssizeTraining
internal import Synchronization

/// The live line of a training run on standard error: rewritten in place on a terminal, a plain line now and then elsewhere.
final class TrainingLine: Sendable {
    /// What the steps of this process came to.
    struct Sums: Sendable {
        /// Steps taken.
        var steps = 0
        /// Seconds that they took.
        var seconds = 0.0
        /// Tokens computed.
        var tokens = 0
        /// Tokens that would have been computed without sharing prompts.
        var unshared = 0
        /// The first step's loss.
        var firstLoss: Double?
        /// The last step.
        var last: StepRecord?

        mutating func add(_ record: StepRecord) {
            steps += 1
            seconds += record.seconds
            tokens += record.tokens
            unshared += record.unsharedTokens
            firstLoss = firstLoss ?? record.loss
            last = record
        }

        /// Tokens a second.
        var rate: Double { seconds > 0 ? Double(tokens) / seconds : 0 }
    }

    private struct State {
        var lastShown: ContinuousClock.Instant
        var width = 0
        var sums = Sums()
    }

    private let terminal: Terminal
    private let state: Mutex<State>

    init(terminal: Terminal) {
        self.terminal = terminal
        state = Mutex(State(lastShown: ContinuousClock().now))
    }

    /// What the steps so far came to.
    var sums: Sums { state.withLock { $0.sums } }

    /// Shows what happened.
    func show(_ event: TrainingEvent) {
        switch event {
        case .references(let done, let total):
            show("reference \(Format.count(done))/\(Format.count(total))", isLast: done == total)
        case .step(let record):
            let sums = state.withLock { state in
                state.sums.add(record)
                return state.sums
            }
            show(TrainingLine.text(record, sums), isLast: record.step == record.steps)
        case .evaluation(let record):
            end()
            terminal.note("assize: \(TrainingLine.text(record))")
        case .checkpoint: break
        }
    }

    /// Leaves the line behind.
    func end() {
        let wasShown = state.withLock { state in
            defer { state.width = 0 }
            return state.width > 0
        }
        if terminal.isInteractive, wasShown { terminal.raw("\n") }
    }

    private func show(_ line: String, isLast: Bool) {
        let now = ContinuousClock().now
        let pause: Duration = terminal.isInteractive ? .milliseconds(100) : .seconds(15)
        let text: String? = state.withLock { state in
            guard now - state.lastShown >= pause || isLast else { return nil }
            state.lastShown = now
            guard terminal.isInteractive else { return line + "\n" }
            let padding = String(repeating: " ", count: max(0, state.width - line.count))
            state.width = line.count
            return "\r\(line)\(padding)"
        }
        if let text { terminal.raw(text) }
    }

    /// A step as one line.
    static func text(_ record: StepRecord, _ sums: Sums, memory: Int = ProcessMemory.peak) -> String {
        var parts = [
            "step \(record.step)/\(record.steps)", "\(record.step * 100 / max(1, record.steps))%",
            "loss \(Format.fixed(record.loss, 4))",
        ]
        parts += text(record.rewards)
        parts.append("\(Format.rate(sums.rate)) tokens/s")
        if record.step < record.steps, sums.steps > 0 {
            let rest = Double(record.steps - record.step) * sums.seconds / Double(sums.steps)
            parts.append("ETA \(Format.duration(rest))")
        }
        parts.append(Format.bytes(memory))
        return parts.joined(separator: "  ")
    }

    /// A measurement on the held-out rows as one line.
    static func text(_ record: EvaluationRecord) -> String {
        var parts = ["held-out loss \(Format.fixed(record.loss, 4))"]
        parts += text(record.rewards)
        return parts.joined(separator: "  ") + " after step \(record.step)\(record.isBest ? "" : " (not the best)")"
    }

    private static func text(_ rewards: RewardSummary?) -> [String] {
        var parts: [String] = []
        if let margin = rewards?.margin { parts.append("margin \(Format.fixed(margin, 3))") }
        if let accuracy = rewards?.accuracy { parts.append("accuracy \(Format.fixed(accuracy, 2))") }
        return parts
    }
}
