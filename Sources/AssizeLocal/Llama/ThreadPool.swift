internal import CLlama

/// Threads that a context computes with, kept between computations.
///
/// Without one of its own llama.cpp starts and ends threads at every batch. Between batches these sleep at once (they do
/// not poll), so that an idle engine leaves the machine to others. A context that uses the pool is freed before it.
@safe
final class ThreadPool {
    private let pointer: ggml_threadpool_t

    /// Starts the threads; `nil` when the system has none left.
    ///
    /// - Parameter threads: At least two; the one that asks for a computation counts as one of them.
    init?(threads: Int) {
        precondition(threads > 1, "one thread needs no pool")
        var parameters = ggml_threadpool_params_default(Int32(threads))
        parameters.poll = 0
        guard let created = unsafe ggml_threadpool_new(&parameters) else { return nil }
        unsafe pointer = created
    }

    deinit {
        unsafe ggml_threadpool_free(pointer)
    }

    /// Lets a context compute with these threads, for prompts and single tokens alike.
    func attach(to context: OpaquePointer) {
        unsafe llama_attach_threadpool(context, pointer, pointer)
    }
}
