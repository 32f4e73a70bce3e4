import Foundation

/// The files of one training run.
struct RunFolder {
    let path: String

    var checkpoint: String { "\(path)/checkpoint.bin" }
    var references: String { "\(path)/references.bin" }
    var log: String { "\(path)/log.jsonl" }
    var rows: String { "\(path)/rows.jsonl" }

    /// Makes the folder.
    ///
    /// - Throws: ``AssizeTrainingError`` when it can't be made.
    init(path: String) throws(AssizeTrainingError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw AssizeTrainingError(
                code: .file,
                message:
                    "\(path) can't be made as a folder for the run's checkpoints; check the path and its permissions"
            )
        }
    }

    var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: checkpoint) }
}
