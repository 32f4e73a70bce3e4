internal import CLlama

/// A format of weights that the engine can make from another.
package enum WeightFormat: String, Sendable, Hashable, CaseIterable {
    /// 4-bit values in blocks of 32 with a scale; rearranged for the processor at load.
    case q4 = "q4_0"
    /// 8-bit values in blocks of 32 with a scale.
    case q8 = "q8_0"
    /// 16 bits, with the range of 32.
    case bf16
    /// 16 bits, with more digits and less range.
    case f16

    /// Bits a weight takes, scales counted in.
    package var bitsPerWeight: Double {
        switch self {
        case .q4: 4.5
        case .q8: 8.5
        case .bf16, .f16: 16
        }
    }

    var raw: llama_ftype {
        switch self {
        case .q4: LLAMA_FTYPE_MOSTLY_Q4_0
        case .q8: LLAMA_FTYPE_MOSTLY_Q8_0
        case .bf16: LLAMA_FTYPE_MOSTLY_BF16
        case .f16: LLAMA_FTYPE_MOSTLY_F16
        }
    }
}
