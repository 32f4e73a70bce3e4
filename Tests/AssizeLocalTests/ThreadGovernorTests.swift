import AssizeCore
import Testing

@testable import AssizeLocal

struct ThreadGovernorTests {
    /// A machine of some cores, of which another process may take one.
    private struct Machine {
        var governor: ThreadGovernor
        var isBusy = false
        var seconds = 0.0
        var noise = SplitMix64(seed: 1)
        private(set) var used: [Int: Int] = [:]

        init(threads: Int) {
            governor = ThreadGovernor(threads: threads)
        }

        /// Seconds of a computation: all threads wait for the one that shares its core.
        func time(rows: Int, threads: Int) -> Double {
            let alone = 0.004 + 0.002 * Double(rows)
            let shared = isBusy && threads == governor.full
            return alone / Double(threads) * (shared ? 3 : 1)
        }

        mutating func compute(rows: Int, times: Int = 1) {
            for _ in 0..<times {
                let threads = governor.threads(forRows: rows)
                let spent = time(rows: rows, threads: threads) * (0.9 + 0.2 * noise.nextUnit())
                governor.note(rows: rows, seconds: spent)
                seconds += spent
                used[threads, default: 0] += 1
            }
        }
    }

    @Test func `one thread stays one thread`() {
        var machine = Machine(threads: 1)
        machine.compute(rows: 1, times: 200)
        #expect(machine.governor.threads(forRows: 1) == 1)
    }

    @Test(arguments: [2, 4, 16])
    func `a quiet machine computes with all threads but for one short trial`(threads: Int) {
        var machine = Machine(threads: threads)
        for _ in 0..<100 {
            machine.compute(rows: 512)
            machine.compute(rows: 1, times: 40)
            machine.compute(rows: 8, times: 20)
        }
        #expect(machine.governor.threads(forRows: 1) == threads)
        #expect(machine.used[machine.governor.fewer, default: 0] <= ThreadGovernor.trialLength)
    }

    @Test func `the first trial is not made on a long prompt`() {
        var machine = Machine(threads: 2)
        machine.compute(rows: 512, times: 100)
        #expect(machine.used == [2: 100])
    }

    @Test(arguments: [2, 8])
    func `when a core is taken the threads go down within a few computations, and up again once it is free`(
        threads: Int
    ) {
        var machine = Machine(threads: threads)
        machine.compute(rows: 1, times: 100)
        machine.isBusy = true
        machine.compute(rows: 1, times: 20)
        #expect(machine.governor.threads(forRows: 1) == machine.governor.fewer)
        machine.compute(rows: 1, times: 2000)
        #expect(machine.governor.threads(forRows: 1) == machine.governor.fewer)
        machine.isBusy = false
        let start = machine.seconds
        while machine.governor.threads(forRows: 1) != threads, machine.seconds - start < 40 {
            machine.compute(rows: 1, times: 10)
        }
        machine.compute(rows: 1, times: 10)
        #expect(machine.governor.threads(forRows: 1) == threads)
        #expect(machine.seconds - start < 33)
    }

    @Test func `a machine that is busy from the start is noticed too`() {
        var machine = Machine(threads: 2)
        machine.isBusy = true
        machine.compute(rows: 4, times: 30)
        #expect(machine.governor.threads(forRows: 4) == 1)
    }

    @Test func `what is tried again in vain is tried less and less often`() {
        var machine = Machine(threads: 2)
        machine.isBusy = true
        machine.compute(rows: 1, times: 100)
        let before = machine.used[2, default: 0]
        let start = machine.seconds
        while machine.seconds - start < 120 { machine.compute(rows: 1, times: 10) }
        #expect(machine.used[2, default: 0] - before <= 8 * ThreadGovernor.trialLength)
    }

    @Test func `a size that was never seen is computed as usual`() {
        var machine = Machine(threads: 2)
        machine.compute(rows: 1, times: 100)
        machine.isBusy = true
        machine.compute(rows: 1, times: 3)
        #expect(machine.governor.threads(forRows: 300) == 2)
    }

    @Test func `growing prompts are not taken for a busy machine`() {
        var governor = ThreadGovernor(threads: 2)
        var fewer = 0
        for step in 0..<2000 {
            let threads = governor.threads(forRows: 1)
            fewer += threads == 1 ? 1 : 0
            governor.note(rows: 1, seconds: 0.01 * (1 + Double(step) / 500) / Double(threads))
        }
        #expect(fewer <= ThreadGovernor.trialLength)
    }
}
