internal import AssizeCore

extension ChatTemplate {
    /// The tokens of a whole dialogue, and which of them the model writes.
    ///
    /// Each answer's tokens follow those of the prompt before it as they would when the model writes it: they are not
    /// joined with what opens the turn. What follows the last answer is left out.
    ///
    /// - Parameters:
    ///   - messages: The turns, in order; at least one is the model's, and not the first.
    ///   - form: How this template lays out answers.
    ///   - vocabulary: The model's vocabulary.
    /// - Returns: The tokens, and where the answers and what ends their turns lie.
    /// - Throws: ``AssizeLocalError`` when the template can't write the messages, or writes a turn otherwise once others
    ///   follow it.
    func conversation(
        _ messages: [Message],
        form: AnswerForm,
        vocabulary: Vocabulary
    ) throws(AssizeLocalError) -> (tokens: [Vocabulary.Token], trained: [Range<Int>]) {
        let answers = messages.indices.filter { messages[$0].role == .assistant }
        guard let last = answers.last, answers.first != 0 else {
            throw AssizeLocalError(
                code: .unknownTemplate,
                message: answers.isEmpty
                    ? "the dialogue has no assistant message; there is nothing to learn"
                    : "the dialogue begins with an assistant message; put the user's before it"
            )
        }
        var writer = PromptWriter(vocabulary: vocabulary)
        var trained: [Range<Int>] = []
        var written = ""
        var next = 0
        for index in answers {
            let opening = try rendered(messages[..<index], answering: true)
            let turn = try rendered(messages[...index], answering: false)
            let stable = opening + form.before + ChatTemplate.standIn(index) + form.closing
            guard opening.utf8.starts(with: written.utf8), turn.utf8.starts(with: stable.utf8) else {
                throw AssizeLocalError(
                    code: .unknownTemplate,
                    message:
                        "the chat template writes earlier turns otherwise once message \(index + 1) follows, so the dialogue "
                        + "can't be learnt as it is read; name another with --chat-template, or split the dialogue"
                )
            }
            let rest = String(decoding: opening.utf8.dropFirst(written.utf8.count), as: UTF8.self)
            try append(rest, messages[next..<index], to: &writer)
            var tokens = vocabulary.tokens(ofText: form.text(messages[index].content), continuing: true)
            // Where a template writes nothing behind an answer, only the dialogue's last one can end.
            if let end = form.end ?? (index == last ? vocabulary.turnEnd : nil) { tokens.append(end) }
            trained.append(writer.append(tokens))
            written = stable
            next = index + 1
        }
        return (writer.finish(), trained)
    }

    private func rendered(_ messages: ArraySlice<Message>, answering: Bool) throws(AssizeLocalError) -> String {
        let turns = messages.indices.map { (messages[$0].role, ChatTemplate.standIn($0)) }
        guard let text = ChatTemplate.render(source, turns, answering: answering) else {
            throw AssizeLocalError(
                code: .unknownTemplate,
                message: "the chat template can't write these messages; name another with --chat-template"
            )
        }
        return text
    }

    private func append(
        _ text: String,
        _ messages: ArraySlice<Message>,
        to writer: inout PromptWriter
    ) throws(AssizeLocalError) {
        var rest = text[...]
        for index in messages.indices {
            guard let place = rest.firstRange(of: ChatTemplate.standIn(index)) else {
                throw AssizeLocalError(
                    code: .unknownTemplate,
                    message:
                        "the chat template has no place for a \(messages[index].role.rawValue) message; name another with --chat-template"
                )
            }
            writer.append(template: String(rest[..<place.lowerBound]))
            writer.append(content: trimsContent ? messages[index].content.trimmed : messages[index].content)
            rest = rest[place.upperBound...]
        }
        writer.append(template: String(rest))
    }
}
