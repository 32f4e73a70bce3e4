internal import AssizeCore
public import AssizeStore
public import Foundation

/// Begins a run, or finds the one to go on with.
public struct RunOpening: Sendable {
    private let store: RunStore
    private let configuration: RunConfiguration
    private let name: String?
    private let isResumed: Bool
    private let items: Int
    private let now: Date

    /// Creates an opening; the store is not touched yet.
    ///
    /// - Parameters:
    ///   - store: Where the run is, or will be.
    ///   - configuration: What the run must have been made with to be gone on with.
    ///   - name: The run's name; `nil` for one made of the recipe and the time, or, when resumed, for the last unfinished
    ///     run of the same configuration.
    ///   - isResumed: Whether a run that is there already is gone on with.
    ///   - items: How many items the run has.
    ///   - now: When a new run begins.
    public init(store: RunStore, configuration: RunConfiguration, name: String?, isResumed: Bool, items: Int, now: Date)
    {
        self.store = store
        self.configuration = configuration
        self.name = name
        self.isResumed = isResumed
        self.items = items
        self.now = now
    }

    /// Finds the run, or makes one.
    ///
    /// - Parameter note: Told in a sentence what is gone on with.
    /// - Returns: The run's record, new or found.
    /// - Throws: ``AssizeRunsError`` when the named run has other inputs or settings, or exists and is not to be resumed;
    ///   ``AssizeStoreError`` when the store can't be used.
    public func open(note: (String) -> Void) async throws -> RunRecord {
        let fingerprint = try configuration.fingerprint()
        if let name {
            let id = RunID(rawValue: name)
            guard let known = try await store.run(id) else { return try await create(id, fingerprint) }
            guard isResumed else {
                throw AssizeRunsError(
                    code: .notResumable,
                    message: "there is a run '\(name)' already; go on with it with --resume, or choose another --run"
                )
            }
            guard known.fingerprint == fingerprint else {
                let differences = RunConfiguration.differences(
                    between: known.configuration,
                    and: try configuration.json()
                )
                throw AssizeRunsError(
                    code: .notResumable,
                    message:
                        "run '\(name)' was made with other inputs or settings (\(differences.joined(separator: ", "))); "
                        + "use the same, or start another run"
                )
            }
            try await tell(known, note)
            return known
        }
        if isResumed {
            if let unfinished = try await store.latestUnfinishedRun(fingerprint: fingerprint) {
                try await tell(unfinished, note)
                return unfinished
            }
            if let finished = try await store.runs().first(where: { $0.fingerprint == fingerprint }) {
                try await tell(finished, note)
                return finished
            }
            note("no run of these inputs and settings to go on with; a new one begins")
        }
        return try await create(try await freeID(), fingerprint)
    }

    private func tell(_ run: RunRecord, _ note: (String) -> Void) async throws {
        let done = try await store.judgedItems(of: run.id)
        note("going on with run '\(run.id)': \(done) of \(items) items are judged")
    }

    private func create(_ id: RunID, _ fingerprint: ContentHash) async throws -> RunRecord {
        let record = RunRecord(
            id: id,
            created: now,
            recipe: configuration.recipe,
            model: configuration.judge.model,
            fingerprint: fingerprint,
            configuration: try configuration.json(),
            judge: configuration.judge,
            inputPath: configuration.input,
            items: items,
            seed: configuration.seed
        )
        try await store.createRun(record)
        return record
    }

    /// The recipe and the time to the second; a number behind it when that is taken.
    private func freeID() async throws -> RunID {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC") ?? calendar.timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: now)
        let stamp = [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second]
            .map { part in
                let text = String(part ?? 0)
                return text.count < 2 ? "0\(text)" : text
            }
        let base = "\(configuration.recipe)-\(stamp[0...2].joined())-\(stamp[3...5].joined())"
        var id = RunID(rawValue: base)
        var number = 2
        while try await store.run(id) != nil {
            id = RunID(rawValue: "\(base)-\(number)")
            number += 1
        }
        return id
    }
}
