/// Who judged, exactly enough to tell two judges apart and to find the same one again.
public struct ModelIdentity: Sendable, Hashable, Codable {
    /// The name it was asked for by.
    public var model: String
    /// SHA-256 of the weights, where they are at hand.
    public var sha256: ContentHash?
    /// The adapter's file name, when one is used.
    public var adapter: String?
    /// SHA-256 of the adapter.
    public var adapterSHA256: ContentHash?
    /// SHA-256 of the chat template.
    public var template: ContentHash?
    /// The engine and its version, such as `llama.cpp 0.3.36`.
    public var engine: String

    /// Creates an identity; what is `nil` is not known, or not used.
    public init(
        model: String,
        sha256: ContentHash? = nil,
        adapter: String? = nil,
        adapterSHA256: ContentHash? = nil,
        template: ContentHash? = nil,
        engine: String
    ) {
        self.model = model
        self.sha256 = sha256
        self.adapter = adapter
        self.adapterSHA256 = adapterSHA256
        self.template = template
        self.engine = engine
    }

    private enum Key: String, CodingKey {
        case model, sha256, adapter
        case adapterSHA256 = "adapter_sha256"
        case template = "template_sha256"
        case engine
    }

    /// Decodes an identity; only `model` and `engine` have to be there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        model = try container.decode(String.self, forKey: .model)
        sha256 = try container.decodeIfPresent(ContentHash.self, forKey: .sha256)
        adapter = try container.decodeIfPresent(String.self, forKey: .adapter)
        adapterSHA256 = try container.decodeIfPresent(ContentHash.self, forKey: .adapterSHA256)
        template = try container.decodeIfPresent(ContentHash.self, forKey: .template)
        engine = try container.decode(String.self, forKey: .engine)
    }

    /// Encodes the identity: `sha256` and `adapter` always, as `null` where they are missing; the other digests only where
    /// they are known.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(model, forKey: .model)
        try container.encode(sha256, forKey: .sha256)
        try container.encode(adapter, forKey: .adapter)
        try container.encodeIfPresent(adapterSHA256, forKey: .adapterSHA256)
        try container.encodeIfPresent(template, forKey: .template)
        try container.encode(engine, forKey: .engine)
    }
}
