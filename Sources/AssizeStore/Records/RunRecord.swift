public import AssizeCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One run: what was asked for, of which judge, and how far it has come.
public struct RunRecord: Sendable, Hashable, Codable {
    /// The run's name, unique in its store.
    public var id: RunID
    /// When it began, to the millisecond.
    public var created: Date
    /// When it ended, to the millisecond; `nil` while it has not.
    public var finished: Date?
    /// How far it has come.
    public var state: RunState
    /// The recipe's name.
    public var recipe: String
    /// The model as it was asked for.
    public var model: String
    /// A hash of all that decides the verdicts: two runs with the same fingerprint may be continued as one.
    public var fingerprint: ContentHash
    /// The resolved configuration.
    public var configuration: JSONValue
    /// Who judges.
    public var judge: ModelIdentity
    /// Where the items came from.
    public var inputPath: String
    /// The number of items that are to be judged.
    public var items: Int
    /// The run's seed.
    public var seed: UInt64

    /// Describes a run.
    ///
    /// - Parameters:
    ///   - id: The run's name, unique in its store.
    ///   - created: When it began; kept to the millisecond.
    ///   - finished: When it ended.
    ///   - state: How far it has come.
    ///   - recipe: The recipe's name.
    ///   - model: The model as it was asked for.
    ///   - fingerprint: A hash of all that decides the verdicts.
    ///   - configuration: The resolved configuration.
    ///   - judge: Who judges.
    ///   - inputPath: Where the items came from.
    ///   - items: The number of items that are to be judged.
    ///   - seed: The run's seed.
    public init(
        id: RunID,
        created: Date,
        finished: Date? = nil,
        state: RunState = .running,
        recipe: String,
        model: String,
        fingerprint: ContentHash,
        configuration: JSONValue,
        judge: ModelIdentity,
        inputPath: String,
        items: Int,
        seed: UInt64
    ) {
        self.id = id
        self.created = created
        self.finished = finished
        self.state = state
        self.recipe = recipe
        self.model = model
        self.fingerprint = fingerprint
        self.configuration = configuration
        self.judge = judge
        self.inputPath = inputPath
        self.items = items
        self.seed = seed
    }
}
