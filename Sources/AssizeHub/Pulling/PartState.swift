internal import AssizeCore

/// What a pull remembers of an unfinished file; lies beside it as `<file>.part.json`.
struct PartState: Sendable, Hashable, Codable {
    /// The source that the bytes are from.
    let source: String
    /// The server's tag of the content, to ask whether it is still the same.
    var etag: String?
    /// The digest that the hub promised.
    var sha256: ContentHash?
    /// How many packages are joined already, and how many bytes they make.
    var packages: Int?
    var offset: Int?

    /// Reads the state of a part; `nil` when there is none.
    static func of(_ part: String) -> PartState? {
        FileSystem.decoded(PartState.self, at: "\(part).json")
    }

    /// Writes the state of a part.
    func save(for part: String) throws(AssizeHubError) {
        try FileSystem.write(self, to: "\(part).json")
    }

    /// Removes a part's state.
    static func forget(_ part: String) {
        FileSystem.remove("\(part).json")
    }
}
