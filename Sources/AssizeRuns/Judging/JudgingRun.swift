public import AssizeCore
public import AssizeData
public import AssizeStore
internal import Synchronization

/// Reads items, has them judged, and stores every judgment before it counts as done.
///
/// A bounded number of items is in flight, and the file is read only a window ahead of them, so memory does not grow with
/// it. Within the window, items whose prompts begin alike are begun one after another. An item's judgments are stored in one transaction: after any kind of end an item is either done or not begun.
public struct JudgingRun: Sendable {
    /// Judges one item: one judgment a criterion, failures among them.
    ///
    /// It throws only when the task is cancelled.
    public typealias Judge = @Sendable (Item) async throws -> [Judgment]

    /// The run that the judgments are filed under.
    public let id: RunID
    private let store: RunStore
    private let width: Int
    private let judge: Judge
    private let beginnings: (@Sendable (Item) -> [Int])?
    /// Ordinals that are asked for at once when a run is resumed.
    private static let page = 1024

    /// Creates a run of judging; nothing is read or judged yet.
    ///
    /// - Parameters:
    ///   - id: The run, which the store already knows.
    ///   - store: Where judgments and broken rows go.
    ///   - width: The most items in flight, at least 1.
    ///   - beginnings: Hashes of what an item's prompts are made of, in the order of the prompt; `nil` to begin the items
    ///     in the order of the file.
    ///   - judge: Judges one item; called concurrently.
    public init(
        id: RunID,
        store: RunStore,
        width: Int,
        beginnings: (@Sendable (Item) -> [Int])? = nil,
        judge: @escaping Judge
    ) {
        precondition(width > 0, "a run needs room for one item")
        self.id = id
        self.store = store
        self.width = width
        self.beginnings = beginnings
        self.judge = judge
    }

    /// Judges what the run has not judged yet.
    ///
    /// - Parameters:
    ///   - openItems: Opens the items file; called once.
    ///   - limit: How many good items of the file belong to the run; `nil` for all.
    ///   - total: How many items that is, for the progress.
    ///   - progress: Told after every item; called from any thread, and has to be quick.
    /// - Returns: The counts at the end.
    /// - Throws: ``AssizeStoreError`` when judgments can't be stored, ``AssizeDataError`` when the file can't be read on,
    ///   `CancellationError` when the task was cancelled. What was judged before is stored in each case.
    public func run(
        openItems: @Sendable () throws -> ItemReader,
        limit: Int?,
        total: Int,
        progress: @escaping @Sendable (RunProgress) -> Void
    ) async throws -> RunProgress {
        let state = ProgressState(RunProgress(total: total))
        let writer = JudgmentWriter(store: store, run: id)
        let keep: Keep = { ordinal, judgments in
            let rows = try judgments.enumerated()
                .map { index, judgment in
                    try StoredJudgment(ordinal: ordinal, criterionIndex: index, judgment: judgment)
                }
            try await writer.submit(rows)
            progress(state.update { $0.count(judgments) })
        }
        var reader = try openItems()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                var window = ItemWindow(beginnings: beginnings)
                var inFlight = 0
                var known: Set<Int> = []
                var knownEnd = 0
                while let row = try reader.next() {
                    try Task.checkCancellation()
                    guard case .item(let item, _, let ordinal) = row else {
                        if case .broken(let broken) = row {
                            try await record(broken)
                            progress(state.update { $0.broken += 1 })
                        }
                        continue
                    }
                    if let limit, ordinal >= limit { break }
                    if ordinal >= knownEnd {
                        knownEnd = ordinal + JudgingRun.page
                        known = try await store.completed(of: id, ordinals: ordinal..<knownEnd, criteria: 1)
                    }
                    if known.contains(ordinal) {
                        let now = state.update {
                            $0.done += 1
                            $0.resumed += 1
                        }
                        progress(now)
                        continue
                    }
                    window.append(ItemWindow.Entry(item: item, ordinal: ordinal))
                    if window.isFull {
                        try await begin(window.take(), in: &group, inFlight: &inFlight, keep: keep)
                    }
                }
                try await begin(window.take(), in: &group, inFlight: &inFlight, keep: keep)
                try await group.waitForAll()
            }
        } catch {
            try? await writer.finish()
            throw error
        }
        try await writer.finish()
        return state.value
    }

    /// Stores the judgments of the item at a position, and counts them.
    private typealias Keep = @Sendable (Int, [Judgment]) async throws -> Void

    /// Has items judged in the order given, each once there is room for it.
    private func begin(
        _ items: [ItemWindow.Entry],
        in group: inout ThrowingTaskGroup<Void, any Error>,
        inFlight: inout Int,
        keep: @escaping Keep
    ) async throws {
        for entry in items {
            try Task.checkCancellation()
            if inFlight >= width {
                try await group.next()
                inFlight -= 1
            }
            inFlight += 1
            group.addTask { [judge] in try await keep(entry.ordinal, try await judge(entry.item)) }
        }
    }

    private func record(_ row: AssizeData.BrokenRow) async throws {
        try await store.addBrokenRows(
            [AssizeStore.BrokenRow(file: row.file, line: row.line, reason: row.reason)],
            to: id
        )
    }

    /// The counts, shared by the items in flight.
    private final class ProgressState: Sendable {
        private let state: Mutex<RunProgress>

        init(_ value: RunProgress) {
            state = Mutex(value)
        }

        var value: RunProgress { state.withLock { $0 } }

        func update(_ body: (inout RunProgress) -> Void) -> RunProgress {
            state.withLock { state in
                body(&state)
                return state
            }
        }
    }
}
