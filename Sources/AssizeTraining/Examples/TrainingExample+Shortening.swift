extension TrainingExample {
    /// The example with a prompt that lost its beginning.
    ///
    /// Of a dialogue the first turns are lost, whoever spoke; of a text without a prompt the end.
    ///
    /// - Parameters:
    ///   - limit: The most tokens of one text.
    ///   - beginning: A token that stays in front.
    /// - Returns: `nil` when nothing but a part of the answer would be left.
    func shortened(to limit: Int, keeping beginning: Int32?) -> TrainingExample? {
        let excess = longestText - limit
        guard excess > 0 else { return self }
        switch self {
        case .preference(let prompt, let chosen, let rejected):
            return TrainingExample.cut(prompt, excess, beginning)
                .map { .preference(prompt: $0, chosen: chosen, rejected: rejected) }
        case .judged(let prompt, let answer, let isDesirable):
            return TrainingExample.cut(prompt, excess, beginning)
                .map { .judged(prompt: $0, answer: answer, isDesirable: isDesirable) }
        case .text(let text):
            return text.shortened(by: excess, keeping: beginning).map { .text($0) }
        }
    }

    /// A prompt without some of its first tokens; `nil` when nothing of it would be left.
    private static func cut(_ prompt: [Int32], _ excess: Int, _ beginning: Int32?) -> [Int32]? {
        let kept = prompt.first == beginning ? Array(prompt.prefix(1)) : []
        guard prompt.count - kept.count > excess else { return nil }
        return kept + prompt.dropFirst(kept.count + excess)
    }

    /// What is read before anything is learnt.
    var prompt: ArraySlice<Int32> {
        switch self {
        case .preference(let prompt, _, _), .judged(let prompt, _, _): prompt[...]
        case .text(let text): text.tokens.prefix(text.trained.first?.lowerBound ?? text.tokens.count)
        }
    }
}

extension TokenText {
    /// The text without its beginning, or, where all of it is learnt, without its end.
    ///
    /// - Returns: `nil` when nothing to learn would be left, or less than an answer.
    func shortened(by excess: Int, keeping beginning: Int32?) -> TokenText? {
        let length = tokens.count - excess
        guard length > 1 else { return nil }
        if trained == [1..<tokens.count] {
            return TokenText(tokens: Array(tokens.prefix(length)), trained: [1..<length])
        }
        let kept = tokens.first == beginning ? 1 : 0
        let rest = tokens.dropFirst(kept + excess)
        // An answer that lost its beginning is read and not learnt.
        let ranges = trained.compactMap { range -> Range<Int>? in
            let lower = range.lowerBound - excess
            return lower > kept ? lower..<range.upperBound - excess : nil
        }
        guard ranges.contains(where: { !$0.isEmpty }) else { return nil }
        return TokenText(tokens: Array(tokens.prefix(kept)) + rest, trained: ranges)
    }
}
