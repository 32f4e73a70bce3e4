internal import AssizeRuns
internal import Foundation

/// A file that a command will write, checked before its work begins.
enum OutputPath {
    /// - Throws: ``CommandFailure`` when the file is there and must not be overwritten; ``AssizeRunsError`` when it can't be
    ///   written at all.
    static func check(_ path: String, force: Bool) throws {
        try JudgmentExport.check(path: path)
        guard force || !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure("\(path) is there already; overwrite it with --force, or name another")
        }
    }
}
