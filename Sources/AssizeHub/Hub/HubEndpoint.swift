#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The hub to ask, and what to show it.
struct HubEndpoint: Sendable, Hashable {
    /// The address without a slash at the end.
    let address: String
    /// What is sent as bearer token, to this address only.
    let token: String?

    /// - Parameter environment: `HF_ENDPOINT` (https://huggingface.co without it) and `HF_TOKEN` are read.
    init(environment: [String: String]) {
        var address = environment["HF_ENDPOINT"] ?? ""
        while address.hasSuffix("/") {
            address.removeLast()
        }
        self.address = address.isEmpty ? "https://huggingface.co" : address
        token = environment["HF_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Where a file's bytes are asked for.
    func address(of file: CatalogueEntry.HubFile) -> String {
        let path = [file.repository, "resolve", file.revision, file.file].map(HubNames.escaped).joined(separator: "/")
        return "\(address)/\(path)"
    }

    /// Where a repository's files are listed.
    func listing(of repository: String) -> String {
        "\(address)/api/models/\(HubNames.escaped(repository))"
    }

    /// Whether an address is on this hub, so that the token may go there and its headers may be believed.
    func contains(_ url: URL) -> Bool {
        guard let mine = URL(string: address).map(WebOrigin.init) else { return false }
        return mine == WebOrigin(url)
    }
}

/// Scheme, host and port: what has to be equal for two addresses to be of one server.
struct WebOrigin: Hashable {
    private let scheme: String
    private let host: String
    private let port: Int

    init(_ url: URL) {
        scheme = url.scheme?.lowercased() ?? ""
        host = url.host()?.lowercased() ?? ""
        port = url.port ?? (scheme == "https" ? 443 : 80)
    }
}

extension WebOrigin {
    /// The host of an address, for sentences.
    static func host(of address: String) -> String {
        URL(string: address)?.host() ?? address
    }
}
