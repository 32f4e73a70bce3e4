public import ArgumentParser
public import AssizeTraining
internal import Foundation

/// How the adapter is trained.
struct OptimizerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Passes over the rows.", valueName: "n"))
    var epochs = 1

    @Option(help: ArgumentHelp("The most steps, whatever --epochs says.", valueName: "n"))
    var maxSteps: Int?

    @Option(help: ArgumentHelp("Rows in a step; rows with one prompt come together.", valueName: "rows"))
    var batch = 8

    @Option(
        help: ArgumentHelp("The highest learning rate; default: 2e-4 for sft, 2e-5 for dpo and kto.", valueName: "x")
    )
    var learningRate: Double?

    @Option(
        help: ArgumentHelp(
            "In which part of the run the learning rate rises: a share below 1, or a number of steps.",
            valueName: "share|n"
        )
    )
    var warmup = 0.1

    @Option(help: ArgumentHelp("What the learning rate does then.", valueName: "constant|linear|cosine"))
    var schedule = LearningRateSchedule.Shape.cosine

    @Option(
        help: ArgumentHelp("How much of each value is taken away in a step, times the learning rate.", valueName: "x")
    )
    var weightDecay = 0.0

    @Option(help: ArgumentHelp("Longer gradients are scaled down to this length; 0 lets all pass.", valueName: "x"))
    var clip = 1.0

    @Flag(help: "Take the rows in the file's order in every pass.")
    var noShuffle = false

    @Flag(help: "Compute a prompt anew for each row that has it.")
    var noSharedPrompts = false

    @Option(help: ArgumentHelp("Tokens computed at once.", valueName: "tokens"))
    var packTokens = 1024

    @Flag(help: "Compute layers again on the way back rather than keep them: less memory, slower.")
    var recompute = false

    @Option(
        help: ArgumentHelp(
            "With what it is computed; the names with 32 keep the weights in 32 bits.",
            valueName: "auto|fast|fast32|portable|portable32|gpu|gpu32"
        )
    )
    var path = ComputePath.automatic

    @Option(help: ArgumentHelp("Threads of the computation; default: the machine's cores.", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("Steps between checkpoints.", valueName: "steps"))
    var checkpointInterval = 50

    @Option(
        help: ArgumentHelp(
            "Steps between measurements on the held-out rows; 0 measures at the end alone. The best adapter is kept.",
            valueName: "steps"
        )
    )
    var evaluationInterval = 0

    @Option(help: ArgumentHelp("Measurements without a better loss before it stops; 0 never does.", valueName: "n"))
    var patience = 0

    func validate() throws {
        guard warmup >= 0, warmup < 1 || warmup == warmup.rounded() else {
            throw ValidationError("--warmup is \(warmup); use a share below 1 or a whole number of steps")
        }
    }

    /// Puts the options together; the warm-up, which may depend on the number of steps, comes with ``schedule(_:steps:)``.
    func options(_ objective: Objective, lora: LoraOptions, seed: UInt64) -> TrainingOptions {
        var options = TrainingOptions(objective: objective, lora: lora, schedule: schedule(objective, steps: 0))
        options.weightDecay = weightDecay
        options.maximumGradientNorm = clip
        options.batchRows = batch
        options.epochs = epochs
        options.maximumSteps = maxSteps
        options.isShuffled = !noShuffle
        options.sharesPrompts = !noSharedPrompts
        options.packTokens = packTokens
        options.seed = seed
        options.storesActivations = !recompute
        options.path = path
        options.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        options.evaluationInterval = evaluationInterval
        options.patience = patience
        options.checkpointInterval = checkpointInterval
        return options
    }

    /// The learning rates of a run of so many steps.
    func schedule(_ objective: Objective, steps: Int) -> LearningRateSchedule {
        LearningRateSchedule(
            peak: learningRate ?? (objective == .fineTuning ? 2e-4 : 2e-5),
            warmupSteps: warmup < 1 ? Int((warmup * Double(steps)).rounded(.up)) : Int(min(warmup, 1e9)),
            shape: schedule
        )
    }
}

extension LearningRateSchedule.Shape: ExpressibleByArgument {}

extension ComputePath: ExpressibleByArgument {
    /// Takes `auto` for ``automatic``.
    public init?(argument: String) {
        self.init(rawValue: argument == "auto" ? "automatic" : argument)
    }

    /// What help shows as the default.
    public var defaultValueDescription: String { self == .automatic ? "auto" : rawValue }
}
