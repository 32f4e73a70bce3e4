internal import CLlama

/// A computation of our own inside a ggml graph.
@safe
final class Kernel {
    /// Is given the result, the thread's number and the count of threads; each thread does its own share.
    typealias Body = (_ result: Tensor, _ thread: Int32, _ threads: Int32) -> Void

    private let body: Body

    init(_ body: @escaping Body) {
        self.body = body
    }

    /// What ggml calls; the user data is the kernel.
    static let function: ggml_custom_op_t = { result, thread, threads, data in
        guard let result = unsafe result, let data = unsafe data else { return }
        let kernel = unsafe Unmanaged<Kernel>.fromOpaque(data).takeUnretainedValue()
        unsafe kernel.body(Tensor(result), thread, threads)
    }
}

extension Tensor {
    /// The values in place; for kernels, which run where the memory is.
    var floats: UnsafeMutablePointer<Float>? {
        unsafe data?.assumingMemoryBound(to: Float.self)
    }
}
