internal import CLlama
internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Writes weights anew in another format.
package enum WeightQuantizer {
    /// Writes a model file in another format; takes seconds to minutes, on a thread of its own.
    ///
    /// From a finer format to a coarser one quality is lost; from a coarser to a finer one none comes back.
    ///
    /// - Parameters:
    ///   - source: A `.gguf` file; of a split model, its first part.
    ///   - format: The format to write.
    ///   - target: The file to write, which is not there yet; removed when this fails or is cancelled.
    ///   - threads: Threads to compute with; `nil` for the machine's cores.
    /// - Throws: ``AssizeLocalError`` with the engine's own words; `CancellationError`, at once, when the task is cancelled.
    ///   The engine can't be stopped: its thread then goes on into a file that is gone.
    package static func write(
        _ source: String,
        as format: WeightFormat,
        to target: String,
        threads: Int? = nil
    ) async throws {
        LlamaBackend.prepare()
        let once = Once()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard once.begin(continuation) else { return }
                DispatchQueue(label: "assize.quantizer")
                    .async {
                        let result = quantize(source, as: format, to: target, threads: threads)
                        if !once.end(result) || (try? result.get()) == nil { _ = unsafe unlink(target) }
                    }
            }
        } onCancel: {
            if once.end(.failure(CancellationError())) { _ = unsafe unlink(target) }
        }
    }

    private static func quantize(
        _ source: String,
        as format: WeightFormat,
        to target: String,
        threads: Int?
    ) -> Result<Void, any Error> {
        var parameters = unsafe llama_model_quantize_default_params()
        unsafe parameters.ftype = format.raw
        unsafe parameters.allow_requantize = true
        unsafe parameters.nthread = Int32(threads ?? EnginePlan.availableCores)
        _ = LlamaBackend.takeLog()
        guard unsafe llama_model_quantize(source, target, &parameters) == 0 else {
            return .failure(
                AssizeLocalError(
                    code: .engine,
                    message:
                        "\(source) can't be written as \(format.rawValue) to \(target) (\(LlamaBackend.takeLog())); "
                        + "is there room on the disk?"
                )
            )
        }
        return .success(())
    }

    /// A continuation that is resumed once: by the result or by the cancellation, whichever comes first.
    private final class Once: Sendable {
        private enum State {
            case idle
            case waiting(CheckedContinuation<Void, any Error>)
            case over
        }

        private let state = Mutex(State.idle)

        /// Whether there is something to wait for; else the continuation is resumed with the cancellation.
        func begin(_ continuation: CheckedContinuation<Void, any Error>) -> Bool {
            let isOver = state.withLock { state in
                if case .over = state { return true }
                state = .waiting(continuation)
                return false
            }
            if isOver { continuation.resume(throwing: CancellationError()) }
            return !isOver
        }

        /// Whether this was the first end.
        func end(_ result: Result<Void, any Error>) -> Bool {
            let previous = state.withLock { state in
                defer { state = .over }
                return state
            }
            switch previous {
            case .over: return false
            case .idle: return true
            case .waiting(let continuation):
                continuation.resume(with: result)
                return true
            }
        }
    }
}
