/// A value of GGUF metadata that is to be written.
enum GGUFValue: Sendable, Hashable {
    /// A text without zero bytes.
    case string(String)
    /// A truth value.
    case bool(Bool)
    /// A whole number of 32 bits without a sign, GGUF's usual one.
    case uint32(UInt32)
    /// A whole number of 32 bits with a sign.
    case int32(Int32)
    /// A whole number of 64 bits without a sign.
    case uint64(UInt64)
    /// A 32-bit float.
    case float(Float)
    /// An array of texts.
    case strings([String])
    /// An array of whole numbers with a sign.
    case int32s([Int32])
    /// An array of 32-bit floats.
    case floats([Float])
}
