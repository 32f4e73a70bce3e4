/// Decides how many threads compute, from how long computations take.
///
/// llama.cpp's threads wait for each other hundreds of times a token. Where another process keeps a core busy, all of them
/// wait for the one that does not run, and fewer threads are faster than as many as there are cores. Nothing is asked of the
/// system: when computations of a size take markedly longer than they did, a few are done with fewer threads, and whatever
/// was faster stays. From fewer threads all of them are tried again after a while, sooner when that was worth it last time.
///
/// Use: ask for ``threads(forRows:)`` before a computation, and ``note(rows:seconds:)`` how long it took. The number of
/// threads can change the last digits of what is computed, so an engine that must be deterministic has no governor.
struct ThreadGovernor: Sendable {
    /// The threads of a quiet machine.
    let full: Int
    /// The threads of a busy one: a quarter less, at least one less.
    let fewer: Int

    /// A computation is slow when it takes this many times the shortest lately.
    static let slowness = 1.5
    /// So many slow computations in a row, or nearly, begin a trial.
    static let patience = 3
    /// A trial ends after so many computations.
    static let trialLength = 4
    /// Another number of threads must take at most this share of the time.
    static let gain = 0.9
    /// Rows of the first trial at most: it is made on suspicion alone, so it must be short.
    static let gentleRows = 32

    private var isReduced = false
    private var trial: Trial?
    /// Seconds a row, lately, with all threads and with fewer, by size.
    private var lately: [Bool: [Int: Double]] = [false: [:], true: [:]]
    /// The least seconds a row with all threads, slowly forgotten: prompts grow, and so do times.
    private var shortest: [Int: Double] = [:]
    private var slow = 0
    private var steps = 0
    private var wasTried = false
    private var sinceTrial = 0.0
    private var pause = ThreadGovernor.pauses.lowerBound

    private static let pauses = 1.0...32.0
    /// Computations before the first trial.
    private static let settling = 16

    private struct Trial {
        let rowLimit: Int
        var ratios: [Double] = []
    }

    /// - Parameter threads: The threads of a quiet machine, at least one; of one there is nothing to decide.
    init(threads: Int) {
        full = threads
        fewer = max(1, threads - max(1, threads / 4))
    }

    /// The threads that the next computation, of so many tokens, should have.
    func threads(forRows rows: Int) -> Int {
        isReduced != isTried(rows) ? fewer : full
    }

    /// Takes note of a computation that had the threads asked for.
    mutating func note(rows: Int, seconds: Double) {
        guard full > 1, rows > 0, seconds > 0 else { return }
        let size = ThreadGovernor.size(rows)
        let cost = seconds / Double(rows)
        let tried = isTried(rows)
        let usual = lately[isReduced]?[size]
        let reduced = isReduced != tried
        lately[reduced, default: [:]][size] = (lately[reduced]?[size]).map { 0.6 * $0 + 0.4 * cost } ?? cost
        steps += 1
        if tried, let usual {
            trial?.ratios.append(cost / usual)
            endTrialIfDue()
            return
        }
        sinceTrial += seconds
        if !reduced { watch(size: size, cost: cost) }
        beginTrialIfDue()
    }

    /// Whether a computation of a size is done with the number of threads on trial.
    ///
    /// Only where there is something to compare it with.
    private func isTried(_ rows: Int) -> Bool {
        guard let trial, rows <= trial.rowLimit else { return false }
        return lately[isReduced]?[ThreadGovernor.size(rows)] != nil
    }

    private mutating func watch(size: Int, cost: Double) {
        let least = min(cost, (shortest[size] ?? cost) * 1.01)
        shortest[size] = least
        slow = cost > ThreadGovernor.slowness * least ? slow + 1 : max(0, slow - 1)
    }

    private mutating func beginTrialIfDue() {
        guard trial == nil else { return }
        if isReduced {
            if sinceTrial >= pause { trial = Trial(rowLimit: .max) }
        } else if slow >= ThreadGovernor.patience, !wasTried || sinceTrial >= pause {
            trial = Trial(rowLimit: .max)
        } else if !wasTried, steps >= ThreadGovernor.settling {
            // The machine may have been busy from the start.
            trial = Trial(rowLimit: ThreadGovernor.gentleRows)
        }
    }

    private mutating func endTrialIfDue() {
        guard let ended = trial, ended.ratios.count >= ThreadGovernor.trialLength else { return }
        let ratios = ended.ratios
        let isFaster = ratios.reduce(0, +) / Double(ratios.count) < ThreadGovernor.gain
        if isFaster { isReduced.toggle() }
        trial = nil
        wasTried = true
        slow = 0
        // A first trial in vain was made without a reason; the next one, for a reason, need not wait.
        if !isFaster, ended.rowLimit == ThreadGovernor.gentleRows {
            sinceTrial = pause
        } else {
            pause = isFaster ? ThreadGovernor.pauses.lowerBound : min(2 * pause, ThreadGovernor.pauses.upperBound)
            sinceTrial = 0
        }
    }

    /// Computations of one size are compared with each other: few rows exactly, many by powers of two.
    private static func size(_ rows: Int) -> Int {
        rows <= 16 ? rows : 16 + Int.bitWidth - rows.leadingZeroBitCount
    }
}
