#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Brings models onto this machine: from a name to a file whose content is what was promised.
///
/// A pull that ends early, by a broken connection or by cancelling, leaves `<file>.part`, and the next one goes on from
/// there. Two processes that pull the same model do it one after the other, and the second finds it done.
public struct ModelDownloader: Sendable {
    /// Where models go.
    public let folder: ModelFolder

    let hashes: FileHashes
    let environment: [String: String]
    let endpoint: HubEndpoint
    let clock: any Clock<Duration>
    let retry: RetryPolicy
    let freeBytes: @Sendable (String) -> Int?
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - home: Where models and their digests go.
    ///   - environment: `HF_ENDPOINT`, `HF_TOKEN`, `ASSIZE_PYTHON` and the proxy's variables are read; Python gets all.
    ///   - clock: What pauses between tries go by.
    public init(
        home: AssizeHome,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.init(
            home: home,
            environment: environment,
            clock: clock,
            retry: RetryPolicy(),
            freeBytes: FileSystem.freeBytes,
            now: { Date() }
        )
    }

    init(
        home: AssizeHome,
        environment: [String: String],
        clock: any Clock<Duration>,
        retry: RetryPolicy = RetryPolicy(),
        freeBytes: @escaping @Sendable (String) -> Int? = FileSystem.freeBytes,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        folder = ModelFolder(home: home)
        hashes = FileHashes(home: home)
        self.environment = environment
        endpoint = HubEndpoint(environment: environment)
        self.clock = clock
        self.retry = retry
        self.freeBytes = freeBytes
        self.now = now
    }

    /// Pulls a model of the catalogue, unless it is here already.
    ///
    /// - Parameters:
    ///   - entry: The model.
    ///   - allowUnverified: Whether a file may be taken for which neither the catalogue nor the source gives a digest.
    ///   - progress: Told of every stage, and of bytes about a hundred times a file.
    /// - Returns: The finished file.
    /// - Throws: ``AssizeHubError``, which lists every source and why it failed; `CancellationError` when cancelled.
    public func pull(
        _ entry: CatalogueEntry,
        allowUnverified: Bool = false,
        progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
    ) async throws -> StoredModel {
        let target = PullTarget(
            name: entry.name,
            path: folder.path(of: entry),
            size: entry.size,
            sha256: entry.sha256,
            sources: entry.sources,
            allowUnverified: allowUnverified
        )
        return try await pull(context(target, progress: progress))
    }

    /// Pulls a model by its place on the hub, unless it is here already.
    ///
    /// - Parameters:
    ///   - spec: The repository and the quantisation.
    ///   - allowUnverified: Whether a file may be taken for which the hub gives no digest.
    ///   - progress: Told of every stage, and of bytes about a hundred times a file.
    /// - Returns: The finished file.
    /// - Throws: ``AssizeHubError``; `CancellationError` when cancelled.
    public func pull(
        _ spec: HubModelSpec,
        allowUnverified: Bool = false,
        progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
    ) async throws -> StoredModel {
        if let model = folder.info(of: spec) {
            progress(PullProgress(stage: .finished, bytesDone: model.size, bytesTotal: model.size))
            return model
        }
        progress(PullProgress(stage: .connecting(source: spec.description), bytesDone: 0, bytesTotal: nil))
        let file = try await WebClient.run(endpoint: endpoint, environment: environment) { web in
            let listing = HubListing(endpoint: endpoint, web: web)
            return try await listing.file(of: spec, retry: retry, clock: clock) { pause, error in
                let stage = PullProgress.Stage.retrying(after: pause, reason: error.message)
                progress(PullProgress(stage: stage, bytesDone: 0, bytesTotal: nil))
            }
        }
        let name = file.file.split(separator: "/").last.map(String.init) ?? file.file
        guard HubNames.isPlainFileName(name) else {
            throw AssizeHubError(code: .noMatchingFile, message: "'\(file.file)' of \(spec.repository) can't be stored")
        }
        let target = PullTarget(
            name: spec.description,
            path: "\(folder.folder(of: spec))/\(name)",
            size: nil,
            sha256: nil,
            sources: [.hub(file)],
            allowUnverified: allowUnverified
        )
        return try await pull(context(target, progress: progress))
    }

    private func context(
        _ target: PullTarget,
        progress: @escaping @Sendable (PullProgress) -> Void
    ) -> PullContext {
        PullContext(
            target: target,
            environment: environment,
            clock: clock,
            retry: retry,
            freeBytes: freeBytes,
            progress: progress
        )
    }
}
