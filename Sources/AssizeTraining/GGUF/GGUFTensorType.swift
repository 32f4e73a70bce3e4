internal import CLlama

/// How the values of a GGUF tensor are stored; the numbers are ggml's.
struct GGUFTensorType: Sendable, Hashable, CustomStringConvertible {
    /// ggml's number of the type.
    let rawValue: UInt32

    /// 32-bit floats.
    static let f32 = GGUFTensorType(GGML_TYPE_F32)
    /// IEEE 16-bit floats.
    static let f16 = GGUFTensorType(GGML_TYPE_F16)
    /// The upper halves of 32-bit floats.
    static let bf16 = GGUFTensorType(GGML_TYPE_BF16)
    /// Blocks of 32 values of 8 bits with one scale.
    static let q8x0 = GGUFTensorType(GGML_TYPE_Q8_0)

    /// Wraps ggml's type.
    init(_ type: ggml_type) {
        rawValue = UInt32(type.rawValue)
    }

    /// ggml's type.
    var native: ggml_type { ggml_type(rawValue) }

    /// ggml's name, such as `q4_K`.
    var description: String {
        unsafe ggml_type_name(native).map { unsafe String(cString: $0) } ?? "type \(rawValue)"
    }

    /// Values that are stored together; rows are whole blocks.
    var blockSize: Int { max(1, Int(ggml_blck_size(native))) }

    /// The bytes of a row; `nil` when the row is not whole blocks, or too long to count.
    ///
    /// - Parameter width: Values in the row.
    /// - Returns: The bytes.
    func rowBytes(_ width: Int) -> Int? {
        guard width >= 0, width.isMultiple(of: blockSize) else { return nil }
        let (bytes, overflow) = (width / blockSize).multipliedReportingOverflow(by: Int(ggml_type_size(native)))
        return overflow ? nil : bytes
    }

    /// Whether values of this type can be turned into floats.
    var isDecodable: Bool {
        unsafe self == .f32 || ggml_get_type_traits(native).pointee.to_float != nil
    }

    /// Whether floats can be turned into values of this type without an importance matrix.
    var isEncodable: Bool {
        GGUFTensorType.encodable.contains(self) && !ggml_quantize_requires_imatrix(native)
    }

    /// The types `ggml_quantize_chunk` knows; it aborts on others.
    private static let encodable = Set(
        [
            GGML_TYPE_F32, GGML_TYPE_F16, GGML_TYPE_BF16, GGML_TYPE_Q4_0, GGML_TYPE_Q4_1, GGML_TYPE_Q5_0,
            GGML_TYPE_Q5_1, GGML_TYPE_Q8_0, GGML_TYPE_MXFP4, GGML_TYPE_Q2_K, GGML_TYPE_Q3_K, GGML_TYPE_Q4_K,
            GGML_TYPE_Q5_K, GGML_TYPE_Q6_K, GGML_TYPE_TQ1_0, GGML_TYPE_TQ2_0, GGML_TYPE_IQ3_XXS, GGML_TYPE_IQ3_S,
            GGML_TYPE_IQ2_S, GGML_TYPE_IQ4_NL, GGML_TYPE_IQ4_XS,
        ]
        .map { GGUFTensorType($0) }
    )
}

extension GGUFTensorType {
    /// Turns this type's bytes into floats.
    ///
    /// - Parameters:
    ///   - bytes: Whole blocks of a type that ``isDecodable``.
    ///   - values: Where the floats go: as many as the bytes hold.
    func decode(_ bytes: RawSpan, into values: inout MutableSpan<Float>) {
        precondition(isDecodable && rowBytes(values.count) == bytes.byteCount, "bytes that are not whole blocks")
        let convert = unsafe ggml_get_type_traits(native).pointee.to_float
        unsafe values.withUnsafeMutableBufferPointer { target in
            unsafe bytes.withUnsafeBytes { source in
                guard let first = target.baseAddress, let start = source.baseAddress, source.count > 0 else { return }
                if let convert = unsafe convert {
                    unsafe convert(start, first, Int64(target.count))
                } else {
                    unsafe UnsafeMutableRawPointer(first).copyMemory(from: start, byteCount: source.count)
                }
            }
        }
    }

    /// Turns rows of floats into this type's bytes.
    ///
    /// - Parameters:
    ///   - values: Whole rows of finite numbers.
    ///   - width: Values in a row; a multiple of ``blockSize``.
    /// - Returns: The bytes of all rows.
    func encoded(_ values: [Float], width: Int) -> [UInt8] {
        guard let rowBytes = rowBytes(width), isEncodable, width > 0, values.count.isMultiple(of: width) else {
            preconditionFailure("rows of \(width) values can't be stored as \(self)")
        }
        let rows = values.count / width
        return unsafe [UInt8](unsafeUninitializedCapacity: rows * rowBytes) { buffer, filled in
            filled = rows * rowBytes
            unsafe values.withUnsafeBufferPointer { source in
                guard let target = buffer.baseAddress, let first = source.baseAddress else { return }
                _ = unsafe ggml_quantize_chunk(native, first, target, 0, Int64(rows), Int64(width), nil)
            }
        }
    }
}
