internal import Yams

/// The models that can be pulled by name.
public struct Catalogue: Sendable, Hashable {
    /// The entries, in the order of the file.
    public let entries: [CatalogueEntry]

    /// The catalogue that comes with this version.
    ///
    /// - Throws: ``AssizeHubError`` when the embedded file is broken, which the tests rule out.
    public static func embedded() throws(AssizeHubError) -> Catalogue {
        try Catalogue(yaml: String(decoding: PackageResources.catalogue_yaml, as: UTF8.self))
    }

    /// Reads a catalogue.
    ///
    /// - Parameter yaml: A document with a list `models`.
    /// - Throws: ``AssizeHubError`` when the text can't be read, a name occurs twice, or an entry has no source.
    public init(yaml: String) throws(AssizeHubError) {
        struct Document: Decodable {
            let models: [CatalogueEntry]
        }
        do {
            entries = try YAMLDecoder().decode(Document.self, from: yaml).models
        } catch {
            throw AssizeHubError(
                code: .invalidCatalogue,
                message: "the model catalogue can't be read: \(error)",
                cause: error
            )
        }
        try check()
    }

    /// The entry of a name.
    ///
    /// - Throws: ``AssizeHubError`` with the names that come close when there is none.
    public func entry(named name: String) throws(AssizeHubError) -> CatalogueEntry {
        if let entry = entries.first(where: { $0.name == name }) {
            return entry
        }
        let close = CloseNames.of(name, among: entries.map(\.name))
        let hint =
            close.isEmpty
            ? "the catalogue has \(entries.map(\.name).joined(separator: ", "))"
            : "did you mean \(close.joined(separator: " or "))?"
        throw AssizeHubError(
            code: .unknownModel,
            message: "there is no model '\(name)': \(hint) "
                + "(a .gguf path and hf:organisation/repository:Q4_K_M work too)"
        )
    }

    private func check() throws(AssizeHubError) {
        var names: Set<String> = []
        var files: Set<String> = []
        for entry in entries {
            guard names.insert(entry.name).inserted else {
                throw AssizeHubError(code: .invalidCatalogue, message: "the catalogue names '\(entry.name)' twice")
            }
            guard files.insert(entry.file.lowercased()).inserted else {
                throw AssizeHubError(
                    code: .invalidCatalogue,
                    message: "two catalogue entries would be stored as '\(entry.file)'"
                )
            }
            guard HubNames.isPlainFileName(entry.file) else {
                throw AssizeHubError(
                    code: .invalidCatalogue,
                    message: "'\(entry.file)' of '\(entry.name)' is not a plain file name"
                )
            }
            guard !entry.sources.isEmpty else {
                throw AssizeHubError(code: .invalidCatalogue, message: "'\(entry.name)' has no source")
            }
        }
    }
}
