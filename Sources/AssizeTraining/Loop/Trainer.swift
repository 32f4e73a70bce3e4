internal import AssizeCore
import Foundation

/// Trains a LoRA adapter on a GGUF model, in this process.
///
/// Everything runs on the caller's thread and on the device's own; a run takes minutes to days, so call it from a thread that
/// may be blocked.
public final class Trainer {
    let options: TrainingOptions
    let data: TrainingData
    let network: Network
    let parameters: AdapterParameters
    let groups: [ExampleGroup]
    let targets: [Linear]
    /// The parameters that training began with, where the reference is not the base model alone.
    let start: [Float]?
    private let plan: StepPlan
    private let identity: String
    private let referenceIdentity: String
    /// What computes, in words for people.
    public let device: String
    let rank: Int
    let scale: Double

    /// Loads the base model and lays out the run.
    ///
    /// - Parameters:
    ///   - base: The GGUF file.
    ///   - data: Rows of the kind that the objective takes.
    ///   - options: How to train; rank, alpha and targets are the adapter's where one is given.
    ///   - adapter: What to start from in place of a new adapter; it is the reference as well.
    ///   - identity: A text that changes with the base model and the data; checkpoints carry it.
    /// - Throws: ``AssizeTrainingError`` for options, data or a model that can't be trained.
    public init(
        base: String,
        data: TrainingData,
        options: TrainingOptions,
        startingFrom adapter: LoraAdapter? = nil,
        identity: String = ""
    ) throws(AssizeTrainingError) {
        try options.check()
        let file = try GGUFFile(path: base)
        try data.check(options.objective, shape: ModelShape(file))
        let path = try ResolvedPath(options.path, threads: options.threads)
        let model = try FrozenModel(file, format: path.format, on: path.device)
        let form = try AdapterForm(options.lora, adapter, model: model)
        self.options = options
        self.data = data
        device = path.description
        rank = form.rank
        scale = form.scale
        targets = form.targets
        let parameters = try AdapterParameters(
            form.targets,
            rank: form.rank,
            scale: Float(form.scale),
            on: path.device
        )
        let start = adapter.map { form.values(of: $0, places: parameters.places, count: parameters.count) }
        self.parameters = parameters
        self.start = start
        network = Network(
            model: model,
            parameters: parameters,
            rank: form.rank,
            storesActivations: options.storesActivations,
            on: path.device
        )
        groups = ExampleGroup.groups(
            of: data.examples,
            sharesPrompts: options.sharesPrompts,
            limit: options.packTokens
        )
        plan = StepPlan(groups: groups, options: options)
        self.identity = identity + "\n" + Trainer.text(of: options)
        referenceIdentity = identity + "\n" + path.description
        parameters.values = start ?? form.fresh(places: parameters.places, count: parameters.count, seed: options.seed)
    }

    /// Steps of the whole run.
    public var steps: Int { plan.steps.count }

    /// Values that are trained.
    public var parameterCount: Int { parameters.places.reduce(0) { $0 + $1.count } }

    /// Trains to the end.
    ///
    /// - Parameters:
    ///   - folder: Where checkpoints, the log and the reference's numbers lie.
    ///   - resumes: Goes on from the folder's checkpoint, to the same final adapter bit for bit; without one it starts.
    ///   - isInterrupted: Asked between packs; when it says so, a checkpoint is written and the run ends.
    ///   - report: Told what happens, on this thread.
    /// - Returns: The adapter and how the run ended.
    /// - Throws: ``AssizeTrainingError`` when a loss is not finite, a file can't be written or memory is short.
    public func run(
        in folder: String,
        resumes: Bool,
        isInterrupted: () -> Bool = { false },
        report: (TrainingEvent) -> Void = { _ in }
    ) throws(AssizeTrainingError) -> TrainingOutcome {
        let folder = try RunFolder(path: folder)
        var state = try beginning(folder, resumes: resumes)
        let log = try TrainingLog(path: folder.log, keeping: state.step)
        let referenceFile = ReferenceFile(path: folder.references, identity: referenceIdentity)
        guard
            let references = try references(referenceFile, isInterrupted: isInterrupted, report: report)
        else {
            return try outcome(.interrupted, state)
        }
        var reason = TrainingOutcome.Reason.finished
        while true {
            // First, so that a run cut off in the middle of an evaluation makes up for it.
            if isEvaluationDue(state) {
                guard let record = try evaluate(&state, references: references.heldOut, isInterrupted: isInterrupted)
                else {
                    reason = .interrupted
                    break
                }
                try log.append(record)
                report(.evaluation(record))
                if options.patience > 0, state.waited >= options.patience, state.step < plan.steps.count {
                    reason = .stoppedEarly
                    break
                }
            }
            if state.step > 0, state.step % options.checkpointInterval == 0, state.step != state.saved {
                try save(&state, folder, report)
            }
            if state.step == plan.steps.count { break }
            guard let record = try take(&state, references: references.training, isInterrupted: isInterrupted) else {
                reason = .interrupted
                break
            }
            try log.append(record)
            report(.step(record))
        }
        if state.step != state.saved || reason == .stoppedEarly || reason == .finished {
            try save(&state, folder, report)
        }
        return try outcome(reason, state)
    }

    // The state of a run

    /// What changes from step to step, beside the parameters.
    struct State {
        var step = 0
        var optimizer: AdamW
        var best: EvaluationRecord?
        var last: EvaluationRecord?
        var bestParameters: [Float] = []
        var waited = 0
        /// The step of the newest checkpoint.
        var saved: Int?
    }

    private func isEvaluationDue(_ state: State) -> Bool {
        guard !data.heldOut.isEmpty, state.step > 0, state.last?.step != state.step else { return false }
        return state.step == plan.steps.count
            || (options.evaluationInterval > 0 && state.step % options.evaluationInterval == 0)
    }

    private func save(_ state: inout State, _ folder: RunFolder, _ report: (TrainingEvent) -> Void)
        throws(AssizeTrainingError)
    {
        try checkpoint(state).write(to: folder.checkpoint)
        state.saved = state.step
        report(.checkpoint(step: state.step))
    }

    private func beginning(_ folder: RunFolder, resumes: Bool) throws(AssizeTrainingError) -> State {
        var adam = AdamW.Options()
        adam.weightDecay = options.weightDecay
        adam.maximumNorm = options.maximumGradientNorm
        guard resumes, folder.hasCheckpoint else {
            return State(optimizer: AdamW(options: adam, count: parameters.count))
        }
        let checkpoint = try Checkpoint(path: folder.checkpoint, identity: identity, count: parameters.count)
        parameters.values = checkpoint.parameters
        return State(
            step: checkpoint.header.step,
            optimizer: AdamW(
                options: adam,
                step: checkpoint.header.step,
                mean: checkpoint.mean,
                square: checkpoint.square
            ),
            best: checkpoint.header.best,
            last: checkpoint.header.last,
            bestParameters: checkpoint.bestParameters,
            waited: checkpoint.header.waited,
            saved: checkpoint.header.step
        )
    }

    private func checkpoint(_ state: State) -> Checkpoint {
        Checkpoint(
            header: .init(
                identity: identity,
                step: state.step,
                best: state.best,
                last: state.last,
                waited: state.waited
            ),
            parameters: parameters.values,
            mean: state.optimizer.mean,
            square: state.optimizer.square,
            bestParameters: state.bestParameters
        )
    }

    private func outcome(_ reason: TrainingOutcome.Reason, _ state: State) throws(AssizeTrainingError)
        -> TrainingOutcome
    {
        let isChosen = options.evaluationInterval > 0 && !state.bestParameters.isEmpty && reason != .interrupted
        return TrainingOutcome(
            reason: reason,
            steps: state.step,
            adapter: adapter(of: isChosen ? state.bestParameters : parameters.values),
            evaluation: state.last
        )
    }

    private static func text(of options: TrainingOptions) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(options)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    // One step

    func packs(of step: Int) -> [StepPack] {
        StepPack.packs(
            of: plan.steps[step].groups.map { groups[$0] },
            examples: data.examples,
            limit: options.packTokens
        )
    }

    private func rows(of step: Int) -> [Int] { plan.steps[step].groups.flatMap { groups[$0].rows } }

    private func epoch(after step: Int) -> Double {
        let current = plan.steps[step - 1].epoch
        guard let first = plan.steps.firstIndex(where: { $0.epoch == current }),
            let last = plan.steps.lastIndex(where: { $0.epoch == current })
        else { return Double(current) }
        // A last pass that is cut short does not count as whole; its length is the first pass's.
        let length = current == 0 ? last - first + 1 : plan.steps.prefix { $0.epoch == 0 }.count
        return Double(current) + min(1, Double(step - first) / Double(max(1, length)))
    }

    /// Takes a step; `nil` when it was interrupted, with nothing changed.
    private func take(_ state: inout State, references: [Int: ReferenceSums], isInterrupted: () -> Bool)
        throws(AssizeTrainingError) -> StepRecord?
    {
        let began = ContinuousClock.now
        guard var record = try step(number: state.step, references: references, isInterrupted: isInterrupted) else {
            return nil
        }
        record.rate = options.schedule.rate(at: state.step, of: plan.steps.count)
        record.norm = state.optimizer.update(parameters, rate: record.rate)
        guard record.norm.isFinite else { throw notFinite("gradient", step: state.step, rows: rows(of: state.step)) }
        state.step += 1
        record.seconds = (ContinuousClock.now - began) / .seconds(1)
        return record.finished(step: state.step, of: plan.steps.count, epoch: epoch(after: state.step))
    }

    /// Sums the gradients of a step; `nil` when it was interrupted.
    private func step(number: Int, references: [Int: ReferenceSums], isInterrupted: () -> Bool)
        throws(AssizeTrainingError) -> UnfinishedStep?
    {
        parameters.clearGradients()
        let packs = packs(of: number)
        var totals = StepTotals(packs.lazy.flatMap(\.items))
        let rows = rows(of: number)
        if case .unpaired = options.objective {
            guard let divergence = try divergence(rows: rows, of: data.examples, isInterrupted: isInterrupted) else {
                return nil
            }
            totals.divergence = divergence
        }
        let loss = StepLoss(objective: options.objective, totals: totals, references: references)
        var record = UnfinishedStep(rows: rows.count)
        for (place, step) in packs.enumerated() {
            if isInterrupted() { return nil }
            let found = try network.logProbabilities(
                of: step.pack,
                adapter: .on,
                forGradients: true,
                dropout: dropout(step: number, pack: place)
            )
            let part = loss.contribution(of: step, logProbabilities: found)
            guard part.loss.isFinite else { throw notFinite("loss", step: number, rows: step.rows) }
            try network.addGradients(weights: part.weights)
            record.loss += part.loss
            record.rewards.add(part.rewards)
            record.tokens += step.pack.count
            record.unshared += step.rows.reduce(0) { $0 + data.examples[$1].separateTokens }
        }
        return record
    }

    private func dropout(step: Int, pack: Int) -> Dropout? {
        guard options.lora.dropout > 0 else { return nil }
        return Dropout(
            rate: options.lora.dropout,
            seed: SplitMix64.derive(options.seed, "dropout", "\(step)", "\(pack)")
        )
    }

    func notFinite(_ what: String, step: Int, rows: [Int]) -> AssizeTrainingError {
        let names = rows.prefix(8).map(data.name).joined(separator: ", ")
        return AssizeTrainingError(
            code: .notFinite,
            message:
                "the \(what) of step \(step + 1) is not a finite number (\(names)\(rows.count > 8 ? ", ..." : "")); lower the learning rate, or look at these rows"
        )
    }
}

/// A step's figures before the optimiser has run.
struct UnfinishedStep {
    var loss = 0.0
    var rewards = RewardSums()
    var tokens = 0
    var unshared = 0
    var rows: Int
    var rate = 0.0
    var norm = 0.0
    var seconds = 0.0

    init(rows: Int) {
        self.rows = rows
    }

    func finished(step: Int, of steps: Int, epoch: Double) -> StepRecord {
        StepRecord(
            step: step,
            steps: steps,
            epoch: epoch,
            loss: loss,
            rate: rate,
            gradientNorm: norm,
            tokens: tokens,
            unsharedTokens: unshared,
            rows: rows,
            seconds: seconds,
            rewards: rewards.summary
        )
    }
}
