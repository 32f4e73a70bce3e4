public import AssizeCore

/// A model that can be pulled by name.
public struct CatalogueEntry: Sendable, Hashable, Codable {
    /// What the model is called on the command line.
    public let name: String
    /// One or two sentences on what the model is good for.
    public let summary: String
    /// The licence of the weights.
    public let licence: String
    /// The number of parameters, as people say it: `135M`, `7B`.
    public let parameters: String
    /// The file's name in the model folder.
    public let file: String
    /// The file's length in bytes; `nil` when only the hub knows it.
    public let size: Int?
    /// The file's digest; `nil` when only the hub knows it.
    public let sha256: ContentHash?
    /// The context the model was trained for, in tokens; `nil` when not confirmed.
    public let context: Int?
    /// Where the file can be had, tried in order.
    public let sources: [Source]

    /// Puts an entry together.
    public init(
        name: String,
        summary: String,
        licence: String,
        parameters: String,
        file: String,
        size: Int?,
        sha256: ContentHash?,
        context: Int?,
        sources: [Source]
    ) {
        self.name = name
        self.summary = summary
        self.licence = licence
        self.parameters = parameters
        self.file = file
        self.size = size
        self.sha256 = sha256
        self.context = context
        self.sources = sources
    }
}

extension CatalogueEntry {
    /// A place that has the file.
    public enum Source: Sendable, Hashable, Codable {
        /// A file in a repository of the model hub.
        case hub(HubFile)
        /// Members of Python wheels, joined in order.
        case python(packages: [PythonPackage])
    }

    /// A file in a repository of the model hub.
    public struct HubFile: Sendable, Hashable, Codable {
        /// The repository, `organisation/name`.
        public let repository: String
        /// The file's path in the repository.
        public let file: String
        /// A branch, tag or commit.
        public let revision: String

        /// Names a file.
        public init(repository: String, file: String, revision: String = "main") {
            self.repository = repository
            self.file = file
            self.revision = revision
        }
    }

    /// A member of a wheel on the Python package index.
    public struct PythonPackage: Sendable, Hashable, Codable {
        /// The package's name on the index.
        public let name: String
        /// The exact version.
        public let version: String
        /// The member's path in the wheel.
        public let path: String

        /// Names a member.
        public init(name: String, version: String, path: String) {
            self.name = name
            self.version = version
            self.path = path
        }
    }
}

extension CatalogueEntry.Source: CustomStringConvertible {
    /// The source in one line, as it is written beside a finished file.
    public var description: String {
        switch self {
        case .hub(let file):
            "hub \(file.repository)/\(file.file)@\(file.revision)"
        case .python(let packages):
            "python " + packages.map { "\($0.name)==\($0.version)" }.joined(separator: " + ")
        }
    }
}

extension CatalogueEntry.Source {
    private enum Kind: String, CodingKey {
        case hub, python
    }

    private struct Packages: Codable {
        let packages: [CatalogueEntry.PythonPackage]
    }

    /// Reads a source from its one key, `hub` or `python`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Kind.self)
        if let file = try container.decodeIfPresent(CatalogueEntry.HubFile.self, forKey: .hub) {
            self = .hub(file)
        } else {
            self = .python(packages: try container.decode(Packages.self, forKey: .python).packages)
        }
    }

    /// Writes a source under its one key.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Kind.self)
        switch self {
        case .hub(let file): try container.encode(file, forKey: .hub)
        case .python(let packages): try container.encode(Packages(packages: packages), forKey: .python)
        }
    }
}
