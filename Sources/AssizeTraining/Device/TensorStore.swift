internal import CLlama

/// Tensors that outlive a graph: weights, adapter parameters, their gradients, activations.
@safe
final class TensorStore {
    private let context: OpaquePointer
    private let buffer: OpaquePointer
    private let device: Device
    private let tensors: [String: Tensor]
    /// The bytes taken on the device.
    let byteCount: Int

    /// What a tensor will be.
    struct Layout {
        let name: String
        let type: ggml_type
        let dimensions: [Int]
        /// The tensor that this one is a part of, and where it begins there, in bytes.
        var part: (of: String, offset: Int)?
    }

    /// Allocates tensors, all of whose bytes are zero at first.
    ///
    /// - Parameters:
    ///   - layouts: What to allocate; a part must come after the tensor it is part of.
    ///   - device: Where.
    ///
    /// - Throws: ``AssizeTrainingError`` when memory is short.
    init(_ layouts: [Layout], on device: Device) throws(AssizeTrainingError) {
        precondition(!layouts.isEmpty)
        let parameters = unsafe ggml_init_params(
            mem_size: ggml_tensor_overhead() * (layouts.count + 1),
            mem_buffer: nil,
            no_alloc: true
        )
        let context = unsafe ggml_init(parameters)
        guard let context = unsafe context else {
            throw AssizeTrainingError(code: .engine, message: "no memory for \(layouts.count) tensors")
        }
        var tensors: [String: Tensor] = [:]
        for layout in layouts {
            var sizes = layout.dimensions.map(Int64.init)
            while sizes.count < 2 { sizes.append(1) }
            let made: UnsafeMutablePointer<ggml_tensor>?
            if let part = layout.part, let whole = tensors[part.of] {
                unsafe made = ggml_view_2d(
                    context,
                    whole.pointer,
                    sizes[0],
                    sizes[1],
                    ggml_row_size(layout.type, sizes[0]),
                    part.offset
                )
            } else {
                unsafe made = ggml_new_tensor(context, layout.type, Int32(sizes.count), &sizes)
            }
            guard let made = unsafe made else { preconditionFailure("the context was made for these tensors") }
            tensors[layout.name] = unsafe Tensor(made)
        }
        guard let buffer = unsafe ggml_backend_alloc_ctx_tensors(context, device.backend) else {
            let bytes = layouts.filter { $0.part == nil }.reduce(0) { $0 + (tensors[$1.name]?.byteCount ?? 0) }
            unsafe ggml_free(context)
            throw AssizeTrainingError(
                code: .engine,
                message:
                    "\(device.name) has no room for \(bytes >> 20) MiB of tensors; use a smaller model or shorter rows"
            )
        }
        unsafe ggml_backend_buffer_clear(buffer, 0)
        unsafe self.context = context
        unsafe self.buffer = buffer
        self.device = device
        self.tensors = tensors
        byteCount = unsafe ggml_backend_buffer_get_size(buffer)
    }

    deinit {
        unsafe ggml_backend_buffer_free(buffer)
        unsafe ggml_free(context)
    }

    /// The tensor of that name, which must be among those the store was made with.
    subscript(name: String) -> Tensor {
        guard let tensor = tensors[name] else { preconditionFailure("no tensor \(name) in this store") }
        return tensor
    }

    /// The tensor of that name, if there is one.
    func find(_ name: String) -> Tensor? { tensors[name] }

    /// Puts a graph's node into this store's memory, at an offset inside one of its tensors.
    func place(_ node: Tensor, in name: String, at offset: Int) {
        let home = self[name]
        precondition(offset >= 0 && offset + node.byteCount <= home.byteCount)
        guard let base = unsafe home.pointer.pointee.data else { return }
        let status = unsafe ggml_backend_tensor_alloc(buffer, node.pointer, base + offset)
        precondition(status == GGML_STATUS_SUCCESS)
    }

    /// Sets every byte of a tensor to zero.
    func clear(_ name: String) {
        let tensor = self[name]
        unsafe ggml_backend_tensor_memset(tensor.pointer, 0, 0, tensor.byteCount)
    }
}
