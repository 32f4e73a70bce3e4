internal import CLlama

/// Where graphs are computed: the processor's cores, or a GPU that the engine was built for.
///
/// It is used from one thread at a time.
@safe
final class Device {
    /// What computes.
    enum Kind: Hashable {
        /// The processor with this many threads.
        case processor(threads: Int)
        /// The first GPU.
        case accelerator
    }

    let kind: Kind
    /// The device's name, as the engine gives it.
    let name: String
    let backend: OpaquePointer
    private let allocator: OpaquePointer
    private let pool: OpaquePointer?

    /// Whether tensors' memory can be read and written in place, and operations of our own can run.
    var isProcessor: Bool {
        if case .processor = kind { return true }
        return false
    }

    init(_ kind: Kind) throws(AssizeTrainingError) {
        self.kind = kind
        let type = kind == .accelerator ? GGML_BACKEND_DEVICE_TYPE_GPU : GGML_BACKEND_DEVICE_TYPE_CPU
        guard let backend = unsafe ggml_backend_init_by_type(type, nil) else {
            throw AssizeTrainingError(
                code: .engine,
                message: kind == .accelerator
                    ? "no GPU can be used: the engine was built without a GPU backend, or none is there; build with ASSIZE_GGML=cuda, or train on the processor"
                    : "the engine can't use the processor"
            )
        }
        unsafe self.backend = backend
        unsafe name = String(cString: ggml_backend_name(backend))
        if case .processor(let threads) = kind {
            var parameters = ggml_threadpool_params_default(Int32(threads))
            // Waiting threads sleep at once: a core that another program wants is not spun away.
            parameters.poll = 0
            unsafe pool = ggml_threadpool_new(&parameters)
            unsafe ggml_backend_cpu_set_n_threads(backend, Int32(threads))
            unsafe ggml_backend_cpu_set_threadpool(backend, pool)
        } else {
            unsafe pool = nil
        }
        unsafe allocator = ggml_gallocr_new(ggml_backend_get_default_buffer_type(backend))
    }

    deinit {
        unsafe ggml_gallocr_free(allocator)
        unsafe ggml_backend_free(backend)
        if let pool = unsafe pool { unsafe ggml_threadpool_free(pool) }
    }

    /// Computes every node of a graph; intermediate results lie in one buffer that all graphs share.
    func compute(_ graph: GraphBuilder) throws(AssizeTrainingError) {
        guard unsafe ggml_gallocr_alloc_graph(allocator, graph.graph) else {
            throw AssizeTrainingError(
                code: .engine,
                message:
                    "no memory for a graph of \(graph.nodes) nodes; use shorter rows, fewer tokens a pack, or --recompute"
            )
        }
        let status = unsafe ggml_backend_graph_compute(backend, graph.graph)
        guard status == GGML_STATUS_SUCCESS else {
            throw AssizeTrainingError(code: .engine, message: "the engine stopped with status \(status.rawValue)")
        }
    }

    /// The bytes of the buffer that graphs share.
    var graphBytes: Int { unsafe ggml_gallocr_get_buffer_size(allocator, 0) }
}
