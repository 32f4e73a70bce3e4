internal import CLlama

/// One ggml graph while it is built: the operations that training needs, as methods.
///
/// Nothing is computed before ``Device/compute(_:)``. Operands may come from any ``TensorStore``; the builder keeps what its
/// operations of our own need alive.
@safe
final class GraphBuilder {
    private let context: OpaquePointer
    let graph: OpaquePointer
    /// What operations of our own read while the graph is computed.
    private var retained: [AnyObject] = []

    /// - Parameter capacity: The most nodes and leaves that the graph will hold.
    init(capacity: Int = 1024) {
        let bytes =
            ggml_tensor_overhead() * capacity + ggml_graph_overhead_custom(capacity, false)
        let parameters = unsafe ggml_init_params(mem_size: bytes, mem_buffer: nil, no_alloc: true)
        guard let context = unsafe ggml_init(parameters),
            let graph = unsafe ggml_new_graph_custom(context, capacity, false)
        else {
            fatalError("no memory for a graph of \(capacity) nodes")
        }
        unsafe self.context = context
        unsafe self.graph = graph
    }

    deinit {
        unsafe ggml_free(context)
    }

    /// Lets go of what operations of our own read; the graph can't be computed afterwards.
    func discard() { retained = [] }

    var nodes: Int { Int(unsafe ggml_graph_n_nodes(graph)) }

    /// Makes the graph compute this tensor.
    func require(_ tensor: Tensor) {
        unsafe ggml_build_forward_expand(graph, tensor.pointer)
    }

    /// A leaf whose memory is given later, with ``TensorStore/place(_:in:at:)``.
    func leaf(_ dimensions: [Int], type: ggml_type = GGML_TYPE_F32) -> Tensor {
        var sizes = dimensions.map(Int64.init)
        return unsafe made(ggml_new_tensor(context, type, Int32(sizes.count), &sizes))
    }

    /// Values of our own, kept on the device as long as the graph.
    ///
    /// - Returns: A leaf that holds them.
    func constant(_ values: [Float], _ dimensions: [Int], on device: Device) -> Tensor {
        do throws(AssizeTrainingError) {
            let store = try TensorStore(
                [.init(name: "constant", type: GGML_TYPE_F32, dimensions: dimensions)],
                on: device
            )
            retained.append(store)
            store["constant"].write(values)
            return store["constant"]
        } catch {
            fatalError(error.message)
        }
    }

    /// An operation of our own, computed by all threads together; on a processor only.
    ///
    /// - Parameters:
    ///   - dimensions: The result's sizes; it holds 32-bit floats.
    ///   - operands: What must be computed before; at most nine.
    ///   - kernel: Called on each thread with the result, the thread's number and the count of threads. The operands' memory
    ///     is known when it runs, not before.
    /// - Returns: The result.
    func custom(_ dimensions: [Int], of operands: [Tensor], kernel: @escaping Kernel.Body) -> Tensor {
        let kernel = Kernel(kernel)
        retained.append(kernel)
        var sizes = dimensions.map(Int64.init)
        while sizes.count < 4 { sizes.append(1) }
        var sources = unsafe operands.map { unsafe Optional($0.pointer) }
        return unsafe made(
            ggml_custom_4d(
                context,
                GGML_TYPE_F32,
                sizes[0],
                sizes[1],
                sizes[2],
                sizes[3],
                &sources,
                Int32(sources.count),
                Kernel.function,
                GGML_N_TASKS_MAX,
                Unmanaged.passUnretained(kernel).toOpaque()
            )
        )
    }

    /// An operation of our own that changes a tensor's memory; everything that reads the result reads the changed values.
    ///
    /// - Parameters:
    ///   - tensor: What is changed; nothing else may read it.
    ///   - kernel: As in ``custom(_:of:kernel:)``.
    /// - Returns: The changed tensor.
    func changed(_ tensor: Tensor, kernel: @escaping Kernel.Body) -> Tensor {
        let kernel = Kernel(kernel)
        retained.append(kernel)
        var sources: [UnsafeMutablePointer<ggml_tensor>?] = unsafe []
        return unsafe made(
            ggml_custom_inplace(
                context,
                tensor.pointer,
                &sources,
                0,
                Kernel.function,
                GGML_N_TASKS_MAX,
                Unmanaged.passUnretained(kernel).toOpaque()
            )
        )
    }

    /// A part of a flat tensor as a matrix, in the same memory.
    ///
    /// - Parameters:
    ///   - a: A contiguous tensor.
    ///   - dimensions: Width and rows.
    ///   - offset: Where it begins, in floats.
    /// - Returns: The part.
    func part(_ a: Tensor, _ dimensions: [Int], at offset: Int) -> Tensor {
        unsafe made(
            ggml_view_2d(
                context,
                a.pointer,
                Int64(dimensions[0]),
                Int64(dimensions[1]),
                dimensions[0] * 4,
                offset * 4
            )
        )
    }

    private func made(_ pointer: UnsafeMutablePointer<ggml_tensor>?) -> Tensor {
        guard let pointer = unsafe pointer else { preconditionFailure("ggml makes a tensor or ends the program") }
        return unsafe Tensor(pointer)
    }
}

// Products and sums.
extension GraphBuilder {
    /// `result[i, j] = sum over k of a[k, i] b[k, j]`; `a`'s third dimension repeats to fit `b`'s.
    func product(_ a: Tensor, _ b: Tensor) -> Tensor {
        unsafe made(ggml_mul_mat(context, a.pointer, b.pointer))
    }

    /// `result[i, j] = sum over k of a[i, k] b[j, k]`.
    func outerProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
        unsafe made(ggml_out_prod(context, a.pointer, b.pointer))
    }

    /// The sum; `b` repeats to fit `a`.
    func sum(_ a: Tensor, _ b: Tensor) -> Tensor { unsafe made(ggml_add(context, a.pointer, b.pointer)) }

    /// Adds `b` to `a`'s own memory.
    func accumulate(_ b: Tensor, into a: Tensor) -> Tensor {
        unsafe made(ggml_add_inplace(context, a.pointer, b.pointer))
    }

    /// The difference; `b` repeats to fit `a`.
    func difference(_ a: Tensor, _ b: Tensor) -> Tensor { unsafe made(ggml_sub(context, a.pointer, b.pointer)) }

    /// The element-wise product; `b` repeats to fit `a`.
    func elementwise(_ a: Tensor, _ b: Tensor) -> Tensor { unsafe made(ggml_mul(context, a.pointer, b.pointer)) }

    /// The element-wise quotient; `b` repeats to fit `a`.
    func quotient(_ a: Tensor, _ b: Tensor) -> Tensor { unsafe made(ggml_div(context, a.pointer, b.pointer)) }

    func scaled(_ a: Tensor, by factor: Float) -> Tensor {
        factor == 1 ? a : unsafe made(ggml_scale(context, a.pointer, factor))
    }

    /// The sum of each row: `[1, rows]`.
    func rowSums(_ a: Tensor) -> Tensor { unsafe made(ggml_sum_rows(context, a.pointer)) }

    /// Sums what repeating `shape` to `a`'s sizes would have copied.
    func summedBack(_ a: Tensor, to shape: Tensor) -> Tensor {
        unsafe made(ggml_repeat_back(context, a.pointer, shape.pointer))
    }
}

// Functions of one value.
extension GraphBuilder {
    func exponential(_ a: Tensor) -> Tensor { unsafe made(ggml_exp(context, a.pointer)) }
    func logarithm(_ a: Tensor) -> Tensor { unsafe made(ggml_log(context, a.pointer)) }
    func sigmoidLinear(_ a: Tensor) -> Tensor { unsafe made(ggml_silu(context, a.pointer)) }

    /// The gradient of ``sigmoidLinear(_:)`` at `x`.
    func sigmoidLinearBack(_ gradient: Tensor, at x: Tensor) -> Tensor {
        unsafe made(ggml_silu_back(context, gradient.pointer, x.pointer))
    }

    /// Each row divided by the root of its mean square.
    func rootMeanSquareNorm(_ a: Tensor, epsilon: Float) -> Tensor {
        unsafe made(ggml_rms_norm(context, a.pointer, epsilon))
    }

    /// The gradient of ``rootMeanSquareNorm(_:epsilon:)`` at `x`.
    func rootMeanSquareNormBack(_ gradient: Tensor, at x: Tensor, epsilon: Float) -> Tensor {
        unsafe made(ggml_rms_norm_back(context, gradient.pointer, x.pointer, epsilon))
    }

    /// Softmax of `scale a + mask` over each row.
    func softmax(_ a: Tensor, mask: Tensor?, scale: Float) -> Tensor {
        let mask = unsafe mask?.pointer
        return unsafe made(ggml_soft_max_ext(context, a.pointer, mask, scale, 0))
    }

    /// The gradient of ``softmax(_:mask:scale:)`` whose result was `result`.
    func softmaxBack(_ gradient: Tensor, of result: Tensor, scale: Float) -> Tensor {
        unsafe made(ggml_soft_max_ext_back(context, gradient.pointer, result.pointer, scale, 0))
    }

    /// Each row's place of its largest value, as 32-bit integers.
    func largestPlaces(_ a: Tensor) -> Tensor { unsafe made(ggml_argmax(context, a.pointer)) }
}

// Shapes and rows.
extension GraphBuilder {
    /// The same values with other sizes; they must be contiguous.
    func reshaped(_ a: Tensor, _ dimensions: [Int]) -> Tensor {
        let sizes = dimensions.map(Int64.init) + [1, 1, 1]
        return unsafe made(
            unsafe dimensions.count <= 2
                ? ggml_reshape_2d(context, a.pointer, sizes[0], sizes[1])
                : ggml_reshape_3d(context, a.pointer, sizes[0], sizes[1], sizes[2])
        )
    }

    /// The same memory read with its dimensions in another order: dimension `i` goes to place `order[i]`.
    func permuted(_ a: Tensor, _ order: (Int, Int, Int, Int)) -> Tensor {
        unsafe made(
            unsafe ggml_permute(
                context,
                a.pointer,
                Int32(order.0),
                Int32(order.1),
                Int32(order.2),
                Int32(order.3)
            )
        )
    }

    /// A contiguous copy.
    func contiguous(_ a: Tensor) -> Tensor { unsafe made(ggml_cont(context, a.pointer)) }

    /// A contiguous copy with the first two dimensions exchanged.
    func transposed(_ a: Tensor) -> Tensor { contiguous(unsafe made(ggml_transpose(context, a.pointer))) }

    /// A part of a matrix's rows, in the same memory.
    func rows(_ a: Tensor, from first: Int, count: Int) -> Tensor {
        let sizes = a.dimensions
        return unsafe made(
            unsafe ggml_view_2d(
                context,
                a.pointer,
                Int64(sizes[0]),
                Int64(count),
                a.strides[1],
                first * a.strides[1]
            )
        )
    }

    /// A part of a vector, in the same memory.
    func elements(_ a: Tensor, from first: Int, count: Int) -> Tensor {
        unsafe made(ggml_view_1d(context, a.pointer, Int64(count), first * a.strides[0]))
    }

    /// The rows with these numbers, as 32-bit floats.
    func gathered(_ a: Tensor, rows: Tensor) -> Tensor {
        unsafe made(ggml_get_rows(context, a.pointer, rows.pointer))
    }

    /// Rows added at their places to a matrix of zeros with the shape of `shape`.
    func scattered(_ a: Tensor, rows: Tensor, like shape: Tensor) -> Tensor {
        unsafe made(ggml_get_rows_back(context, a.pointer, rows.pointer, shape.pointer))
    }

    /// Copies values into another tensor's memory.
    func copied(_ a: Tensor, to b: Tensor) -> Tensor { unsafe made(ggml_cpy(context, a.pointer, b.pointer)) }

    /// Rotary position embedding of `[headSize, heads, tokens]`.
    func rotated(_ a: Tensor, positions: Tensor, _ rotation: Rotation, factors: Tensor?) -> Tensor {
        let factors = unsafe factors?.pointer
        return unsafe made(
            unsafe ggml_rope_ext(
                context,
                a.pointer,
                positions.pointer,
                factors,
                Int32(rotation.dimensions),
                Int32(rotation.mode),
                Int32(rotation.originalContext),
                rotation.base,
                rotation.scale,
                rotation.extrapolation,
                rotation.attentionFactor,
                32,
                1
            )
        )
    }

    /// The gradient of ``rotated(_:positions:_:factors:)``: the rotation the other way.
    func rotatedBack(_ gradient: Tensor, positions: Tensor, _ rotation: Rotation, factors: Tensor?) -> Tensor {
        let factors = unsafe factors?.pointer
        return unsafe made(
            unsafe ggml_rope_ext_back(
                context,
                gradient.pointer,
                positions.pointer,
                factors,
                Int32(rotation.dimensions),
                Int32(rotation.mode),
                Int32(rotation.originalContext),
                rotation.base,
                rotation.scale,
                rotation.extrapolation,
                rotation.attentionFactor,
                32,
                1
            )
        )
    }
}
