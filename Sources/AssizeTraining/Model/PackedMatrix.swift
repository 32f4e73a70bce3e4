internal import CKernels

/// A matrix as panels for our own products.
@safe
final class PackedMatrix {
    /// How its numbers are held.
    enum Format: Hashable, Sendable {
        /// 32-bit floats: exact.
        case float32
        /// BF16: half the memory, and the fast products of processors that have them.
        case bfloat16

        var code: Int32 {
            switch self {
            case .float32: Int32(ASSIZE_F32)
            case .bfloat16: Int32(ASSIZE_BF16)
            }
        }
    }

    /// What a product with it gives.
    let outputs: Int
    /// What it takes.
    let inputs: Int
    let format: Format
    let byteCount: Int
    let bytes: UnsafeMutableRawPointer

    /// An empty matrix, to be filled with ``fill(_:first:isTransposed:)``.
    init(outputs: Int, inputs: Int, format: Format) {
        self.outputs = outputs
        self.inputs = inputs
        self.format = format
        byteCount = assize_packed_size(Int64(outputs), Int64(inputs), format.code)
        unsafe bytes = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        unsafe assize_pack_begin(Int64(outputs), Int64(inputs), format.code, bytes)
    }

    deinit {
        unsafe bytes.deallocate()
    }

    /// Packs some rows of a matrix.
    ///
    /// - Parameters:
    ///   - rows: Whole rows, one after the other.
    ///   - first: The first row's number.
    ///   - isTransposed: Whether rows are inputs rather than outputs.
    func fill(_ rows: [Float], first: Int, isTransposed: Bool) {
        let width = isTransposed ? outputs : inputs
        unsafe rows.withUnsafeBufferPointer { buffer in
            unsafe assize_pack_rows(
                buffer.baseAddress,
                Int64(first),
                Int64(buffer.count / width),
                Int64(width),
                isTransposed ? 1 : 0,
                bytes
            )
        }
    }
}

/// An adapter's factors as panels: those of the forward and those of the backward product.
@safe
final class PackedFactors {
    let forward: UnsafeMutableRawPointer
    let backward: UnsafeMutableRawPointer
    /// A by itself, for its own product.
    let down: PackedMatrix
    private let format: PackedMatrix.Format
    private let outputs: Int
    private let inputs: Int
    let rank: Int
    let byteCount: Int

    init(outputs: Int, inputs: Int, rank: Int, format: PackedMatrix.Format) {
        self.outputs = outputs
        self.inputs = inputs
        self.rank = rank
        self.format = format
        let size = assize_packed_lora_size(Int64(outputs), Int64(inputs), Int64(rank))
        unsafe forward = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        // The backward product goes from outputs to inputs.
        let sizeBack = assize_packed_lora_size(Int64(inputs), Int64(outputs), Int64(rank))
        unsafe backward = UnsafeMutableRawPointer.allocate(byteCount: max(size, sizeBack), alignment: 64)
        down = PackedMatrix(outputs: rank, inputs: inputs, format: .float32)
        byteCount = size + max(size, sizeBack) + down.byteCount
    }

    deinit {
        unsafe forward.deallocate()
        unsafe backward.deallocate()
    }

    /// Takes over changed parameters.
    func update(_ factors: LoraFactors) {
        guard let a = unsafe factors.a.floats, let b = unsafe factors.b.floats else { return }
        func pack(_ direction: Int32, _ target: UnsafeMutableRawPointer) {
            unsafe assize_pack_lora(
                a,
                b,
                Int64(outputs),
                Int64(inputs),
                Int64(rank),
                factors.scale,
                direction,
                format.code,
                target
            )
        }
        unsafe pack(0, forward)
        unsafe pack(1, backward)
        unsafe assize_pack_rows(a, 0, Int64(rank), Int64(inputs), 0, down.bytes)
    }
}
