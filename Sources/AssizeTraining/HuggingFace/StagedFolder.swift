internal import Foundation

/// A folder that appears whole or not at all: its files go to a folder beside it, which takes its name at the end.
///
/// Not `Sendable`: whoever makes it owns it. If it is dropped before ``commit()``, nothing stays.
final class StagedFolder {
    /// The path the folder will have.
    let path: String
    private let part: String
    private var isCommitted = false

    /// Begins a folder.
    ///
    /// - Parameter path: Where it will be; nothing may be there.
    /// - Throws: ``AssizeTrainingError`` when something is there, or the folder can't be made.
    init(path: String) throws(AssizeTrainingError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        self.path = String(trimmed)
        part = "\(trimmed).\(UUID().uuidString).part"
        try refuseExisting()
        do {
            try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
        } catch {
            throw AssizeTrainingError(
                code: .file,
                message: "\(self.path) can't be made as a folder; check the path and its permissions"
            )
        }
    }

    deinit {
        if !isCommitted { try? FileManager.default.removeItem(atPath: part) }
    }

    /// The path of a file while the folder is made.
    ///
    /// - Parameter name: The file's name.
    /// - Returns: Where to write it.
    func file(_ name: String) -> String { "\(part)/\(name)" }

    /// Writes a text file.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - name: The file's name.
    /// - Throws: ``AssizeTrainingError`` when it can't be written.
    func write(_ text: String, to name: String) throws(AssizeTrainingError) {
        let file = try AtomicFile(path: file(name))
        try file.append(Array(text.utf8))
        try file.commit()
    }

    /// Writes a JSON file that people may read.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - name: The file's name.
    /// - Throws: ``AssizeTrainingError`` when it can't be written, or a number in it is not finite.
    func write(_ value: JSONValue, to name: String) throws(AssizeTrainingError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(value) else {
            throw AssizeTrainingError(code: .file, message: "\(path)/\(name) can't be written as JSON: \(value)")
        }
        try write(String(decoding: json, as: UTF8.self) + "\n", to: name)
    }

    /// Gives the folder its name.
    ///
    /// - Throws: ``AssizeTrainingError`` when something has come to be there meanwhile, or it can't be renamed.
    func commit() throws(AssizeTrainingError) {
        try refuseExisting()
        guard unsafe rename(part, path) == 0 else {
            throw AssizeTrainingError(code: .file, message: "\(path) can't be made: \(SystemText.of(errno))")
        }
        isCommitted = true
    }

    private func refuseExisting() throws(AssizeTrainingError) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw AssizeTrainingError(
                code: .file,
                message: "\(path) is there already; remove it, or name another folder"
            )
        }
    }
}
