internal import CLlama

/// Whether attention is computed in blocks, without the whole matrix of weights.
public enum FlashAttention: String, Sendable, Hashable, Codable, CaseIterable {
    /// Where the engine can do it for this model.
    case automatic = "auto"
    /// Always.
    case on
    /// Never.
    case off

    var raw: llama_flash_attn_type {
        switch self {
        case .automatic: LLAMA_FLASH_ATTN_TYPE_AUTO
        case .on: LLAMA_FLASH_ATTN_TYPE_ENABLED
        case .off: LLAMA_FLASH_ATTN_TYPE_DISABLED
        }
    }
}
