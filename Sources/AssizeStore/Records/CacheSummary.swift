#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What the response cache holds.
public struct CacheSummary: Sendable, Hashable {
    /// The number of answers.
    public let answers: Int
    /// The answers' size in bytes, as JSON.
    public let bytes: Int
    /// The number of answers of each model.
    public let models: [String: Int]
    /// When the oldest answer was given.
    public let oldest: Date?
    /// When the newest answer was given.
    public let newest: Date?
}
