public import AssizeCore

/// Counts prompt tokens with a model's vocabulary alone: quick to load, for plans and estimates.
public struct PromptCounter: Sendable {
    private let template: ChatTemplate
    private let vocabulary: Vocabulary
    /// The longest context the model was trained for, in tokens.
    public let trainedContext: Int

    /// - Throws: ``AssizeLocalError`` when the file can't be read or its chat template is not known.
    public init(path: String, options: EngineOptions = EngineOptions()) throws(AssizeLocalError) {
        let model = try LlamaModel(path: path, content: .vocabulary)
        template = try LocalModel.template(of: model, options: options)
        vocabulary = Vocabulary(model: model)
        trainedContext = model.trainedContext
    }

    /// The tokens of an ask's prompt, before any cut.
    ///
    /// - Throws: ``LanguageModelError`` when the template can't write the messages.
    public func promptTokens(of ask: Ask) throws(LanguageModelError) -> Int {
        try PreparedPrompt(ask: ask, template: template, vocabulary: vocabulary, contextTokens: .max / 2).tokens.count
    }
}
