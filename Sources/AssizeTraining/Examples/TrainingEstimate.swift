/// What a run would compute, counted without a model.
public struct TrainingEstimate: Sendable, Hashable {
    /// Steps of the whole run.
    public let steps: Int
    /// Tokens of all training rows, each by itself, in one pass.
    public let separateTokens: Int
    /// Tokens that one pass computes, each shared prompt once.
    public let computedTokens: Int
    /// The longest text.
    public let longestText: Int

    /// Counts.
    ///
    /// - Parameters:
    ///   - data: The rows.
    ///   - options: How they would be trained on.
    public init(data: TrainingData, options: TrainingOptions) {
        let groups = ExampleGroup.groups(
            of: data.examples,
            sharesPrompts: options.sharesPrompts,
            limit: options.packTokens
        )
        steps = StepPlan(groups: groups, options: options).steps.count
        separateTokens = data.examples.reduce(0) { $0 + $1.separateTokens }
        computedTokens = groups.reduce(0) { $0 + $1.tokenCount }
        longestText = (data.examples + data.heldOut).map(\.longestText).max() ?? 0
    }
}
