/// What a user may decide about the engine; whatever is `nil` is chosen from the machine and the model.
public struct EngineOptions: Sendable, Hashable {
    /// The longest prompt with its answer, in tokens.
    public var contextTokens: Int?
    /// Sequences that are worked on together.
    ///
    /// 1 answers each ask alone, so that its answer cannot depend on what else is in the batch.
    public var sequences: Int?
    /// Tokens computed together at most.
    public var batchTokens: Int?
    /// Threads of the computation.
    public var threads: Int?
    /// Layers to keep on a GPU, where the engine was built with one; `nil` is all.
    public var gpuLayers: Int?
    /// The name of a chat template that llama.cpp has, used in place of the file's own, such as `chatml`.
    public var chatTemplate: String?

    /// Creates options; without arguments, all is chosen from the machine and the model.
    public init(
        contextTokens: Int? = nil,
        sequences: Int? = nil,
        batchTokens: Int? = nil,
        threads: Int? = nil,
        gpuLayers: Int? = nil,
        chatTemplate: String? = nil
    ) {
        self.contextTokens = contextTokens
        self.sequences = sequences
        self.batchTokens = batchTokens
        self.threads = threads
        self.gpuLayers = gpuLayers
        self.chatTemplate = chatTemplate
    }
}
