internal import AssizeCore
public import AssizeStore
public import Foundation

/// Begins a run, or finds the one to go on with.
public struct RunOpening: Sendable {
    private let store: RunStore
    private let configurations: [RunConfiguration]
    private let name: String?
    private let isResumed: Bool
    private let items: Int
    private let now: Date

    /// A run that was begun or found.
    public struct Opened: Sendable {
        /// The run.
        public let run: RunRecord
        /// What it was made with: one of the opening's configurations.
        public let configuration: RunConfiguration
    }

    /// Creates an opening; the store is not touched yet.
    ///
    /// - Parameters:
    ///   - store: Where the run is, or will be.
    ///   - configurations: What a run may have been made with to be gone on with, at least one. They are several where
    ///     something is chosen anew for each run, such as the layout of its prompts: a run that is gone on with keeps what
    ///     was chosen for it.
    ///   - name: The run's name; `nil` for one made of the recipe and the time, or, when resumed, for the last unfinished
    ///     run of one of the configurations.
    ///   - isResumed: Whether a run that is there already is gone on with.
    ///   - items: How many items the run has.
    ///   - now: When a new run begins.
    public init(
        store: RunStore,
        configurations: [RunConfiguration],
        name: String?,
        isResumed: Bool,
        items: Int,
        now: Date
    ) {
        precondition(!configurations.isEmpty, "a run is made with a configuration")
        self.store = store
        self.configurations = configurations
        self.name = name
        self.isResumed = isResumed
        self.items = items
        self.now = now
    }

    /// Finds the run, or makes one.
    ///
    /// - Parameters:
    ///   - choose: Gives what a new run is made with, one of the configurations; not called when a run is found.
    ///   - note: Told in a sentence what is gone on with.
    /// - Returns: The run, new or found.
    /// - Throws: ``AssizeRunsError`` when the named run has other inputs or settings, or exists and is not to be resumed;
    ///   ``AssizeStoreError`` when the store can't be used; what `choose` throws.
    public func open(choose: () throws -> RunConfiguration, note: (String) -> Void) async throws -> Opened {
        if let name {
            let id = RunID(rawValue: name)
            guard let known = try await store.run(id) else { return try await create(id, try choose()) }
            guard isResumed else {
                throw AssizeRunsError(
                    code: .notResumable,
                    message: "there is a run '\(name)' already; go on with it with --resume, or choose another --run"
                )
            }
            return try await goOn(with: known, note)
        }
        if isResumed {
            if let found = try await latestRun() { return try await goOn(with: found, note) }
            note("no run of these inputs and settings to go on with; a new one begins")
        }
        return try await create(nil, try choose())
    }

    /// The latest unfinished run of any of the configurations, or else the latest finished one.
    private func latestRun() async throws -> RunRecord? {
        let fingerprints = Set(try configurations.map { try $0.fingerprint() })
        let runs = try await store.runs().filter { fingerprints.contains($0.fingerprint) }
        return runs.first { $0.state != .finished } ?? runs.first
    }

    private func goOn(with run: RunRecord, _ note: (String) -> Void) async throws -> Opened {
        guard let configuration = try configurations.first(where: { try $0.fingerprint() == run.fingerprint }) else {
            // The nearest of the configurations says best what is another.
            let differences =
                try configurations
                .map { RunConfiguration.differences(between: run.configuration, and: try $0.json()) }
                .min { $0.count < $1.count }
            throw AssizeRunsError(
                code: .notResumable,
                message:
                    "run '\(run.id)' was made with other inputs or settings (\((differences ?? []).joined(separator: ", "))); "
                    + "use the same, or start another run"
            )
        }
        let done = try await store.judgedItems(of: run.id)
        note("going on with run '\(run.id)': \(done) of \(items) items are judged")
        return Opened(run: run, configuration: configuration)
    }

    private func create(_ id: RunID?, _ configuration: RunConfiguration) async throws -> Opened {
        let id = if let id { id } else { try await freeID(for: configuration.recipe) }
        let record = RunRecord(
            id: id,
            created: now,
            recipe: configuration.recipe,
            model: configuration.judge.model,
            fingerprint: try configuration.fingerprint(),
            configuration: try configuration.json(),
            judge: configuration.judge,
            inputPath: configuration.input,
            items: items,
            seed: configuration.seed
        )
        try await store.createRun(record)
        return Opened(run: record, configuration: configuration)
    }

    /// The recipe and the time to the second; a number behind it when that is taken.
    private func freeID(for recipe: String) async throws -> RunID {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC") ?? calendar.timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: now)
        let stamp = [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second]
            .map { part in
                let text = String(part ?? 0)
                return text.count < 2 ? "0\(text)" : text
            }
        let base = "\(recipe)-\(stamp[0...2].joined())-\(stamp[3...5].joined())"
        var id = RunID(rawValue: base)
        var number = 2
        while try await store.run(id) != nil {
            id = RunID(rawValue: "\(base)-\(number)")
            number += 1
        }
        return id
    }
}
