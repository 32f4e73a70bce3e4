internal import CLlama

/// A node or a leaf of a ggml graph.
///
/// Dimensions are ggml's: the first one lies contiguous in memory, so a matrix of `rows` vectors of `width` values is
/// `[width, rows]`. A tensor lives as long as the ``TensorStore`` or ``GraphBuilder`` that made it; both outlive every graph
/// they are used in.
@safe
struct Tensor {
    let pointer: UnsafeMutablePointer<ggml_tensor>

    init(_ pointer: UnsafeMutablePointer<ggml_tensor>) {
        unsafe self.pointer = pointer
    }

    /// The four sizes; those that are not used are 1.
    var dimensions: [Int] {
        let sizes = unsafe pointer.pointee.ne
        return [Int(sizes.0), Int(sizes.1), Int(sizes.2), Int(sizes.3)]
    }

    /// Values in all.
    var count: Int { dimensions.reduce(1, *) }

    /// Bytes from one step to the next, for each dimension.
    var strides: [Int] {
        let sizes = unsafe pointer.pointee.nb
        return [Int(sizes.0), Int(sizes.1), Int(sizes.2), Int(sizes.3)]
    }

    /// The bytes of all values.
    var byteCount: Int { unsafe ggml_nbytes(pointer) }

    var type: ggml_type { unsafe pointer.pointee.type }

    /// The first value's address on a CPU; only for tensors whose memory is there.
    var data: UnsafeMutableRawPointer? { unsafe pointer.pointee.data }
}

extension Tensor {
    /// Copies values into the tensor's memory, wherever that is.
    func write<Value: BitwiseCopyable>(_ values: [Value]) {
        precondition(values.count * MemoryLayout<Value>.stride == byteCount)
        unsafe values.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe ggml_backend_tensor_set(pointer, base, 0, bytes.count)
        }
    }

    /// Copies values out of the tensor's memory.
    func readFloats() -> [Float] {
        precondition(type == GGML_TYPE_F32)
        return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            if let base = buffer.baseAddress, count > 0 { unsafe ggml_backend_tensor_get(pointer, base, 0, byteCount) }
            filled = count
        }
    }
}
