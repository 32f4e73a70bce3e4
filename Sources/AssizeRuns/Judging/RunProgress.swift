public import AssizeCore

/// How far a run has come.
public struct RunProgress: Sendable, Hashable {
    /// Items that are to be judged.
    public var total: Int
    /// Items whose judgments are stored, those of an earlier part of the run included.
    public var done: Int
    /// Items that an earlier part of the run had judged.
    public var resumed: Int
    /// Rows that no item could be made of.
    public var broken: Int
    /// Judgments that failed.
    public var failed: Int
    /// Judgments made now.
    public var judgments: Int
    /// Answers that came from the response cache.
    public var replayed: Int
    /// Answers in all.
    public var answers: Int
    /// Tokens of the answers that the model itself gave.
    public var usage: Usage

    /// Creates the progress of a run of which nothing is done.
    public init(total: Int) {
        self.total = total
        done = 0
        resumed = 0
        broken = 0
        failed = 0
        judgments = 0
        replayed = 0
        answers = 0
        usage = Usage()
    }

    mutating func count(_ made: [Judgment]) {
        done += 1
        judgments += made.count
        for judgment in made {
            if judgment.verdict.isFailure { failed += 1 }
            for sample in judgment.samples {
                answers += 1
                if sample.isReplayed { replayed += 1 } else { usage += sample.usage }
            }
        }
    }
}
