internal import AssizeCore

/// An ask in tokens, checked to fit the context.
struct PreparedPrompt: Sendable {
    let tokens: [Vocabulary.Token]
    /// Prompt tokens that were cut out.
    let truncatedTokens: Int
    /// The labels behind the rationale, or at once; `nil` for free text.
    let labels: LabelTree?
    /// Tokens that the answer may add.
    let reserve: Int

    /// - Throws: ``LanguageModelError`` with code `overLength` when prompt and answer do not fit and the ask does not allow a cut.
    init(ask: Ask, template: ChatTemplate, vocabulary: Vocabulary, contextTokens: Int) throws(LanguageModelError) {
        let opening: String
        let tree: LabelTree?
        switch ask.format {
        case .rationaleThenLabel(let form):
            opening = form.opening + form.lead
            tree = LabelTree(labels: form.labels, behind: form.marker, vocabulary: vocabulary)
        case .labelOnly(let form):
            opening = ""
            tree = LabelTree(labels: form.labels, behind: form.opening, vocabulary: vocabulary)
        case .freeText(let form):
            opening = form.opening
            tree = nil
        }
        if let tree, tree.depth > Scheduler.branchTokenLimit {
            throw LanguageModelError(
                code: .unsupported,
                message:
                    "a label of \(tree.depth) tokens is too long; labels may have \(Scheduler.branchTokenLimit) at most"
            )
        }
        // The marker and a round of the label tree must fit behind the text, and the text's last token, cut at a stop text,
        // may be spelled anew with a few more.
        let branches = tree?.rounds.map { $0.reduce(0) { $0 + $1.tokens.count } }.max() ?? 0
        reserve = ask.format.maximumTokens + (tree.map { $0.forced.count + branches } ?? 0) + 4
        labels = tree

        do {
            let full = try template.tokens(of: ask.messages, opening: opening, vocabulary: vocabulary)
            let excess = full.tokens.count + reserve - contextTokens
            if excess <= 0 {
                tokens = full.tokens
                truncatedTokens = 0
                return
            }
            let sizes = full.contents
            guard let longest = sizes.indices.max(by: { sizes[$0] < sizes[$1] }) else {
                throw PreparedPrompt.overLength(full.tokens.count, reserve, contextTokens)
            }
            // A cut leaves room for the seams, where tokens may fall differently.
            let kept = sizes[longest] - excess - 8
            guard ask.overflow == .truncateMiddle, kept >= 64 else {
                throw PreparedPrompt.overLength(full.tokens.count, reserve, contextTokens)
            }
            var limits = [Int?](repeating: nil, count: sizes.count)
            limits[longest] = kept
            let cut = try template.tokens(of: ask.messages, opening: opening, vocabulary: vocabulary, limits: limits)
            guard cut.tokens.count + reserve <= contextTokens else {
                throw PreparedPrompt.overLength(full.tokens.count, reserve, contextTokens)
            }
            tokens = cut.tokens
            truncatedTokens = full.tokens.count - cut.tokens.count
        } catch let error as AssizeLocalError {
            throw LanguageModelError(code: .unsupported, message: error.message)
        } catch let error as LanguageModelError {
            throw error
        } catch {
            throw LanguageModelError(code: .engine, message: "\(error)")
        }
    }

    private static func overLength(_ prompt: Int, _ reserve: Int, _ context: Int) -> LanguageModelError {
        LanguageModelError(
            code: .overLength,
            message:
                "the prompt has \(prompt) tokens and its answer may take \(reserve); together they pass the context of \(context); "
                + "raise --context, or allow --truncate"
        )
    }
}
