internal import AssizeCore

/// One ask on its way through the engine: write behind the prompt, then weigh the labels.
///
/// It owns neither context nor place in the cache. It says what ``SequenceWork`` to compute and is fed the logits.
struct AskJob {
    let id: Int
    let ask: Ask
    let adapter: Int
    let prompt: PreparedPrompt
    /// What it needs of the scheduler, its first work included.
    let request: Scheduler.Request
    /// Prompt tokens that were in the cache, or being read for another ask, when this one came in.
    var cachedTokens = 0
    private let sampler: TokenSampler?
    private var stage: Stage
    private var writing: Writing
    /// The position behind the last token that its sequence holds.
    private var held: Int
    /// The label tree's branches, in the rounds in which they are computed.
    private var rounds: [[LabelTree.Branch]]
    private var logProbabilities: [Int: [Double]] = [:]

    private enum Stage {
        /// The next logits give a token of the text.
        case write
        /// The next logits belong to the root of the label tree and its first branches.
        case weighRoot
        /// The next logits belong to more branches.
        case weighBranches
    }

    /// What the engine has to do next.
    enum Step {
        case compute(SequenceWork)
        case finished(Result<Answer, LanguageModelError>)
    }

    init(id: Int, ask: Ask, adapter: Int, prompt: PreparedPrompt, model: LlamaModel) throws(AssizeLocalError) {
        self.id = id
        self.ask = ask
        self.adapter = adapter
        self.prompt = prompt
        rounds = prompt.labels?.rounds ?? []
        // The last token of the prompt is the job's own: every job that shares the prompt needs logits behind it.
        let start = prompt.tokens.count - 1
        var work = SequenceWork(start: start, row: [prompt.tokens[start]])
        switch ask.format {
        case .rationaleThenLabel(let form):
            writing = Writing(maximumTokens: form.maximumTokens, minimumTokens: form.minimumTokens, stops: form.stops)
            sampler = try TokenSampler(sampling: ask.sampling, seed: ask.seed, grammar: nil, model: model)
            stage = .write
        case .freeText(let form):
            writing = Writing(maximumTokens: form.maximumTokens, minimumTokens: 0, stops: form.stops)
            sampler = try TokenSampler(sampling: ask.sampling, seed: ask.seed, grammar: form.grammar, model: model)
            stage = .write
        case .labelOnly:
            writing = Writing(maximumTokens: 0, minimumTokens: 0, stops: [])
            sampler = nil
            stage = .weighRoot
            work.row += prompt.labels?.forced ?? []
            work.branches = rounds.first?.map(\.tokens) ?? []
        }
        held = start + work.row.count
        request = Scheduler.Request(
            id: id,
            adapter: adapter,
            prompt: Array(prompt.tokens[..<start]),
            reserve: prompt.reserve + 1,
            work: work
        )
    }

    /// Goes on with the logits of the last work.
    ///
    /// - Parameters:
    ///   - row: The row of logits of the work's last token; `nil` when it had branches alone.
    ///   - branches: For each branch, a row a token.
    ///   - context: Lends the logits.
    ///   - vocabulary: The model's vocabulary.
    /// - Returns: What to compute next, or the answer.
    mutating func advance(row: Int?, branches: [[Int]], context: LlamaContext, vocabulary: Vocabulary) -> Step {
        switch stage {
        case .write:
            guard let row else { return failed("the engine gave no logits for the text") }
            return write(row: row, context: context, vocabulary: vocabulary)
        case .weighRoot:
            guard let row else { return failed("the engine gave no logits for the labels") }
            return weigh([(0, row)], branches: branches, context: context)
        case .weighBranches:
            return weigh([], branches: branches, context: context)
        }
    }

    private mutating func write(row: Int, context: LlamaContext, vocabulary: Vocabulary) -> Step {
        guard let sampler else { return failed("an ask without text reached the sampler") }
        if writing.maximumTokens == 0 { return endText(.length, vocabulary: vocabulary) }
        let banned = writing.tokens.count < writing.minimumTokens ? vocabulary.ends : []
        let drawn = unsafe context.withLogits(row: row) { unsafe sampler.draw(from: $0, banning: banned) }
        guard let token = drawn ?? nil else {
            return failed(
                sampler.hasGrammar
                    ? "the grammar allows no token after '\(writing.text)'"
                    : "no token could be drawn: the model's logits are not numbers; the weights may be damaged"
            )
        }
        if vocabulary.endsText(token) { return endText(.stop, vocabulary: vocabulary) }
        if writing.append(token, bytes: vocabulary.bytes(of: token)) { return endText(.stop, vocabulary: vocabulary) }
        if writing.tokens.count >= writing.maximumTokens { return endText(.length, vocabulary: vocabulary) }
        defer { held += 1 }
        return .compute(SequenceWork(start: held, row: [token]))
    }

    /// The text is whole: hand it out, or put the marker behind it and weigh the labels.
    private mutating func endText(_ finish: Answer.Finish, vocabulary: Vocabulary) -> Step {
        writing.finish = finish
        guard let labels = prompt.labels else {
            return .finished(.success(answer(label: nil, distribution: nil)))
        }
        let (kept, rest) = writing.settle()
        let inCache = held - prompt.tokens.count
        var next = vocabulary.tokens(ofText: rest, continuing: true) + labels.forced
        var start = prompt.tokens.count + kept
        if kept > inCache {
            // The last token was drawn and never read.
            next.insert(contentsOf: writing.tokens[inCache..<kept], at: 0)
            start = held
        }
        if next.isEmpty {
            // Nothing stands before the labels: the last token is read again for its logits.
            start -= 1
            next = [kept > 0 ? writing.tokens[kept - 1] : prompt.tokens[prompt.tokens.count - 1]]
        }
        held = start + next.count
        stage = .weighRoot
        return .compute(SequenceWork(start: start, row: next, branches: rounds.first?.map(\.tokens) ?? []))
    }

    private mutating func weigh(_ root: [(node: Int, row: Int)], branches: [[Int]], context: LlamaContext) -> Step {
        guard let labels = prompt.labels else { return failed("labels were weighed without a scale") }
        var wanted = root
        if !rounds.isEmpty {
            for (branch, rows) in zip(rounds.removeFirst(), branches) {
                wanted += zip(branch.nodes, rows).map { (node: $0, row: $1) }
            }
        }
        for (node, row) in wanted where logProbabilities[node] == nil {
            let tokens = labels.nodes[node].children.map { labels.nodes[$0].token }
            guard let values = unsafe context.withLogits(row: row, { unsafe LogProbabilities.of(tokens, logits: $0) })
            else {
                return failed("the engine gave no logits for the labels")
            }
            guard values.contains(where: \.isFinite), !values.contains(where: \.isNaN) else {
                return failed("the model's logits are not numbers; the weights may be damaged")
            }
            logProbabilities[node] = values
        }
        if let round = rounds.first {
            stage = .weighBranches
            return .compute(SequenceWork(start: held, row: [], branches: round.map(\.tokens)))
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
        let usage = Usage(prompt: prompt.tokens.count, cached: cachedTokens, generated: writing.tokens.count)
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
