public import AssizeCore

/// What kind of verdict a judgment holds: the part of it that is counted without reading the row.
public enum VerdictKind: String, Sendable, Hashable, Codable, CaseIterable {
    case scored
    case preferred
    case ranked
    case classified
    case abstained
    case failed

    /// The kind of a verdict.
    public init(_ verdict: Verdict) {
        switch verdict {
        case .scored: self = .scored
        case .preferred: self = .preferred
        case .ranked: self = .ranked
        case .classified: self = .classified
        case .abstained: self = .abstained
        case .failed: self = .failed
        }
    }
}
