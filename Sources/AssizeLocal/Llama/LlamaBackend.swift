internal import CLlama
internal import Synchronization

/// The engine's process-wide state: initialised once, its log gathered rather than printed.
enum LlamaBackend {
    private static let lines = Mutex<[String]>([])
    private static let kept = 40

    private static let initialised: Void = {
        unsafe llama_log_set(
            { level, text, _ in
                guard level == GGML_LOG_LEVEL_ERROR || level == GGML_LOG_LEVEL_WARN, let text = unsafe text else {
                    return
                }
                LlamaBackend.record(unsafe String(cString: text))
            },
            nil
        )
        llama_backend_init()
    }()

    /// Makes the engine ready; cheap to call again.
    static func prepare() {
        _ = initialised
    }

    /// What the engine warned of since the last call, for an error message.
    static func takeLog() -> String {
        lines.withLock { lines in
            let text = lines.map { $0.trimmed }.filter { !$0.isEmpty }.joined(separator: "; ")
            lines = []
            return text
        }
    }

    private static func record(_ line: String) {
        lines.withLock { lines in
            lines.append(line)
            if lines.count > kept { lines.removeFirst(lines.count - kept) }
        }
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        var view = self[...]
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }
}
