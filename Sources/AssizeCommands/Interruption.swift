internal import Foundation

#if os(Linux)
@preconcurrency internal import Dispatch
#else
internal import Dispatch
#endif

/// Ctrl-C and SIGTERM: the first cancels the command, which then stores what it has; a second one ends it at once.
final class Interruption: Sendable {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter cancel: Called once, on the first signal.
    init(cancel: @escaping @Sendable () -> Void) {
        // A reader that went away (`assize ... | head`) shows as EPIPE; a file that may not grow as EFBIG.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        let queue = DispatchQueue(label: "assize.signals")
        let count = SignalCount()
        sources = [SIGINT, SIGTERM]
            .map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler {
                    if count.next() == 1 {
                        Terminal.put(
                            "\nassize: stopping; what is done is safe (once more to end at once)\n",
                            to: STDERR_FILENO
                        )
                        cancel()
                    } else {
                        _exit(ExitStatus.interrupted.rawValue)
                    }
                }
                source.activate()
                return source
            }
    }

    /// Counts on one queue.
    private final class SignalCount: @unchecked Sendable {
        // SAFETY: only the signal sources' serial queue touches it.
        private var count = 0

        func next() -> Int {
            count += 1
            return count
        }
    }
}
