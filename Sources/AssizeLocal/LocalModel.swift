public import AssizeCore
internal import CLlama

/// A GGUF model run in this process by llama.cpp.
public final class LocalModel: LanguageModel {
    /// The name asked for, the digests of weights and chat template, and the engine's version.
    public let identity: ModelIdentity
    private let engine: Engine
    private let template: ChatTemplate
    private let vocabulary: Vocabulary

    /// Loads the weights and makes the context; takes seconds and blocks, so call it off the main path.
    ///
    /// - Parameters:
    ///   - path: A `.gguf` file; of a split model, its first part.
    ///   - name: The name the model was asked for by, kept in its identity.
    ///   - sha256: The digest of the file, kept in its identity.
    ///   - options: What the caller decides about the engine; the rest is chosen from the machine and the model.
    /// - Throws: ``AssizeLocalError`` when the file can't be used, has no chat template the engine knows, or the options are
    ///   out of range.
    public init(path: String, name: String, sha256: ContentHash?, options: EngineOptions = EngineOptions())
        throws(AssizeLocalError)
    {
        let model = try LlamaModel(path: path, content: .weights, gpuLayers: options.gpuLayers ?? -1)
        guard model.isDecoder else {
            throw AssizeLocalError(
                code: .unreadableModel,
                message: "\(path) is not a model that writes text from left to right; a judge must be one"
            )
        }
        let plan = try EnginePlan(
            options: options,
            trainedContext: model.trainedContext,
            cacheBytesPerToken: model.cacheBytesPerToken,
            cores: EnginePlan.availableCores
        )
        template = try LocalModel.template(of: model, options: options)
        vocabulary = Vocabulary(model: model)
        engine = try Engine(model: model, vocabulary: vocabulary, template: template, plan: plan)
        identity = ModelIdentity(
            model: name,
            sha256: sha256,
            template: ContentHash(of: template.source),
            engine: LocalModel.engineVersion
        )
    }

    /// Answers an ask on the engine's own thread, together with others that wait.
    ///
    /// - Throws: ``LanguageModelError``; `unsupported` when template or grammar can't serve the ask.
    public func answer(_ ask: Ask) async throws(LanguageModelError) -> Answer {
        try await engine.answer(ask)
    }

    /// The tokens of an ask's prompt, before any cut; counted without the engine's thread.
    ///
    /// - Throws: ``LanguageModelError`` when the template can't write the messages.
    public func promptTokens(of ask: Ask) async throws(LanguageModelError) -> Int {
        let prompt = try PreparedPrompt(ask: ask, template: template, vocabulary: vocabulary, contextTokens: .max / 2)
        return prompt.tokens.count
    }

    /// The sizes the engine runs with, as one line for `-v`.
    public var planSummary: String {
        let plan = engine.plan
        return
            "context \(plan.contextTokens) tokens, KV cache \(plan.cacheTokens) tokens, \(plan.sequences) sequences, "
            + "batch \(plan.batchTokens) tokens, \(plan.threads) threads"
    }

    /// The engine's name and version.
    public static var engineVersion: String {
        guard let version = unsafe llama_version() else { return "llama.cpp" }
        return "llama.cpp \(unsafe String(cString: version))"
    }

    static func template(of model: LlamaModel, options: EngineOptions) throws(AssizeLocalError) -> ChatTemplate {
        if let name = options.chatTemplate {
            return try ChatTemplate(source: name, origin: "--chat-template '\(name)'")
        }
        guard let source = model.chatTemplate else {
            throw AssizeLocalError(
                code: .unknownTemplate,
                message:
                    "\(model.path) has no chat template; name one with --chat-template (\(ChatTemplate.builtInNames.joined(separator: ", ")))"
            )
        }
        return try ChatTemplate(source: source, origin: model.path)
    }
}
