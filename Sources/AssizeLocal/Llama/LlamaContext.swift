internal import CLlama
internal import Synchronization

/// A KV cache and the buffers to compute in.
///
/// One thread owns it.
@safe
final class LlamaContext {
    /// Raised to end a computation that nobody waits for any more.
    final class AbortFlag: Sendable {
        private let raised = Atomic<Bool>(false)

        var isRaised: Bool {
            get { raised.load(ordering: .relaxed) }
            set { raised.store(newValue, ordering: .relaxed) }
        }
    }

    /// How a computation ended.
    enum DecodeResult: Equatable {
        case done
        case noRoom
        case aborted
        case failed(Int)
    }

    private let model: LlamaModel
    private let pointer: OpaquePointer
    private let memory: llama_memory_t
    private let abortFlag: AbortFlag
    private let vocabularySize: Int
    private let threads: Int
    // Swift frees it after the deinit's body, and so after the context.
    private let threadPool: ThreadPool?
    /// Tokens that the cache holds in all, over all sequences.
    let capacity: Int
    let batchCapacity: Int

    init(model: LlamaModel, plan: EnginePlan, abortFlag: AbortFlag) throws(AssizeLocalError) {
        self.model = model
        self.abortFlag = abortFlag
        vocabularySize = model.vocabularySize
        var parameters = unsafe llama_context_default_params()
        unsafe parameters.n_ctx = UInt32(plan.cacheTokens)
        unsafe parameters.n_batch = UInt32(plan.batchTokens)
        unsafe parameters.n_ubatch = UInt32(plan.batchTokens)
        unsafe parameters.n_seq_max = UInt32(plan.cacheSequences)
        unsafe parameters.n_outputs_max = UInt32(plan.outputs)
        unsafe parameters.n_threads = Int32(plan.threads)
        unsafe parameters.n_threads_batch = Int32(plan.threads)
        unsafe parameters.kv_unified = true
        unsafe parameters.type_k = plan.cacheType.raw
        unsafe parameters.type_v = plan.cacheType.raw
        unsafe parameters.flash_attn_type = plan.flashAttention.raw
        unsafe parameters.no_perf = true
        unsafe parameters.abort_callback = { data in
            guard let data = unsafe data else { return false }
            return unsafe Unmanaged<AbortFlag>.fromOpaque(data).takeUnretainedValue().isRaised
        }
        // The flag outlives the context: this object keeps it.
        unsafe parameters.abort_callback_data = unsafe Unmanaged.passUnretained(abortFlag).toOpaque()
        let created = unsafe model.withPointers { pointer, _ in unsafe llama_init_from_model(pointer, parameters) }
        guard let created = unsafe created, let memory = unsafe llama_get_memory(created) else {
            throw AssizeLocalError(
                code: .engine,
                message:
                    "no context of \(plan.cacheTokens) tokens could be made for \(model.path) (\(LlamaBackend.takeLog())); try a smaller --context"
            )
        }
        unsafe pointer = created
        unsafe self.memory = memory
        capacity = Int(unsafe llama_n_ctx(created))
        batchCapacity = plan.batchTokens
        threads = plan.threads
        threadPool = plan.threads > 1 ? ThreadPool(threads: plan.threads) : nil
        unsafe threadPool?.attach(to: created)
    }

    deinit {
        unsafe llama_free(pointer)
    }

    /// Computes a batch.
    ///
    /// Rows flagged for output can then be read with ``withLogits(row:_:)``.
    func decode(_ batch: TokenBatch) -> DecodeResult {
        precondition(batch.count > 0 && batch.count <= batchCapacity, "a batch fits the context's buffers")
        let status = unsafe batch.withRaw { unsafe llama_decode(pointer, $0) }
        switch status {
        case 0: return .done
        case 1: return .noRoom
        case 2: return .aborted
        case let code: return .failed(Int(code))
        }
    }

    /// Lends the logits of one row of the last batch, one a token of the vocabulary.
    ///
    /// - Parameters:
    ///   - row: The row's index in the batch; it must have been flagged for output.
    ///   - body: Reads or changes the logits; the buffer is not to leave it.
    /// - Returns: What `body` returns; `nil` when the engine has no logits for the row.
    func withLogits<Result>(row: Int, _ body: (UnsafeMutableBufferPointer<Float>) -> Result) -> Result? {
        guard let logits = unsafe llama_get_logits_ith(pointer, Int32(row)) else { return nil }
        return unsafe body(UnsafeMutableBufferPointer(start: logits, count: vocabularySize))
    }

    /// Does what the scheduler decided about the cache.
    func perform(_ operation: MemoryOperation) {
        switch operation {
        case .copy(let source, let target, let end):
            unsafe llama_memory_seq_cp(memory, Int32(source), Int32(target), 0, Int32(end))
        case .remove(let sequence, let start):
            remove(sequence: sequence, from: start)
        }
    }

    /// Computes with some adapters from now on, each at its full strength; none is the model alone.
    func use(_ adapters: [LlamaAdapter]) throws(AssizeLocalError) {
        var pointers: [OpaquePointer?] = unsafe adapters.map { unsafe $0.pointer }
        var scales = [Float](repeating: 1, count: adapters.count)
        guard unsafe llama_set_adapters_lora(pointer, &pointers, adapters.count, &scales) == 0 else {
            throw AssizeLocalError(
                code: .engine,
                message: "the engine refused an adapter (\(LlamaBackend.takeLog()))"
            )
        }
    }

    /// Computes with so many threads from now on, at most those it was made with.
    ///
    /// Another number can change the last digits of what is computed.
    func use(threads: Int) {
        let count = Int32(max(1, min(threads, self.threads)))
        unsafe llama_set_n_threads(pointer, count, count)
    }

    /// Forgets a sequence's tokens from a position on.
    func remove(sequence: Int, from position: Int) {
        _ = unsafe llama_memory_seq_rm(memory, Int32(sequence), Int32(position), -1)
    }

    /// Forgets everything.
    func clear() {
        unsafe llama_memory_clear(memory, false)
    }
}
