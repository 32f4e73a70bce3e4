/// Memory that kernels use while they run, one part for each thread.
///
/// All kernels share it: they run one after the other.
@safe
final class Workspace {
    private var parts: [UnsafeMutableRawPointer]
    private var bytes = 0

    init(threads: Int) {
        unsafe parts = []
        threadCount = threads
    }

    let threadCount: Int

    deinit {
        release()
    }

    private func release() {
        for index in unsafe parts.indices { unsafe parts[index].deallocate() }
    }

    /// Makes every part at least this large; only while nothing runs.
    func reserve(_ count: Int) {
        guard count > bytes else { return }
        release()
        unsafe parts = (0..<threadCount)
            .map { _ in UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64) }
        bytes = count
    }

    /// A thread's part.
    func part(of thread: Int32) -> UnsafeMutableRawPointer {
        unsafe parts[Int(thread)]
    }
}
