/// How tokens are drawn while a rationale is written.
public struct Sampling: Sendable, Hashable, Codable {
    /// 0 takes the most probable token; 1 draws from the model's own distribution.
    public var temperature: Double
    /// Keeps the smallest set of tokens whose probability reaches this; 1 keeps all.
    public var topP: Double
    /// Drops tokens less probable than this share of the most probable one; 0 drops none.
    public var minP: Double
    /// Divides the logits of recent tokens; 1 does nothing.
    public var repetitionPenalty: Double

    /// Creates a way of drawing; without arguments, always the most probable token.
    public init(temperature: Double = 0, topP: Double = 1, minP: Double = 0, repetitionPenalty: Double = 1) {
        self.temperature = temperature
        self.topP = topP
        self.minP = minP
        self.repetitionPenalty = repetitionPenalty
    }

    /// What is out of range, as a sentence; `nil` when all is well.
    public var problem: String? {
        if !(temperature >= 0 && temperature <= 10) { return "the temperature is \(temperature); use 0 to 10" }
        if !(topP > 0 && topP <= 1) { return "top-p is \(topP); use more than 0 and at most 1" }
        if !(minP >= 0 && minP < 1) { return "min-p is \(minP); use 0 or more and less than 1" }
        if !(repetitionPenalty > 0 && repetitionPenalty <= 10) {
            return "the repetition penalty is \(repetitionPenalty); use more than 0 and at most 10 (1 is none)"
        }
        return nil
    }
}
