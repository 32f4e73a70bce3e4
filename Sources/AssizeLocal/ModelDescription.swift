/// What a GGUF file says of itself.
public struct ModelDescription: Sendable, Hashable {
    /// The engine's short description, such as `qwen2 1B Q4_K - Medium`.
    public let summary: String
    /// The file's `general.name`.
    public let name: String?
    /// The file's `general.architecture`, such as `qwen2`.
    public let architecture: String?
    /// The file's `general.license`.
    public let licence: String?
    /// The longest context the model was trained for, in tokens.
    public let trainedContext: Int
    /// The number of tokens that the vocabulary has.
    public let vocabularySize: Int
    /// Whether the engine can write the file's chat template; `nil` when it has none.
    public let isTemplateKnown: Bool?
    /// How many tokens some usual labels take, by label; for example 2 where `10` is read as `1` and `0`.
    public let labelTokens: [String: Int]

    /// Reads a file's metadata and vocabulary, not its weights.
    ///
    /// - Throws: ``AssizeLocalError`` when the file is no GGUF that the engine can read.
    public init(path: String) throws(AssizeLocalError) {
        let model = try LlamaModel(path: path, content: .vocabulary)
        let vocabulary = Vocabulary(model: model)
        summary = model.summary
        name = model.metadata("general.name")
        architecture = model.metadata("general.architecture")
        licence = model.metadata("general.license")
        trainedContext = model.trainedContext
        vocabularySize = model.vocabularySize
        isTemplateKnown = model.chatTemplate.map { source in
            (try? ChatTemplate(source: source, origin: path)) != nil
        }
        labelTokens = Dictionary(
            uniqueKeysWithValues: ["1", "5", "10", "A", "B", "Tie", "Yes", "No"]
                .map { ($0, vocabulary.tokens(ofText: $0).count) }
        )
    }
}
