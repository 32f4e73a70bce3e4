internal import AssizeCore

/// How a chat template lays out what the model writes in its turn.
struct AnswerForm: Sendable {
    /// Stands between what opens the turn and the content, such as a space; the model writes it.
    let before: String
    /// Stands between the content and ``end``; the model writes it too.
    let after: String
    /// Ends the turn; `nil` when the template writes no control token there.
    let end: Vocabulary.Token?
    /// ``after`` and the end token as the template spells them.
    let closing: String
    /// Whether white space round the content is taken away.
    let isTrimmed: Bool

    /// Finds out from a dialogue of one question and one answer.
    ///
    /// - Throws: ``AssizeLocalError`` when what opens the turn for the model is not what stands before an answer that is
    ///   there.
    init(_ template: ChatTemplate, vocabulary: Vocabulary) throws(AssizeLocalError) {
        let question = ChatTemplate.standIn(0)
        let answer = ChatTemplate.standIn(1)
        let padded: [(Message.Role, String)] = [(.user, question), (.assistant, " \(answer) ")]
        guard
            let opening = ChatTemplate.render(template.source, [(.user, question)], answering: true),
            let whole = ChatTemplate.render(
                template.source,
                [(.user, question), (.assistant, answer)],
                answering: false
            ),
            let spaced = ChatTemplate.render(template.source, padded, answering: false),
            whole.utf8.starts(with: opening.utf8)
        else {
            throw AnswerForm.unfit
        }
        let turn = String(decoding: whole.utf8.dropFirst(opening.utf8.count), as: UTF8.self)
        guard let place = turn.firstRange(of: answer) else { throw AnswerForm.unfit }
        before = String(turn[..<place.lowerBound])
        guard !vocabulary.hasMarkup(inTemplate: before) else { throw AnswerForm.unfit }
        isTrimmed = !spaced.contains(" \(answer) ")
        if let found = vocabulary.firstControl(inTemplate: String(turn[place.upperBound...])) {
            (after, end, closing) = (found.before, found.token, found.whole)
        } else {
            (after, end, closing) = ("", nil, "")
        }
    }

    /// All that the model writes before the end of its turn.
    func text(_ content: String) -> String {
        before + (isTrimmed ? content.trimmed : content) + after
    }

    private static var unfit: AssizeLocalError {
        AssizeLocalError(
            code: .unknownTemplate,
            message:
                "the chat template opens a turn for the model otherwise than it writes one that is there, so answers can't be "
                + "learnt in it; name another with --chat-template"
        )
    }
}
