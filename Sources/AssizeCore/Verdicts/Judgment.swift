/// One criterion of one item, judged: the verdict and every answer it came from.
///
/// Encoded, this is a row of a judgments file; it holds all that is needed to score it anew without a model.
public struct Judgment: Sendable, Hashable, Codable {
    /// The item's id.
    public var id: ItemID
    /// The criterion's name.
    public var criterion: String
    /// The recipe's name.
    public var recipe: String
    /// What the samples come to, in the row's own order of candidates.
    public var verdict: Verdict
    /// The probability of every label, averaged over samples and orders, in the row's own order of candidates.
    public var probabilities: [String: Double]?
    /// The rationale of the sample that agrees with the verdict.
    public var rationale: String?
    /// Every answer, in the order asked.
    public var samples: [Sample]
    /// Tokens of all samples together, replayed ones included.
    public var usage: Usage
    /// Who answered.
    public var judge: ModelIdentity
    /// The run's seed.
    public var seed: UInt64
    /// The row's gold label, carried along so that agreement can be measured from the judgments alone.
    public var gold: GoldLabel?

    /// Creates a judgment.
    public init(
        id: ItemID,
        criterion: String,
        recipe: String,
        verdict: Verdict,
        probabilities: [String: Double]? = nil,
        rationale: String? = nil,
        samples: [Sample],
        usage: Usage,
        judge: ModelIdentity,
        seed: UInt64,
        gold: GoldLabel? = nil
    ) {
        self.id = id
        self.criterion = criterion
        self.recipe = recipe
        self.verdict = verdict
        self.probabilities = probabilities
        self.rationale = rationale
        self.samples = samples
        self.usage = usage
        self.judge = judge
        self.seed = seed
        self.gold = gold
    }
}
