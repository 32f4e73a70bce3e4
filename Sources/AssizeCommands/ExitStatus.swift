/// How a command ended, as the shell sees it.
enum ExitStatus: Int32, Error {
    case done = 0
    /// A gate or threshold failed.
    case gateFailed = 1
    /// Wrong usage or bad input.
    case usage = 2
    /// Some items failed to be judged; the rest is written.
    case someFailed = 3
    /// Interrupted; the run can be resumed.
    case interrupted = 130
}
