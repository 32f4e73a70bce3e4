internal import AssizeTraining
internal import Foundation
internal import Synchronization

/// Runs a training on a thread of its own: it blocks for as long as it lasts.
enum TrainerThread {
    /// All that a run needs.
    struct Job: Sendable {
        let base: String
        let data: TrainingData
        let options: TrainingOptions
        let adapter: LoraAdapter?
        let identity: String
        let folder: String
        let resumes: Bool
        /// Told, on the run's thread, what computes.
        let begins: @Sendable (_ device: String, _ parameters: Int, _ steps: Int) -> Void
        /// Told, on the run's thread, what happens.
        let report: @Sendable (TrainingEvent) -> Void
    }

    /// Set when the task is cancelled.
    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    /// The stack of the thread: graphs of deep models are walked on it.
    private static let stackBytes = 64 << 20

    /// Trains to the end, or, when the task is cancelled, to the next checkpoint.
    ///
    /// - Throws: ``AssizeTrainingError``.
    static func run(_ job: Job) async throws -> TrainingOutcome {
        let flag = Flag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let thread = Thread {
                    continuation.resume(
                        with: Result {
                            let trainer = try Trainer(
                                base: job.base,
                                data: job.data,
                                options: job.options,
                                startingFrom: job.adapter,
                                identity: job.identity
                            )
                            job.begins(trainer.device, trainer.parameterCount, trainer.steps)
                            return try trainer.run(
                                in: job.folder,
                                resumes: job.resumes,
                                isInterrupted: { flag.isSet.load(ordering: .relaxed) },
                                report: job.report
                            )
                        }
                    )
                }
                thread.name = "assize.training"
                thread.stackSize = stackBytes
                thread.start()
            }
        } onCancel: {
            flag.isSet.store(true, ordering: .relaxed)
        }
    }
}
