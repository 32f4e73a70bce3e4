/// Everything that decides what a training run computes, beside its data and its base model.
public struct TrainingOptions: Hashable, Sendable, Codable {
    /// What is made smaller.
    public var objective: Objective
    /// The adapter's form.
    public var lora: LoraOptions
    /// Learning rates.
    public var schedule: LearningRateSchedule
    /// How much of each parameter is taken away in a step, times the learning rate.
    public var weightDecay = 0.0
    /// The longest gradient, to which longer ones are scaled down; 0 lets all pass.
    public var maximumGradientNorm = 1.0
    /// Rows in a step; a step takes whole groups, so it may hold a few more.
    public var batchRows = 8
    /// Passes over the data.
    public var epochs = 1
    /// The most steps, whatever ``epochs`` says; `nil` for all.
    public var maximumSteps: Int?
    /// Whether each pass takes the data in another order.
    public var isShuffled = true
    /// Whether rows with the same prompt are computed together.
    public var sharesPrompts = true
    /// The most tokens computed at once.
    public var packTokens = 1024
    /// Decides the order of the data and the adapter's first values.
    public var seed: UInt64 = 1
    /// Whether what the backward pass wants is kept rather than computed again.
    public var storesActivations = true
    /// How the frozen weights are held, and with which operations they are used.
    public var path = ComputePath.automatic
    /// Threads on a processor.
    public var threads = 1
    /// Steps between evaluations on the held-out rows; 0 evaluates at the end alone.
    public var evaluationInterval = 0
    /// Evaluations without a better loss before training stops early; 0 never stops.
    public var patience = 0
    /// Steps between checkpoints.
    public var checkpointInterval = 50

    /// Creates options with defaults for the rest.
    public init(objective: Objective, lora: LoraOptions, schedule: LearningRateSchedule) {
        self.objective = objective
        self.lora = lora
        self.schedule = schedule
    }

    /// Whether the numbers make sense.
    ///
    /// - Throws: ``AssizeTrainingError`` naming the one that does not.
    public func check() throws(AssizeTrainingError) {
        func require(_ holds: Bool, _ sentence: String) throws(AssizeTrainingError) {
            if !holds { throw AssizeTrainingError(code: .invalidOptions, message: sentence) }
        }
        try lora.check()
        try require(
            schedule.peak > 0 && schedule.peak.isFinite,
            "the learning rate is \(schedule.peak); it must be above 0"
        )
        try require(schedule.warmupSteps >= 0, "the warm-up has \(schedule.warmupSteps) steps; it must be 0 or more")
        try require(weightDecay >= 0, "weight decay is \(weightDecay); it must be 0 or more")
        try require(maximumGradientNorm >= 0, "the longest gradient is \(maximumGradientNorm); it must be 0 or more")
        try require(batchRows > 0, "a step has \(batchRows) rows; it needs at least 1")
        try require(epochs > 0, "\(epochs) epochs; there must be at least 1")
        try require(maximumSteps ?? 1 > 0, "at most \(maximumSteps ?? 0) steps; there must be at least 1")
        try require(packTokens >= 16, "a pack has \(packTokens) tokens; it needs at least 16")
        try require(threads > 0, "\(threads) threads; there must be at least 1")
        try require(evaluationInterval >= 0 && patience >= 0, "evaluation interval and patience must be 0 or more")
        try require(checkpointInterval > 0, "\(checkpointInterval) steps between checkpoints; there must be at least 1")
        try require(
            patience == 0 || evaluationInterval > 0,
            "patience of \(patience) evaluations without evaluations; set an interval as well"
        )
    }
}

/// How frozen weights are held in memory, and what multiplies them.
public enum ComputePath: String, Hashable, Sendable, Codable, CaseIterable {
    /// The quickest that this machine has.
    case automatic
    /// Kernels of our own on a processor, weights in BF16.
    case fast
    /// Kernels of our own on a processor, weights in 32 bits.
    case fast32
    /// Stock operations, weights in BF16.
    case portable
    /// Stock operations, weights in 32 bits: exact.
    case portable32
    /// Stock operations on a GPU, weights in BF16.
    case gpu
    /// Stock operations on a GPU, weights in 32 bits.
    case gpu32
}

/// A low-rank adapter's form (arXiv 2106.09685).
public struct LoraOptions: Hashable, Sendable, Codable {
    /// The rank of each change.
    public var rank: Int
    /// The change is multiplied by `alpha / rank`, or by `alpha / sqrt(rank)` with ``isRankStabilized``.
    public var alpha: Double
    /// rsLoRA (arXiv 2312.03732).
    public var isRankStabilized = false
    /// The share of a projection's inputs that the adapter does not see in a step; 0 for none.
    public var dropout = 0.0
    /// Which projections get factors: names as in the GGUF file, without layer and `.weight`.
    public var targets: [String] = LoraOptions.allTargets

    /// Creates options with defaults for the rest.
    public init(rank: Int = 16, alpha: Double = 32) {
        self.rank = rank
        self.alpha = alpha
    }

    /// Every projection of a layer.
    public static let allTargets = LoraOptions.attentionTargets + ["ffn_gate", "ffn_up", "ffn_down"]
    /// Those of attention.
    public static let attentionTargets = ["attn_q", "attn_k", "attn_v", "attn_output"]

    /// What the change is multiplied by.
    public var scale: Double {
        alpha / (isRankStabilized ? Double(rank).squareRoot() : Double(rank))
    }

    func check() throws(AssizeTrainingError) {
        guard (1...1024).contains(rank) else {
            throw AssizeTrainingError(code: .invalidOptions, message: "the rank is \(rank); it must lie in 1...1024")
        }
        guard alpha > 0, alpha.isFinite else {
            throw AssizeTrainingError(code: .invalidOptions, message: "alpha is \(alpha); it must be above 0")
        }
        guard (0..<1).contains(dropout) else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message: "dropout is \(dropout); it must be at least 0 and below 1"
            )
        }
        let unknown = targets.filter { !LoraOptions.allTargets.contains($0) }
        guard unknown.isEmpty, !targets.isEmpty else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message:
                    "no projections are called \(unknown.joined(separator: ", ")); there are \(LoraOptions.allTargets.joined(separator: ", "))"
            )
        }
    }
}
