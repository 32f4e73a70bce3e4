public import AssizeCore

extension ConversationTokenizer {
    /// A judgment as the engine would have read and written it.
    ///
    /// The prompt is the engine's, with the words it puts into the model's mouth. The answer is the rationale without white
    /// space at its end, then marker and label as the engine spells them, and the token that ends the turn. Of a label alone
    /// the words before it belong to the prompt.
    ///
    /// - Parameters:
    ///   - ask: What was asked; its prompt is not cut.
    ///   - rationale: The rationale as an answer has it: with the format's lead at its start, where there is one. Not read
    ///     where the label alone is asked for.
    ///   - label: One of the format's labels.
    /// - Returns: The tokens that are read and those that are written.
    /// - Throws: ``LanguageModelError`` for a label that is not on the scale, a rationale that the format could not have
    ///   brought forth, or messages that the template can't write.
    public func judgment(
        of ask: Ask,
        rationale: String,
        label: String
    ) throws(LanguageModelError) -> (prompt: [Int32], answer: [Int32]) {
        let prompt = try PreparedPrompt(
            ask: ask,
            template: template,
            vocabulary: vocabulary,
            contextTokens: .max / 2
        )
        guard let tree = prompt.labels, let spelled = tree.tokens(of: label) else {
            throw LanguageModelError(
                code: .unsupported,
                message:
                    "the label '\(label)' is none of those asked for (\(ask.format.labels.joined(separator: ", ")))"
            )
        }
        switch ask.format {
        case .rationaleThenLabel(let form):
            let text = try form.written(rationale)
            let tokens = vocabulary.tokens(ofText: text, continuing: true)
            guard tokens.count <= form.maximumTokens else {
                throw LanguageModelError(
                    code: .overLength,
                    message: "the rationale has \(tokens.count) tokens; the format allows \(form.maximumTokens)"
                )
            }
            return (prompt.tokens, tokens + tree.forced + spelled + end)
        case .labelOnly, .freeText:
            return (prompt.tokens + tree.forced, spelled + end)
        }
    }
}

extension AnswerFormat.RationaleThenLabel {
    /// What the model writes of a rationale behind opening and lead.
    ///
    /// - Throws: ``LanguageModelError`` when the rationale has not the lead, or holds a text that would have ended it.
    fileprivate func written(_ rationale: String) throws(LanguageModelError) -> String {
        let whole = rationale.trimmed
        let first = String(lead.drop(while: \.isWhitespace))
        guard whole.utf8.starts(with: first.utf8) || whole.utf8.elementsEqual(first.trimmed.utf8) else {
            throw LanguageModelError(
                code: .unsupported,
                message: "the rationale does not begin with '\(first)', as the recipe makes every rationale begin"
            )
        }
        if let stop = stops.first(where: { !$0.isEmpty && whole.contains($0) }) {
            throw LanguageModelError(
                code: .unsupported,
                message:
                    "the rationale holds '\(stop.replacing("\n", with: "\\n"))', which ends a rationale in this format"
            )
        }
        let rest = String(decoding: whole.utf8.dropFirst(first.utf8.count), as: UTF8.self)
        let before = opening + lead
        let isApart = !first.isEmpty || rest.isEmpty || before.isEmpty || before.last?.isWhitespace == true
        return isApart ? rest : " " + rest
    }
}
