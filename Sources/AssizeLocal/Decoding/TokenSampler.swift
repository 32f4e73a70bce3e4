internal import AssizeCore

/// Draws tokens for one answer: repetition penalty, temperature, top-p and min-p, then a seeded draw.
///
/// The order is that of the servers of this field: temperature first, then the cuts. A grammar is asked last, and rejects
/// what was drawn: what is drawn in the end has the distribution after the cuts, restricted to what the grammar allows.
/// Tokens are a function of the seed, the logits and the number of the draw.
final class TokenSampler {
    /// How far back the repetition penalty looks, in tokens of the answer.
    static let penaltyWindow = 256
    /// Tokens that the grammar may refuse one by one before it is shown the whole vocabulary.
    static let refusals = 64

    private let sampling: Sampling
    private let grammar: TokenGrammar?
    private var seeds: SplitMix64
    private var window = RepetitionWindow(capacity: TokenSampler.penaltyWindow)

    /// - Throws: ``AssizeLocalError`` with code `invalidGrammar` when the grammar is not GBNF.
    convenience init(sampling: Sampling, seed: UInt64, grammar: String?, model: LlamaModel) throws(AssizeLocalError) {
        guard let grammar else {
            self.init(sampling: sampling, seed: seed)
            return
        }
        self.init(sampling: sampling, seed: seed, grammar: try TokenGrammar(grammar, model: model))
    }

    init(sampling: Sampling, seed: UInt64, grammar: TokenGrammar? = nil) {
        self.sampling = sampling
        self.grammar = grammar
        seeds = SplitMix64(seed: seed)
    }

    /// Whether a grammar rules what is drawn.
    var hasGrammar: Bool { grammar != nil }

    /// Draws a token and goes on behind it.
    ///
    /// - Parameters:
    ///   - logits: A row of logits, one a token; the same when the call returns.
    ///   - banned: Tokens that can't be drawn.
    /// - Returns: `nil` when no token is possible: all are banned or refused, or a logit is not a number.
    func draw(
        from logits: UnsafeMutableBufferPointer<Float>,
        banning banned: [Vocabulary.Token]
    ) -> Vocabulary.Token? {
        // One seed a draw, however many numbers it takes: a refusal does not shift the draws that follow.
        var numbers = SplitMix64(seed: seeds.next())
        var edits = unsafe LogitEdits(logits)
        defer { edits.undo() }
        if sampling.repetitionPenalty != 1 {
            let penalty = Float(sampling.repetitionPenalty)
            for token in window.tokens {
                let logit = edits[token]
                edits[token] = logit > 0 ? logit / penalty : logit * penalty
            }
        }
        for token in banned { edits.ban(token) }
        guard var source = unsafe source(of: logits) else { return nil }
        let drawn: Vocabulary.Token?
        if let grammar {
            drawn = unsafe draw(from: &source, of: logits, edits: &edits, grammar: grammar, numbers: &numbers)
        } else {
            drawn = source.draw(&numbers)
        }
        guard let drawn else { return nil }
        window.append(drawn)
        grammar?.accept(drawn)
        return drawn
    }

    private func source(of logits: UnsafeMutableBufferPointer<Float>) -> (any TokenSource)? {
        let temperature = sampling.temperature
        guard let row = unsafe LogitRow(logits, temperature: temperature > 0 ? temperature : 1) else { return nil }
        return temperature > 0 ? WeighedSource(row: row, sampling: sampling) : MostProbableSource(row: row)
    }

    /// Draws until the grammar allows what was drawn.
    ///
    /// A token that it refuses is taken out and the next one is drawn among the rest. That is rejection without
    /// replacement, and exact: the allowed tokens keep their shares among each other. Only when the cuts left none of them
    /// are the cuts made anew, among the tokens that the grammar allows.
    private func draw(
        from source: inout any TokenSource,
        of logits: UnsafeMutableBufferPointer<Float>,
        edits: inout LogitEdits,
        grammar: TokenGrammar,
        numbers: inout SplitMix64
    ) -> Vocabulary.Token? {
        for _ in 0..<TokenSampler.refusals {
            guard let token = source.draw(&numbers) else { break }
            if grammar.allows(token) { return token }
            source.remove(token, edits: &edits)
        }
        var allowed = unsafe grammar.filter(logits)
        return unsafe allowed.withUnsafeMutableBufferPointer { allowed in
            unsafe source.restrict(to: allowed)
            if let token = source.draw(&numbers) { return token }
            var remade = unsafe self.source(of: allowed)
            return remade?.draw(&numbers)
        }
    }
}
