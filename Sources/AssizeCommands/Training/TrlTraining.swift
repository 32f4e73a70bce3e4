internal import AssizeCore
internal import AssizeTraining
internal import Foundation

/// A training run by TRL: the same plan, rows and log as one in this process.
struct TrlTraining {
    let plan: TrainingPlan
    let engine: TrainingEngineOptions
    /// The run's folder, by its path from the root.
    let folder: String
    /// Goes on from the last checkpoint.
    let resumes: Bool
    /// Changes with the base model, the data and the adapter that training begins with.
    let identity: String
    let terminal: Terminal

    /// Trains to the end, or, when the task is cancelled, to the end of a step.
    ///
    /// - Parameter line: Shows steps.
    /// - Returns: How the run ended; `nil` when it was interrupted.
    /// - Throws: ``CommandFailure`` or an error of the training room.
    func run(_ line: TrainingLine) async throws -> TrainingOutcome? {
        let options = plan.options
        let precision = TrlTraining.precision(of: options.path)
        let job = try TrlJob(
            folder: folder,
            base: plan.base.path,
            model: try model(precision),
            precision: precision,
            data: plan.input.data,
            options: options,
            startingFrom: plan.start,
            identity: identity
        )
        let environment = try TrlEnvironment(
            engine,
            job: (folder, TrlJob.script, TrlJob.settingsFile, TrlJob.launchFile),
            threads: options.threads
        )
        try job.write(resumes: resumes, processes: engine.processes ?? 1)
        terminal.note("assize: starting TRL in \(folder) (its own words go to output.txt)")
        let (data, terminal) = (plan.input.data, terminal)
        try await TrlLauncher(job: job, environment: environment)
            .run { entry in
                if case .beginning(let beginning) = entry {
                    terminal.note(
                        "assize: \(Format.count(data.examples.count)) rows, \(Format.count(data.heldOut.count)) held out, \(beginning.steps) steps, "
                            + "\(Format.count(beginning.parameters)) values in training, by TRL on \(beginning.device) in "
                            + "\(beginning.processes == 1 ? "1 process" : "\(beginning.processes) processes")"
                    )
                }
                if let event = entry.event { line.show(event) }
            }
        let outcome = try job.outcome()
        guard outcome != nil || Task.isCancelled else {
            throw CommandFailure("TRL ended without an adapter; what it said is in \(job.output)")
        }
        return outcome
    }

    /// The base model as a Hugging Face folder: the one that is named, or one made of the GGUF file, once.
    private func model(_ precision: TrlJob.Precision) throws -> String {
        if let named = engine.hfBase { return named }
        let format: HuggingFaceExport.Format = precision == .float32 ? .f32 : .bf16
        let parent = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        let path = "\(parent)/\(plan.base.sha256.hexadecimal.prefix(16))-\(format.rawValue).hf"
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        let line = StageLine(terminal: terminal)
        defer { line.end() }
        // The rows are token ids.
        try HuggingFaceExport(base: plan.base.path, format: format, hasTokenizer: false)
            .write(to: path) { progress in
                line.show("exporting \(plan.base.name)", detail: Format.share(progress.done, of: progress.total))
            }
        return path
    }

    /// The paths with 32 in their names keep weights in 32 bits here and there.
    private static func precision(of path: ComputePath) -> TrlJob.Precision {
        switch path {
        case .fast32, .portable32, .gpu32: .float32
        case .automatic, .fast, .portable, .gpu: .bfloat16
        }
    }
}
