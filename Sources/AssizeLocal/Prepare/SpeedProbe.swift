#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Measures how fast a context reads a prompt and writes.
struct SpeedProbe {
    /// Tokens of the prompt.
    static let promptTokens = 512
    /// Each figure is the median of so many runs.
    static let defaultRuns = 3
    /// A figure's later runs are left out after so long: what takes long varies less.
    static let patience = Duration.seconds(5)
    private static let steps = 16

    private let probe: ProbeContext
    private let runs: Int
    private let clock: any Clock<Duration>
    private let tokens: [Vocabulary.Token]

    init(probe: ProbeContext, runs: Int = SpeedProbe.defaultRuns, clock: any Clock<Duration> = ContinuousClock()) {
        self.probe = probe
        self.runs = runs
        self.clock = clock
        let text = String(repeating: "The answer names the reason and shows it. ", count: 99)
        let words = probe.vocabulary.tokens(ofText: text)
        tokens = (0..<SpeedProbe.promptTokens).map { words[$0 % words.count] }
    }

    /// Runs all measurements; takes seconds for a small model.
    ///
    /// Each computation that writes sees 512 tokens in the cache, whether it writes one answer or several.
    ///
    /// - Throws: ``AssizeLocalError`` when the engine fails; `CancellationError`.
    func run() throws -> WeightSpeed {
        // Once for nothing: the weights come from the disk, and the threads start.
        try read(tokens.prefix(32))
        let began = SpeedProbe.processorSeconds
        var speeds: [Double] = []
        let elapsed = try clock.measure {
            speeds.append(try median(of: tokens.count) { try read(tokens[...]) })
            speeds.append(try median(of: SpeedProbe.steps) { try write(sequences: 1, behind: tokens.count) })
            let together = WeightSpeed.togetherCount
            let short = tokens.count / together
            try readTogether(length: short)
            speeds.append(
                try median(of: SpeedProbe.steps * together) { try write(sequences: together, behind: short) }
            )
        }
        probe.forget()
        let share = (SpeedProbe.processorSeconds - began) / (elapsed.inSeconds * Double(probe.threads))
        return WeightSpeed(
            prefill: speeds[0],
            decode: speeds[1],
            decodeTogether: speeds[2],
            processorShare: min(1, share)
        )
    }

    /// The median of tokens a second over some runs of a work of `count` tokens.
    private func median(of count: Int, work: () throws -> Void) throws -> Double {
        var times: [Duration] = []
        while times.count < runs, times.reduce(.zero, +) < SpeedProbe.patience {
            times.append(try clock.measure(work))
        }
        return Double(count) / times.sorted()[times.count / 2].inSeconds
    }

    private func read(_ prompt: ArraySlice<Vocabulary.Token>) throws {
        probe.forget()
        try unsafe probe.read(Array(prompt), outputs: [prompt.count - 1]) { _, _ in }
    }

    /// Prompts of several sequences, a token of each at a time.
    private func readTogether(length: Int) throws {
        probe.forget()
        for step in 0..<length {
            try probe.step((0..<WeightSpeed.togetherCount).map { tokens[step + $0] }, at: step)
        }
    }

    private func write(sequences: Int, behind position: Int) throws {
        for step in 0..<SpeedProbe.steps {
            try probe.step((0..<sequences).map { tokens[step + $0] }, at: position + step)
        }
    }

    /// The processor time of this process so far, over all threads.
    private static var processorSeconds: Double {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

extension Duration {
    /// The duration in seconds.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
