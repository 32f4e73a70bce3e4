/// How far a run has come.
public enum RunState: String, Sendable, Hashable, Codable, CaseIterable {
    /// At work, or killed at work: nothing could be written any more.
    case running
    /// Every item has been judged, with or without a verdict.
    case finished
    /// Stopped on request; it can be resumed.
    case interrupted
    /// Stopped by an error; it can be resumed once the cause is gone.
    case failed
}
