internal import Foundation

/// A training run that Hugging Face's TRL takes, in a folder that holds all it needs beside the model.
///
/// The rows are the token ids that training here would take, so the data is the same to the last token. What differs
/// from ``Trainer`` is told by ``TrlSettings``.
///
/// The folder can be taken to another machine, or many: `accelerate launch --config_file FILE train.py job.json`.
public struct TrlJob: Sendable {
    /// Floats of the frozen weights.
    public enum Precision: String, Sendable, Hashable {
        /// 32-bit floats.
        case float32
        /// The upper halves of 32-bit floats.
        case bfloat16
    }

    /// The job's folder.
    public let folder: String
    private let settings: TrlSettings
    private let examples: [TrainingExample]
    private let heldOut: [TrainingExample]
    private let base: AdapterBase
    private let start: LoraAdapter?

    /// Lays out a run.
    ///
    /// - Parameters:
    ///   - folder: Where the job goes.
    ///   - base: The GGUF file.
    ///   - model: The same model as a Hugging Face folder.
    ///   - precision: The floats of its weights while it trains.
    ///   - data: Rows of the kind that the objective takes.
    ///   - options: How to train.
    ///   - adapter: What to start from in place of a new adapter; it is the reference as well.
    ///   - identity: A text that changes with the base model and the data; only a job with the same one goes on.
    /// - Throws: ``AssizeTrainingError`` for options that TRL can't follow, data that does not fit the model, or a
    ///   folder that holds another model.
    public init(
        folder: String,
        base: String,
        model: String,
        precision: Precision,
        data: TrainingData,
        options: TrainingOptions,
        startingFrom adapter: LoraAdapter? = nil,
        identity: String = ""
    ) throws(AssizeTrainingError) {
        try options.check()
        let file = try GGUFFile(path: base)
        let shape = try ModelShape(file)
        try data.check(options.objective, shape: shape)
        try HuggingFaceFolder(path: model).check(is: shape)
        self.base = try AdapterBase(file)
        if let adapter { try self.base.check(adapter) }
        self.folder = folder
        heldOut = data.heldOut
        if case .unpaired = options.objective, options.isShuffled {
            // KTO's trainer takes them as they lie.
            examples = TrlRows.shuffled(data.examples, seed: options.seed)
        } else {
            examples = data.examples
        }
        start = adapter
        settings = try TrlSettings(
            model: model,
            precision: precision,
            data: data,
            options: options,
            start: adapter == nil ? nil : TrlJob.startFolder,
            names: PEFTNames(self.base),
            identity: identity
        )
    }

    private static let startFolder = "start"
    /// What a run leaves beside what it was given.
    private static let traces = ["checkpoints", "adapter", "result.json", "log.jsonl", "log.previous.jsonl"]

    /// The script's name in the folder.
    public static let script = "train.py"
    /// The settings' name in the folder.
    public static let settingsFile = "job.json"
    /// Accelerate's settings in the folder, for runs that bring none.
    public static let launchFile = "accelerate.yaml"

    /// Where the run tells what happens.
    public var log: String { "\(folder)/log.jsonl" }
    /// Where TRL's own words go.
    public var output: String { "\(folder)/output.txt" }

    /// Whether a folder holds a job that was begun.
    ///
    /// - Parameter folder: The folder.
    /// - Returns: Whether it does.
    public static func isBegun(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/\(settingsFile)")
    }

    /// Writes the folder.
    ///
    /// - Parameters:
    ///   - resumes: Keeps the checkpoints that are there, if they are of this job; else they are removed.
    ///   - processes: How many processes share a step, where Accelerate's settings are not the user's.
    /// - Throws: ``AssizeTrainingError`` when the folder holds another job that should go on, or can't be written.
    public func write(resumes: Bool, processes: Int = 1) throws(AssizeTrainingError) {
        try settings.check(processes: processes)
        _ = try RunFolder(path: folder)
        let job = try settings.text()
        if resumes, let earlier = FileManager.default.contents(atPath: path(TrlJob.settingsFile)) {
            guard Array(earlier) == Array(job.utf8) else {
                throw AssizeTrainingError(
                    code: .checkpoint,
                    message:
                        "\(path(TrlJob.settingsFile)) is of another run: other data, another base model or other options; go on with those it began with, or begin anew"
                )
            }
            try rename("log.jsonl", "log.previous.jsonl")
            try remove(["result.json"])
        } else {
            try remove(TrlJob.traces)
        }
        try write(job, to: TrlJob.settingsFile)
        try write(TrlScript.text, to: TrlJob.script)
        try write(TrlSettings.launch(processes: processes), to: TrlJob.launchFile)
        try TrlRows.write(examples, to: path("data.jsonl"))
        try TrlRows.write(heldOut, to: path("held_out.jsonl"))
        if let start { try PEFTAdapter(path: path(TrlJob.startFolder)).write(start, for: base) }
    }

    /// Reads what the run came to.
    ///
    /// - Returns: The adapter and how the run ended; `nil` for a run that was interrupted, or has not ended.
    /// - Throws: ``AssizeTrainingError`` when the adapter can't be read or does not fit the base model.
    public func outcome() throws(AssizeTrainingError) -> TrainingOutcome? {
        struct Result: Decodable {
            let reason: TrainingOutcome.Reason
            let steps: Int
        }
        guard let data = FileManager.default.contents(atPath: path("result.json")),
            let result = try? JSONDecoder().decode(Result.self, from: data), result.reason != .interrupted
        else { return nil }
        var reader = TrlLogReader(path: log)
        var evaluation: EvaluationRecord?
        for case .evaluation(let record) in try reader.all() { evaluation = record }
        return TrainingOutcome(
            reason: result.reason,
            steps: result.steps,
            adapter: try PEFTAdapter(path: path("adapter")).read(for: base),
            evaluation: evaluation
        )
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    private func write(_ text: String, to name: String) throws(AssizeTrainingError) {
        let file = try AtomicFile(path: path(name))
        try file.append(Array(text.utf8))
        try file.commit()
    }

    private func remove(_ names: [String]) throws(AssizeTrainingError) {
        for name in names where FileManager.default.fileExists(atPath: path(name)) {
            do {
                try FileManager.default.removeItem(atPath: path(name))
            } catch {
                throw AssizeTrainingError(code: .file, message: "\(path(name)) can't be removed: \(error)")
            }
        }
    }

    private func rename(_ old: String, _ new: String) throws(AssizeTrainingError) {
        guard FileManager.default.fileExists(atPath: path(old)) else { return }
        try remove([new])
        do {
            try FileManager.default.moveItem(atPath: path(old), toPath: path(new))
        } catch {
            throw AssizeTrainingError(code: .file, message: "\(path(old)) can't be renamed: \(error)")
        }
    }
}
