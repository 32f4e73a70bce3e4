public import AssizeCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// An answer that can stand in for asking the same model the same thing again.
public struct CachedAnswer: Sendable, Hashable {
    /// A hash of all that decides the answer: model, messages, format, sampling, seed and sample number.
    public var key: ContentHash
    /// The answer.
    public var answer: Answer
    /// The name of the model that gave it.
    public var model: String
    /// When it was given, to the millisecond.
    public var created: Date

    /// Pairs an answer with its key.
    ///
    /// - Parameters:
    ///   - key: A hash of all that decides the answer. Leave out the sample number and every sample is the same.
    ///   - answer: The answer.
    ///   - model: The name of the model that gave it.
    ///   - created: When it was given.
    public init(key: ContentHash, answer: Answer, model: String, created: Date) {
        self.key = key
        self.answer = answer
        self.model = model
        self.created = created
    }
}
