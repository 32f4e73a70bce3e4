public import AssizeCore

/// The folder in which weights lie that were made for this machine: for each model a folder with its record.
public struct PreparedFolder: Sendable, Hashable {
    /// The folder; it need not exist yet.
    public let path: String

    static let recordName = "prepared.json"

    /// A record and the folder it lies in.
    public struct Entry: Sendable, Hashable {
        /// The folder.
        public let folder: String
        /// The record.
        public let record: PreparedRecord

        /// Where a kept file lies.
        public func path(of file: PreparedRecord.File) -> String { "\(folder)/\(file.name)" }
    }

    /// Takes the home's own folder.
    public init(home: AssizeHome) {
        path = "\(home.models)/\(ModelFolder.preparedName)"
    }

    /// All records, by the names of their models.
    public func list() -> [Entry] {
        FileSystem.names(in: path)
            .filter { !$0.hasPrefix(".") }
            .compactMap { name -> Entry? in
                let folder = "\(path)/\(name)"
                let record = FileSystem.decoded(PreparedRecord.self, at: "\(folder)/\(PreparedFolder.recordName)")
                return record.map { Entry(folder: folder, record: $0) }
            }
            .sorted { ($0.record.source.name, $0.folder) < ($1.record.source.name, $1.folder) }
    }

    /// What was prepared from a file of this content; `nil` when nothing was.
    public func entry(for sha256: ContentHash) -> Entry? {
        list().first { $0.record.source.sha256 == sha256 }
    }

    /// Finds the file to judge with in place of another.
    ///
    /// - Parameters:
    ///   - source: The digest of the file that was named.
    ///   - name: What it was named by, for the error's sentence.
    ///   - path: Where it lies.
    ///   - engine: The engine's name and version.
    /// - Returns: The record, and the recommended file; `nil` for it when the file itself is recommended.
    /// - Throws: ``AssizeHubError`` with code `notPrepared` when there is no record of this content, of this engine, or the
    ///   file is no longer what was recorded.
    public func recommended(
        for source: ContentHash,
        name: String,
        path: String,
        engine: String
    ) async throws -> (entry: Entry, file: PreparedRecord.File?) {
        let again = "run 'assize models prepare \(name)' again"
        guard let entry = entry(for: source) else {
            let stale = list().first { $0.record.source.path == FileSystem.absolute(path) }
            throw AssizeHubError(
                code: .notPrepared,
                message: stale == nil
                    ? "there are no prepared weights of \(name); run 'assize models prepare \(name)' first"
                    : "\(path) is not the file that was prepared: it has SHA-256 \(source), the record "
                        + "\(stale?.record.source.sha256.hexadecimal ?? "none"); \(again)"
            )
        }
        let record = entry.record
        guard record.engine == engine else {
            throw AssizeHubError(
                code: .notPrepared,
                message: "\(name) was prepared with \(record.engine), and this is \(engine): \(again)"
            )
        }
        guard record.recommended != PreparedRecord.asGiven else { return (entry, nil) }
        guard let file = record.files.first(where: { $0.format == record.recommended }),
            FileStamp(path: entry.path(of: file)) != nil
        else {
            throw AssizeHubError(
                code: .notPrepared,
                message: "the prepared weights of \(name) are no longer in \(entry.folder); \(again)"
            )
        }
        return (entry, file)
    }

    /// Where the record and the files of a model go.
    func folder(of source: PreparedRecord.Source) -> String {
        let file = source.path.split(separator: "/").last.map(String.init) ?? "model"
        let stem = file.lowercased().hasSuffix(".gguf") ? String(file.dropLast(5)) : file
        return "\(path)/\(stem)-\(source.sha256.hexadecimal.prefix(12))"
    }
}
