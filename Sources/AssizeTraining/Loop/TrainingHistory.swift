internal import Foundation

/// All steps and evaluations that a run's log holds.
public struct TrainingHistory: Sendable, Hashable {
    /// The steps, first to last.
    public let steps: [StepRecord]
    /// The measurements on held-out rows, first to last.
    public let evaluations: [EvaluationRecord]

    /// Reads the log in a run's folder.
    ///
    /// A last line that was cut off is left out. Of a step that was taken twice, before and after a crash, the later one
    /// counts.
    ///
    /// - Parameter folder: The run's folder.
    /// - Throws: ``AssizeTrainingError`` when there is no log, or no step in it.
    public init(readingRun folder: String) throws(AssizeTrainingError) {
        let path = "\(folder)/log.jsonl"
        guard FileManager.default.fileExists(atPath: path) else {
            throw AssizeTrainingError(
                code: .file,
                message: "there is no log.jsonl in \(folder); name the folder of a training run"
            )
        }
        var steps: [Int: StepRecord] = [:]
        var evaluations: [Int: EvaluationRecord] = [:]
        for line in TrainingLog.lines(path) {
            if let step = line.step { steps[step.step] = step }
            if let evaluation = line.evaluation { evaluations[evaluation.step] = evaluation }
        }
        guard !steps.isEmpty else {
            throw AssizeTrainingError(code: .file, message: "\(path) holds no step; the run has not begun yet")
        }
        self.steps = steps.values.sorted { $0.step < $1.step }
        self.evaluations = evaluations.values.sorted { $0.step < $1.step }
    }
}
