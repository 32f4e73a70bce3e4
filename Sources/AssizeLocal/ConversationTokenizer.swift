public import AssizeCore

/// Turns texts to learn from into tokens, exactly as the engine reads prompts and a model writes answers.
///
/// It loads a model's vocabulary alone, which is quick. No token of a message's content is a special one.
public struct ConversationTokenizer: Sendable {
    let template: ChatTemplate
    let vocabulary: Vocabulary
    private let form: AnswerForm
    /// The longest context the model was trained for, in tokens.
    public let trainedContext: Int
    /// The token put before every text, where the model wants one.
    public let beginning: Int32?

    /// Loads the vocabulary and the chat template of a model.
    ///
    /// - Parameters:
    ///   - path: A `.gguf` file.
    ///   - options: Only the chat template's name counts.
    /// - Throws: ``AssizeLocalError`` when the file can't be read, or answers can't be learnt in its chat template.
    public init(path: String, options: EngineOptions = EngineOptions()) throws(AssizeLocalError) {
        let model = try LlamaModel(path: path, content: .vocabulary)
        try self.init(model: model, template: LocalModel.template(of: model, options: options))
    }

    init(model: LlamaModel, template: ChatTemplate) throws(AssizeLocalError) {
        self.template = template
        vocabulary = Vocabulary(model: model)
        form = try AnswerForm(template, vocabulary: vocabulary)
        trainedContext = model.trainedContext
        beginning = vocabulary.beginning
    }

    /// A whole dialogue through the chat template.
    ///
    /// What the template puts between a content and the token that ends the turn counts as written by the model; what
    /// follows the last answer is left out.
    ///
    /// - Parameter messages: The turns; at least one is the assistant's, and not the first.
    /// - Returns: The tokens, and where each answer and the token that ends its turn lie.
    /// - Throws: ``AssizeLocalError`` when the template can't write the messages, or rewrites turns once others follow.
    public func conversation(_ messages: [Message]) throws(AssizeLocalError) -> (
        tokens: [Int32], trained: [Range<Int>]
    ) {
        try template.conversation(messages, form: form, vocabulary: vocabulary)
    }

    /// A prompt up to and including what opens the model's turn, then `opening` as the model's own words.
    ///
    /// - Parameters:
    ///   - messages: The turns.
    ///   - opening: Text put into the model's mouth; may be empty.
    /// - Returns: The tokens, as the engine reads them.
    /// - Throws: ``AssizeLocalError`` when the template can't write the messages.
    public func prompt(_ messages: [Message], opening: String = "") throws(AssizeLocalError) -> [Int32] {
        try template.tokens(of: messages, opening: opening, vocabulary: vocabulary, countsContents: false).tokens
    }

    /// What the model writes behind a prompt: a content, and the token that ends its turn.
    ///
    /// - Parameter text: The content.
    /// - Returns: The tokens.
    public func answer(_ text: String) -> [Int32] {
        vocabulary.tokens(ofText: form.text(text), continuing: true) + end
    }

    /// Text as it is, without a template.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - begins: Whether nothing stands before it: then ``beginning`` does.
    ///   - ends: Whether the token that ends a turn follows it.
    /// - Returns: The tokens.
    public func plain(_ text: String, begins: Bool = false, ends: Bool = false) -> [Int32] {
        (begins ? beginning.map { [$0] } ?? [] : []) + vocabulary.tokens(ofText: text, continuing: !begins)
            + (ends ? end : [])
    }

    var end: [Int32] { (form.end ?? vocabulary.turnEnd).map { [$0] } ?? [] }
}
