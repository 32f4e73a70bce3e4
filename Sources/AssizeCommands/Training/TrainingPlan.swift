internal import AssizeCore
internal import AssizeReports
internal import AssizeTraining
internal import Foundation

/// All that is known of a training run before it begins.
struct TrainingPlan {
    /// The base model.
    struct Base {
        let name: String
        let path: String
        let sha256: ContentHash
    }

    let input: TrainingInput
    let estimate: TrainingEstimate
    let options: TrainingOptions
    let objective: Objective
    let base: Base
    let start: LoraAdapter?

    /// What changes with the base model, the data and the adapter that training begins with.
    ///
    /// - Throws: When the adapter's file can't be read.
    func identity(adapter path: String?) throws -> String {
        let adapter = try path.map { try ContentHash(ofFileAt: $0).hexadecimal } ?? "none"
        return "base \(base.sha256) data \(input.data.contentHash) adapter \(adapter)"
    }

    /// The trained adapter with what it was made from and how; the same run gives the same texts.
    func described(_ outcome: TrainingOutcome, engine: TrainingEngine) -> LoraAdapter {
        let trained = outcome.adapter
        var texts = [
            "general.name": "\(base.name) \(words)",
            "assize.base.name": base.name,
            "assize.base.sha256": base.sha256.hexadecimal,
            "assize.training.engine": engine.rawValue,
            "assize.training.objective": words,
            "assize.training.data_sha256": input.data.contentHash.hexadecimal,
            "assize.training.rows": String(input.data.examples.count),
            "assize.training.steps": String(outcome.steps),
            "assize.training.batch": String(options.batchRows),
            "assize.training.learning_rate": String(options.schedule.peak),
            "assize.training.seed": String(options.seed),
            "assize.version": AssizeVersion.current,
        ]
        if case .preference(let loss) = objective {
            texts["assize.training.loss"] = loss.kind.rawValue
            texts["assize.training.beta"] = String(loss.beta)
        }
        if case .unpaired(let loss) = objective { texts["assize.training.beta"] = String(loss.beta) }
        if let name = start?.provenance["general.name"] { texts["assize.training.from"] = name }
        return LoraAdapter(
            architecture: trained.architecture,
            alpha: trained.alpha,
            modules: trained.modules,
            provenance: texts
        )
    }

    /// What the run's page is called.
    var title: String { "\(words.uppercased()) of \(base.name)" }

    /// What the run's page says beside its curves.
    var facts: [TrainingReport.Fact] {
        let form = options.lora
        let scale = form.isRankStabilized ? ", rsLoRA" : ""
        var facts = [
            TrainingReport.Fact("Base", "\(base.name), sha256 \(base.sha256)"),
            .init(
                "Rows",
                "\(Format.count(input.data.examples.count)), and \(Format.count(input.data.heldOut.count)) held out"
            ),
            .init(
                "Adapter",
                start.map { "from an adapter of rank \($0.modules.first?.rank ?? 0)" }
                    ?? "rank \(form.rank), alpha \(form.alpha)\(scale), on \(form.targets.joined(separator: ", "))"
            ),
            .init(
                "Optimiser",
                "AdamW, learning rate \(options.schedule.peak), \(options.batchRows) rows a step, seed \(options.seed)"
            ),
        ]
        if let histogram = input.histogram { facts.insert(.init("Labels", histogram), at: 2) }
        if case .preference(let loss) = objective {
            facts.append(.init("Objective", "\(loss.kind.rawValue), beta \(loss.beta)"))
        }
        return facts
    }

    private var words: String {
        switch objective {
        case .fineTuning: "sft"
        case .preference: "dpo"
        case .unpaired: "kto"
        }
    }

    /// Shows what a run would take.
    func show(on terminal: Terminal) {
        let data = input.data
        let saved = estimate.separateTokens - estimate.computedTokens
        var lines = [
            ("rows", "\(Format.count(data.examples.count)), and \(Format.count(data.heldOut.count)) held out"),
            (
                "tokens",
                "\(Format.count(estimate.separateTokens)) in the rows, the longest text \(Format.count(estimate.longestText))"
            ),
            (
                "computed",
                "\(Format.count(estimate.computedTokens)) a pass (\(Format.share(saved, of: estimate.separateTokens)) saved by shared prompts)"
            ),
            ("steps", "\(Format.count(estimate.steps)) of \(options.batchRows) rows"),
            (
                "learning rate",
                "\(options.schedule.peak), \(options.schedule.shape.rawValue) after \(options.schedule.warmupSteps) steps of warm-up"
            ),
        ]
        if let histogram = input.histogram { lines.insert(("labels", histogram), at: 1) }
        for note in input.notes { lines.append(("note", note)) }
        for (name, text) in lines { terminal.write(TrainingPlan.line(name, text)) }
    }

    /// Shows what a run came to.
    func show(
        _ outcome: TrainingOutcome,
        _ adapter: LoraAdapter,
        _ sums: TrainingLine.Sums,
        output: String,
        folder: String,
        on terminal: Terminal
    ) {
        let rank = adapter.modules.first?.rank ?? 0
        let stop = outcome.reason == .stoppedEarly ? ", stopped early" : ""
        var lines = [
            ("adapter", "\(output) (rank \(rank), \(Format.count(adapter.parameters)) values)"),
            ("steps", "\(outcome.steps) of \(estimate.steps)\(stop)"),
        ]
        if let first = sums.firstLoss, let last = sums.last {
            lines.append(("loss", "\(Format.fixed(first, 4)) at first, \(Format.fixed(last.loss, 4)) at last"))
        }
        if let evaluation = outcome.evaluation { lines.append(("held out", TrainingLine.text(evaluation))) }
        if sums.steps > 0 {
            let saved = Format.share(sums.unshared - sums.tokens, of: sums.unshared)
            lines.append(
                (
                    "took",
                    "\(Format.duration(sums.seconds)) for \(Format.count(sums.tokens)) tokens (\(Format.rate(sums.rate)) a second; \(saved) saved by shared prompts), at most \(Format.bytes(ProcessMemory.peak))"
                )
            )
        }
        lines.append(("run", "\(folder) (checkpoint, log.jsonl, rows.jsonl, report.html)"))
        for (name, text) in lines { terminal.write(TrainingPlan.line(name, text)) }
    }

    private static func line(_ name: String, _ text: String) -> String {
        name.padding(toLength: 16, withPad: " ", startingAt: 0) + text
    }
}
