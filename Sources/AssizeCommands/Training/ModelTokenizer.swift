internal import AssizeCore
internal import AssizeLocal
internal import AssizeTraining

/// A model's tokenizer as training takes it.
struct ModelTokenizer: TrainingTokenizer {
    let base: ConversationTokenizer

    var beginning: Int32? { base.beginning }

    func conversation(_ messages: [Message]) throws -> TokenText {
        let (tokens, trained) = try base.conversation(messages)
        return TokenText(tokens: tokens, trained: trained)
    }

    func prompt(_ messages: [Message]) throws -> [Int32] { try base.prompt(messages) }

    func answer(_ text: String) -> [Int32] { base.answer(text) }

    func plain(_ text: String, begins: Bool, ends: Bool) -> [Int32] {
        base.plain(text, begins: begins, ends: ends)
    }
}
