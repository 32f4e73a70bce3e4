import AssizeCore

/// What a scripted model says to one ask.
enum Reply: Sendable {
    case label(String, weights: [Double]? = nil, rationale: String? = nil)
    case text(String, Answer.Finish)
    case error(LanguageModelError)

    func answer(to ask: Ask) throws(LanguageModelError) -> Answer {
        switch self {
        case .label(let label, let weights, let rationale):
            Samples.answer(label, ask, weights: weights, rationale: rationale)
        case .text(let text, let finish): Answer(text: text, usage: Usage(), finish: finish)
        case .error(let error): throw error
        }
    }
}
