internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Asks the hub which files a repository has.
struct HubListing {
    let endpoint: HubEndpoint
    let web: WebClient

    private struct Repository: Decodable {
        struct File: Decodable {
            let rfilename: String
        }
        let sha: String?
        let siblings: [File]?
    }

    /// The file a spec means, pinned to the commit that was listed.
    ///
    /// - Throws: ``AssizeHubError`` when the repository can't be listed or none, several or only split files fit.
    func file(
        of spec: HubModelSpec,
        retry: RetryPolicy,
        clock: any Clock<Duration>,
        pausing: (Duration, AssizeHubError) -> Void
    ) async throws -> CatalogueEntry.HubFile {
        let repository = try await retry.run(clock: clock, progress: { 0 }, pausing: pausing) {
            try await list(spec.repository)
        }
        let file = try spec.pick(from: (repository.siblings ?? []).map(\.rfilename))
        return CatalogueEntry.HubFile(repository: spec.repository, file: file, revision: repository.sha ?? "main")
    }

    private func list(_ repository: String) async throws -> Repository {
        let reply = try await web.get(endpoint.listing(of: repository))
        guard reply.response.status.code == 200 else { throw web.failure(reply, for: repository) }
        do {
            let body = try await reply.response.body.collect(upTo: 1 << 24)
            return try JSONDecoder().decode(Repository.self, from: Data(body.readableBytesView))
        } catch let error as DecodingError {
            throw AssizeHubError(
                code: .network,
                message: "the hub's list of \(repository) can't be read: \(error)",
                cause: error
            )
        } catch {
            try Task.checkCancellation()
            throw WebClient.broken(error, host: WebOrigin.host(of: endpoint.address), answered: true)
        }
    }
}
