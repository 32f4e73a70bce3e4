internal import Foundation

/// A run's settings in TRL's names: the content of `job.json`.
///
/// What TRL does otherwise than ``Trainer``: it computes a prompt anew for each row, takes a step's rows without
/// regard to their prompts, fills up the last step of a pass with rows from its beginning where processes share it,
/// shuffles by its own numbers, and begins a new adapter with its own random values. The loss on held-out rows is the
/// mean of batches' means. KTO's rows are shuffled once rather than in each pass, and the divergence is estimated for
/// each batch that a process computes at once, as TRL has it.
struct TrlSettings: Sendable {
    private let fields: [String: JSONValue]
    private let batch: Int
    private let leastRows: Int

    /// Puts settings together.
    ///
    /// - Parameters:
    ///   - model: The Hugging Face folder.
    ///   - precision: The floats of its weights.
    ///   - data: The rows.
    ///   - options: How to train.
    ///   - start: The folder in the job of the adapter to start from; `nil` for a new one.
    ///   - names: Transformers' names of the modules.
    ///   - identity: A text that changes with the base model and the data.
    /// - Throws: ``AssizeTrainingError`` for an option that TRL does not know.
    init(
        model: String,
        precision: TrlJob.Precision,
        data: TrainingData,
        options: TrainingOptions,
        start: String?,
        names: PEFTNames,
        identity: String
    ) throws(AssizeTrainingError) {
        let objective = try TrlObjective(options.objective)
        // Two answers of a row, or an answer and another's, are computed beside each other.
        let copies = options.objective == .fineTuning ? 1 : 2
        let longest = (data.examples + data.heldOut).map(\.longestText).max() ?? 0
        var arguments = TrlSettings.arguments(options, hasHeldOut: !data.heldOut.isEmpty)
        arguments["bf16"] = .bool(precision == .bfloat16)
        arguments.merge(objective.arguments(dropout: options.lora.dropout)) { $1 }
        batch = options.batchRows
        leastRows = objective.leastRows
        fields = [
            "kind": .string(objective.kind),
            "model": .string(URL(fileURLWithPath: model).path),
            "dtype": .string(precision.rawValue),
            "start": start.map { .string($0) } ?? .null,
            "lora": TrlSettings.form(options.lora, names),
            "arguments": .object(arguments),
            "batch": .count(options.batchRows),
            "least_rows": .count(objective.leastRows),
            "most_rows": .count(objective.mostRows ?? options.batchRows),
            "row_tokens": .count(longest * copies),
            "tokens_at_once": .count(options.packTokens),
            "evaluation_interval": .count(options.evaluationInterval),
            "patience": .count(options.patience),
            "identity": .string(identity),
        ]
    }

    /// The text of `job.json`; the same settings give the same text.
    ///
    /// - Returns: JSON in lines.
    /// - Throws: ``AssizeTrainingError`` when a number is not finite.
    func text() throws(AssizeTrainingError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(JSONValue.object(fields)) else {
            throw AssizeTrainingError(code: .invalidOptions, message: "an option is not a finite number: \(fields)")
        }
        return String(decoding: json, as: UTF8.self) + "\n"
    }

    /// Whether processes can share a step evenly.
    ///
    /// - Parameter processes: How many there are.
    /// - Throws: ``AssizeTrainingError`` when they can't.
    func check(processes: Int) throws(AssizeTrainingError) {
        guard processes > 0, batch.isMultiple(of: processes) else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message:
                    "\(batch) rows a step can't be shared evenly by \(processes) processes; use a batch that is a multiple of \(max(1, processes))"
            )
        }
        guard batch / processes >= leastRows else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message:
                    "\(batch) rows a step give each of \(processes) processes \(batch / processes), and TRL needs at least \(leastRows) for this objective; raise the batch"
            )
        }
    }

    /// Accelerate's settings of one machine.
    ///
    /// - Parameter processes: How many processes share a step.
    /// - Returns: The text of a YAML file.
    static func launch(processes: Int) -> String {
        // With MULTI_GPU Accelerate starts the processes by torchrun, with or without GPUs.
        """
        compute_environment: LOCAL_MACHINE
        distributed_type: \(processes > 1 ? "MULTI_GPU" : "'NO'")
        num_machines: 1
        num_processes: \(processes)
        mixed_precision: 'no'
        dynamo_backend: 'no'
        use_cpu: false

        """
    }

    private static func arguments(_ options: TrainingOptions, hasHeldOut: Bool) -> [String: JSONValue] {
        let schedules: [LearningRateSchedule.Shape: String] = [
            .constant: "constant_with_warmup", .linear: "linear", .cosine: "cosine",
        ]
        let isEvaluated = hasHeldOut && options.evaluationInterval > 0
        var arguments: [String: JSONValue] = [
            "learning_rate": .number(options.schedule.peak),
            "lr_scheduler_type": .string(schedules[options.schedule.shape] ?? options.schedule.shape.rawValue),
            "warmup_steps": .count(options.schedule.warmupSteps),
            "optim": .string("adamw_torch"),
            "adam_beta1": .number(0.9),
            "adam_beta2": .number(0.999),
            "adam_epsilon": .number(1e-8),
            "weight_decay": .number(options.weightDecay),
            "max_grad_norm": .number(options.maximumGradientNorm),
            "num_train_epochs": .count(options.epochs),
            "max_steps": .count(options.maximumSteps ?? -1),
            // TRL's generators take 32 bits.
            "seed": .count(Int(options.seed & 0xFFFF_FFFF)),
            "train_sampling_strategy": .string(options.isShuffled ? "random" : "sequential"),
            "gradient_checkpointing": .bool(!options.storesActivations),
            "max_length": .null,
            "remove_unused_columns": .bool(false),
            "logging_steps": .count(1),
            "logging_nan_inf_filter": .bool(false),
            "save_strategy": .string("steps"),
            "save_steps": .count(options.checkpointInterval),
            "save_total_limit": .count(2),
            "eval_strategy": .string(isEvaluated ? "steps" : "no"),
            "ddp_find_unused_parameters": .bool(false),
            "report_to": .array([]),
            "disable_tqdm": .bool(true),
        ]
        if isEvaluated { arguments["eval_steps"] = .count(options.evaluationInterval) }
        return arguments
    }

    private static func form(_ lora: LoraOptions, _ names: PEFTNames) -> JSONValue {
        let targets = lora.targets.compactMap { names.transformers("blk.0.\($0)")?.split(separator: ".").last }
        return .object([
            "r": .count(lora.rank),
            "lora_alpha": .number(lora.alpha),
            "lora_dropout": .number(lora.dropout),
            "use_rslora": .bool(lora.isRankStabilized),
            "target_modules": .array(targets.map { .string(String($0)) }),
            "bias": .string("none"),
            "task_type": .string("CAUSAL_LM"),
        ])
    }
}
