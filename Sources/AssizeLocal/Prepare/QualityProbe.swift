internal import AssizeCore

/// Compares what two files of weights make of the same judging prompts.
///
/// The original writes the beginning of each rationale. Every format, the original too, then reads that same text, so that
/// distributions are compared at equal positions and nothing hangs on one token drawn otherwise.
struct QualityProbe {
    /// Tokens of a rationale that are compared.
    static let writtenTokens = 24

    let probe: ProbeContext

    /// What a file makes of one prompt and the text behind it.
    private struct Reading {
        /// What was asked of each row: before each written token, and before the label.
        var rows: [Int: NextTokens] = [:]
        var divergences: [Double] = []
        var weights: [Double] = []
    }

    /// Lets the original write, and keeps its distributions.
    ///
    /// - Parameters:
    ///   - prompts: What to judge.
    ///   - template: The model's chat template.
    ///   - progress: Called with the number of prompts done.
    /// - Returns: The distributions of the prompts that fit.
    /// - Throws: ``AssizeLocalError`` when the engine fails or no prompt fits; `CancellationError`.
    func reference(
        _ prompts: [JudgingPrompt],
        template: ChatTemplate,
        progress: (Int) -> Void
    ) throws -> QualityReference {
        var entries: [QualityReference.Entry] = []
        var skipped = 0
        for (index, prompt) in prompts.enumerated() {
            var ask = prompt.ask
            ask.overflow = .truncateMiddle
            let prepared = try? PreparedPrompt(
                ask: ask,
                template: template,
                vocabulary: probe.vocabulary,
                contextTokens: probe.context.capacity
            )
            if let prepared, let labels = prepared.labels {
                let limit = min(QualityProbe.writtenTokens, ask.format.maximumTokens)
                let written = try write(behind: prepared.tokens, limit: limit)
                let reading = try read(prepared.tokens, written, labels, against: nil)
                entries.append(
                    QualityReference.Entry(
                        prompt: prepared.tokens,
                        written: written,
                        labels: labels,
                        scale: prompt.scale,
                        next: reading.rows.sorted { $0.key < $1.key }.map(\.value),
                        distribution: LabelDistribution(labels: labels.labels, weights: reading.weights)
                    )
                )
            } else {
                skipped += 1
            }
            progress(index + 1)
        }
        guard !entries.isEmpty else {
            throw AssizeLocalError(
                code: .invalidOptions,
                message: "none of \(prompts.count) judging prompts fits the context of \(probe.context.capacity) tokens"
            )
        }
        return QualityReference(entries: entries, skipped: skipped)
    }

    /// Reads what the original wrote with other weights.
    ///
    /// - Throws: ``AssizeLocalError`` when the engine fails; `CancellationError`.
    func compare(_ reference: QualityReference, progress: (Int) -> Void) throws -> WeightQuality {
        var divergences: [Double] = []
        var agreed = 0
        var near = 0
        var differences: [Double] = []
        for (index, entry) in reference.entries.enumerated() {
            let reading = try read(entry.prompt, entry.written, entry.labels, against: entry.next)
            let distribution = LabelDistribution(labels: entry.labels.labels, weights: reading.weights)
            divergences += reading.divergences
            let (label, original) = (distribution.mostProbable, entry.distribution.mostProbable)
            if label == original { agreed += 1 }
            if entry.distribution[original] - entry.distribution[label] < WeightQuality.tie { near += 1 }
            if let mine = distribution.expectedScore(on: entry.scale),
                let original = entry.distribution.expectedScore(on: entry.scale)
            {
                differences.append(abs(mine - original))
            }
            progress(index + 1)
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
        return WeightQuality(
            meanDivergence: mean(divergences),
            labelAgreement: Double(agreed) / Double(reference.count),
            nearAgreement: Double(near) / Double(reference.count),
            scoreDifference: differences.isEmpty ? nil : mean(differences),
            prompts: reference.count,
            positions: divergences.count
        )
    }

    /// The most probable continuation of a prompt.
    private func write(behind prompt: [Vocabulary.Token], limit: Int) throws -> [Vocabulary.Token] {
        var written: [Vocabulary.Token] = []
        while written.count < limit {
            var drawn: Vocabulary.Token?
            let last = prompt.count + written.count - 1
            try unsafe probe.read(prompt + written, outputs: [last]) { _, logits in
                drawn = unsafe LogitRow(logits, temperature: 1)?.mostProbable
            }
            guard let token = drawn, !probe.vocabulary.endsText(token) else { break }
            written.append(token)
        }
        return written
    }

    /// Reads a prompt, the text behind it and the labels.
    ///
    /// - Parameters:
    ///   - prompt: The prompt's tokens.
    ///   - written: The text behind it.
    ///   - labels: What may follow the text.
    ///   - reference: The distributions to compare with, one for each written token and one for the label; without them the
    ///     distributions themselves are kept.
    /// - Returns: What the weights make of them.
    /// - Throws: ``AssizeLocalError`` when the engine fails; `CancellationError`.
    private func read(
        _ prompt: [Vocabulary.Token],
        _ written: [Vocabulary.Token],
        _ labels: LabelTree,
        against reference: [NextTokens]?
    ) throws -> Reading {
        let tokens = prompt + written + labels.forced
        let rows = (0..<written.count).map { prompt.count - 1 + $0 } + [tokens.count - 1]
        var reading = Reading()
        var logProbabilities: [Int: [Double]] = [:]
        try unsafe probe.read(tokens, outputs: Set(rows)) { row, logits in
            if let reference {
                let place = row == tokens.count - 1 ? written.count : row - prompt.count + 1
                if let divergence = unsafe reference[place].divergence(of: logits) {
                    reading.divergences.append(divergence)
                }
            } else {
                reading.rows[row] = unsafe NextTokens(logits)
            }
            if row == tokens.count - 1 {
                logProbabilities[0] = unsafe LogProbabilities.of(labels.children(of: 0), logits: logits)
            }
        }
        for branch in labels.branches {
            let all = Set(branch.tokens.indices.map { tokens.count + $0 })
            try unsafe probe.read(tokens + branch.tokens, outputs: all) { index, logits in
                let node = branch.nodes[index - tokens.count]
                logProbabilities[node] = unsafe LogProbabilities.of(labels.children(of: node), logits: logits)
            }
        }
        let expected = written.count + 1
        guard (reference == nil ? reading.rows.count : reading.divergences.count) == expected,
            logProbabilities.values.allSatisfy({ $0.allSatisfy { !$0.isNaN } })
        else {
            throw AssizeLocalError(
                code: .engine,
                message: "the model's logits are not numbers; the weights may be damaged"
            )
        }
        reading.weights = labels.weights(logProbabilities)
        return reading
    }
}

extension LabelTree {
    /// The tokens that may follow a node.
    fileprivate func children(of node: Int) -> [Vocabulary.Token] {
        nodes[node].children.map { nodes[$0].token }
    }
}
