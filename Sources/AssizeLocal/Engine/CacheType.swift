internal import CLlama

/// In what form keys and values are kept in the KV cache.
public enum CacheType: String, Sendable, Hashable, Codable, CaseIterable {
    /// 16 bits a value.
    case f16
    /// Blocks of 8-bit values with a scale: half the memory, a little less exact; needs flash attention.
    case q8 = "q8_0"

    /// The bytes a cache takes for what takes `bytes` at 16 bits a value.
    func bytes(forHalfPrecision bytes: Int) -> Int {
        switch self {
        case .f16: bytes
        // A block of 32 values is 32 bytes and a scale of two.
        case .q8: bytes * 34 / 64
        }
    }

    var raw: ggml_type {
        switch self {
        case .f16: GGML_TYPE_F16
        case .q8: GGML_TYPE_Q8_0
        }
    }
}
