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

    /// The number of tokens of an ask's prompt, before any cut.
    ///
    /// - Throws: ``LanguageModelError`` when the template can't write the messages.
    public func promptTokens(of ask: Ask) throws(LanguageModelError) -> Int {
        try tokens(of: ask).count
    }

    /// Adds an ask's prompt to a count of shared beginnings.
    ///
    /// - Parameters:
    ///   - ask: The ask; its prompt is counted before any cut.
    ///   - times: How often it is asked: samples of one prompt need to be read as tokens only once.
    ///   - prefixes: The count; all its prompts have to be of the same model.
    /// - Throws: ``LanguageModelError`` when the template can't write the messages.
    public func count(_ ask: Ask, times: Int = 1, into prefixes: inout PrefixCounter) throws(LanguageModelError) {
        prefixes.add(try tokens(of: ask), times: times)
    }

    private func tokens(of ask: Ask) throws(LanguageModelError) -> [Vocabulary.Token] {
        let opening =
            switch ask.format {
            case .rationaleThenLabel(let form): form.opening + form.lead
            case .labelOnly: ""
            case .freeText(let form): form.opening
            }
        do throws(AssizeLocalError) {
            return
                try template.tokens(
                    of: ask.messages,
                    opening: opening,
                    vocabulary: vocabulary,
                    countsContents: false
                )
                .tokens
        } catch {
            throw LanguageModelError(code: .unsupported, message: error.message)
        }
    }
}
