/// How far a pull has come.
public struct PullProgress: Sendable, Hashable {
    /// What is going on.
    public enum Stage: Sendable, Hashable {
        /// Another process is pulling the same model; this one waits for it.
        case waitingForOtherPull
        /// A source is being asked.
        case connecting(source: String)
        /// Bytes are arriving.
        case downloading
        /// A Python package is being fetched and unpacked.
        case fetchingPackage(name: String, number: Int, count: Int)
        /// The last try failed; the next one comes after a pause.
        case retrying(after: Duration, reason: String)
        /// A source was given up; the next one, if any, is tried.
        case sourceFailed(source: String, reason: String)
        /// The digest is being worked out.
        case verifying
        /// The file is in its place.
        case finished
    }

    /// What is going on.
    public let stage: Stage
    /// The bytes on disk so far, with those of earlier pulls.
    public let bytesDone: Int
    /// The bytes of the finished file; `nil` while unknown.
    public let bytesTotal: Int?

    /// Puts a report together.
    public init(stage: Stage, bytesDone: Int, bytesTotal: Int?) {
        self.stage = stage
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
    }
}
