internal import AssizeCore

/// One ask on its way through the engine: read the prompt, write, then weigh the labels.
///
/// It owns no context. The engine feeds it logits and does what it asks for next; ``position`` and ``pending`` say what its
/// sequence in the KV cache holds and what has to be computed next.
struct AskJob {
    let id: Int
    let ask: Ask
    let prompt: PreparedPrompt
    /// Its sequence in the KV cache.
    let sequence: Int
    /// Tokens of the sequence that the cache holds.
    private(set) var position = 0
    /// Tokens to compute next, from ``position`` on.
    ///
    /// The logits of the last one are needed.
    private(set) var pending: ArraySlice<Vocabulary.Token>
    private let sampler: TokenSampler?
    private var stage: Stage
    private var writing: Writing
    private var root = 0
    private var innerLeft: [Int] = []
    private var logProbabilities: [Int: [Double]] = [:]
    private var readTokens = 0

    private enum Stage {
        /// The next logits give a token of the text.
        case write
        /// The next logits belong to a node of the label tree.
        case weigh(node: Int)
    }

    /// What the engine has to do after a step.
    enum Step {
        /// Compute ``pending``, after the cache has forgotten the sequence from ``position`` on if `rewound`.
        case read(rewound: Bool)
        case finished(Result<Answer, LanguageModelError>)
    }

    init(id: Int, ask: Ask, prompt: PreparedPrompt, sequence: Int, model: LlamaModel) throws(AssizeLocalError) {
        self.id = id
        self.ask = ask
        self.prompt = prompt
        self.sequence = sequence
        switch ask.format {
        case .rationaleThenLabel(let form):
            writing = Writing(maximumTokens: form.maximumTokens, minimumTokens: form.minimumTokens, stops: form.stops)
            sampler = try TokenSampler(sampling: ask.sampling, seed: ask.seed, grammar: nil, model: model)
            stage = .write
            pending = prompt.tokens[...]
        case .freeText(let form):
            writing = Writing(maximumTokens: form.maximumTokens, minimumTokens: 0, stops: form.stops)
            sampler = try TokenSampler(sampling: ask.sampling, seed: ask.seed, grammar: form.grammar, model: model)
            stage = .write
            pending = prompt.tokens[...]
        case .labelOnly:
            writing = Writing(maximumTokens: 0, minimumTokens: 0, stops: [])
            sampler = nil
            stage = .weigh(node: 0)
            pending = (prompt.tokens + (prompt.labels?.forced ?? []))[...]
            root = pending.count
            innerLeft = prompt.labels?.inner ?? []
        }
    }

    /// Cells of the cache that the job may come to fill.
    var reservation: Int { prompt.tokens.count + prompt.reserve }

    /// Notes that the cache now holds the next `count` tokens.
    mutating func didRead(_ count: Int) {
        position += count
        readTokens += count
        pending = pending.dropFirst(count)
    }

    /// Goes on with the logits of the last pending token.
    mutating func advance(row: Int, context: LlamaContext, vocabulary: Vocabulary) -> Step {
        switch stage {
        case .write: write(row: row, context: context, vocabulary: vocabulary)
        case .weigh(let node): weigh(node: node, row: row, context: context)
        }
    }

    private mutating func write(row: Int, context: LlamaContext, vocabulary: Vocabulary) -> Step {
        guard let sampler else { return failed("an ask without text reached the sampler") }
        if writing.maximumTokens == 0 { return endText(.length, vocabulary: vocabulary) }
        let token: Vocabulary.Token?
        if sampler.hasGrammar {
            token = unsafe context.withLogits(row: row) { unsafe sampler.sampleWithGrammar($0) } ?? nil
            if token == nil { return failed("the grammar allows no token after '\(writing.text)'") }
        } else {
            if writing.tokens.count < writing.minimumTokens {
                _ = unsafe context.withLogits(row: row) { logits in
                    for end in vocabulary.ends { unsafe logits[Int(end)] = -.infinity }
                }
            }
            token = context.sample(sampler, row: row)
        }
        guard let token else { return failed("no token could be drawn") }
        if vocabulary.endsText(token) { return endText(.stop, vocabulary: vocabulary) }
        if writing.append(token, bytes: vocabulary.bytes(of: token)) { return endText(.stop, vocabulary: vocabulary) }
        if writing.tokens.count >= writing.maximumTokens { return endText(.length, vocabulary: vocabulary) }
        pending = [token]
        return .read(rewound: false)
    }

    /// The text is whole: hand it out, or put the marker behind it and weigh the labels.
    private mutating func endText(_ finish: Answer.Finish, vocabulary: Vocabulary) -> Step {
        writing.finish = finish
        guard let labels = prompt.labels else {
            return .finished(.success(answer(label: nil, distribution: nil)))
        }
        let (kept, rest) = writing.settle()
        let inCache = position - prompt.tokens.count
        var next = vocabulary.tokens(ofText: rest) + labels.forced
        var start = prompt.tokens.count + kept
        if kept > inCache {
            // The last token was drawn and never read.
            next.insert(contentsOf: writing.tokens[inCache..<kept], at: 0)
            start = position
        }
        if next.isEmpty {
            // Nothing stands before the labels: the last token is read again for its logits.
            start -= 1
            next = [kept > 0 ? writing.tokens[kept - 1] : prompt.tokens[prompt.tokens.count - 1]]
        }
        position = start
        pending = next[...]
        root = start + next.count
        innerLeft = labels.inner
        stage = .weigh(node: 0)
        return .read(rewound: true)
    }

    private mutating func weigh(node: Int, row: Int, context: LlamaContext) -> Step {
        guard let labels = prompt.labels else { return failed("labels were weighed without a scale") }
        let tokens = labels.nodes[node].children.map { labels.nodes[$0].token }
        guard let values = unsafe context.withLogits(row: row, { unsafe LogProbabilities.of(tokens, logits: $0) })
        else {
            return failed("the engine gave no logits for the labels")
        }
        guard values.allSatisfy(\.isFinite) || values.contains(where: \.isFinite) else {
            return failed("the model's logits are not numbers; the weights may be damaged")
        }
        logProbabilities[node] = values
        innerLeft.removeAll { $0 == node }
        if let next = innerLeft.first {
            position = root
            pending = labels.path(to: next)[...]
            stage = .weigh(node: next)
            return .read(rewound: true)
        }
        let distribution = LabelDistribution(labels: labels.labels, weights: labels.weights(logProbabilities))
        let label: String
        if ask.sampling.temperature > 0 {
            var generator = SplitMix64(seed: SplitMix64.derive(ask.seed, "label"))
            label = distribution.tempered(ask.sampling.temperature).draw(at: generator.nextUnit())
        } else {
            label = distribution.mostProbable
        }
        return .finished(.success(answer(label: label, distribution: distribution)))
    }

    private func answer(label: String?, distribution: LabelDistribution?) -> Answer {
        let usage = Usage(prompt: prompt.tokens.count, cached: 0, generated: writing.tokens.count)
        let text: String
        var rationale: String?
        switch ask.format {
        case .rationaleThenLabel(let form):
            rationale = (form.lead + writing.text).trimmed
            text = form.opening + form.lead + writing.text + form.marker + (label ?? "")
        case .labelOnly(let form):
            text = form.opening + (label ?? "")
        case .freeText(let form):
            text = form.opening + writing.text
        }
        return Answer(
            rationale: rationale,
            label: label,
            distribution: distribution,
            text: text,
            usage: usage,
            finish: prompt.labels != nil && writing.maximumTokens == 0 && writing.tokens.isEmpty
                ? .label : writing.finish,
            truncatedTokens: prompt.truncatedTokens
        )
    }

    private func failed(_ message: String) -> Step {
        .finished(.failure(LanguageModelError(code: .engine, message: message, raw: writing.text)))
    }
}
