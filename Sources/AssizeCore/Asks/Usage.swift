/// Tokens that an ask, a judgment or a run took.
public struct Usage: Sendable, Hashable, Codable {
    /// Tokens of the prompts.
    public var prompt: Int
    /// Those of them that did not have to be read again.
    public var cached: Int
    /// Tokens that the model wrote.
    public var generated: Int

    /// Creates counts of tokens.
    public init(prompt: Int = 0, cached: Int = 0, generated: Int = 0) {
        self.prompt = prompt
        self.cached = cached
        self.generated = generated
    }

    /// The sum of each count.
    public static func + (left: Usage, right: Usage) -> Usage {
        Usage(
            prompt: left.prompt + right.prompt,
            cached: left.cached + right.cached,
            generated: left.generated + right.generated
        )
    }

    /// Adds each count.
    public static func += (left: inout Usage, right: Usage) {
        left = left + right
    }
}
