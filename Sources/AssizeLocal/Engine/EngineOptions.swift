/// What a user may decide about the engine; whatever is `nil` is chosen from the machine and the model.
public struct EngineOptions: Sendable, Hashable {
    /// The longest prompt with its answer, in tokens.
    public var contextTokens: Int?
    /// Asks that are worked on together.
    public var sequences: Int?
    /// Answers each ask alone and reads its prompt in blocks of a fixed size, so that the same ask gives the same answer to
    /// the last bit whatever else is asked.
    public var isDeterministic: Bool
    /// Tokens computed together at most.
    public var batchTokens: Int?
    /// Threads of the computation.
    public var threads: Int?
    /// Layers to keep on a GPU, where the engine was built with one; `nil` is all.
    public var gpuLayers: Int?
    /// In what form keys and values are kept; `nil` is 16 bits.
    public var cacheType: CacheType?
    /// Whether attention is computed in blocks; `nil` is wherever the engine can.
    public var flashAttention: FlashAttention?
    /// The name of a chat template that llama.cpp has, used in place of the file's own, such as `chatml`.
    public var chatTemplate: String?

    /// Creates options; without arguments, all is chosen from the machine and the model.
    public init(
        contextTokens: Int? = nil,
        sequences: Int? = nil,
        isDeterministic: Bool = false,
        batchTokens: Int? = nil,
        threads: Int? = nil,
        gpuLayers: Int? = nil,
        cacheType: CacheType? = nil,
        flashAttention: FlashAttention? = nil,
        chatTemplate: String? = nil
    ) {
        self.contextTokens = contextTokens
        self.sequences = sequences
        self.isDeterministic = isDeterministic
        self.batchTokens = batchTokens
        self.threads = threads
        self.gpuLayers = gpuLayers
        self.cacheType = cacheType
        self.flashAttention = flashAttention
        self.chatTemplate = chatTemplate
    }
}
