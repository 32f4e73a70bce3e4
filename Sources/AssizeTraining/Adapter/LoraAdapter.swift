/// A LoRA adapter: what training changed of a model, a few million values beside the model's own file.
///
/// The changed weight of a module is `W + alpha / rank * B A`, with the rank of that module.
public struct LoraAdapter: Sendable, Hashable {
    /// The base model's architecture as GGUF names it, such as `llama` or `qwen2`.
    public let architecture: String
    /// What the scale is made of; a finite number other than zero.
    public let alpha: Float
    /// The modules, sorted by name; no name occurs twice.
    public let modules: [LoraModule]
    /// Where the adapter comes from: texts by their keys in GGUF's metadata, such as `general.name`.
    public let provenance: [String: String]

    /// Puts an adapter together.
    ///
    /// - Parameters:
    ///   - architecture: The base model's architecture.
    ///   - alpha: What the scale is made of.
    ///   - modules: The modules in any order; no name may occur twice.
    ///   - provenance: Texts by their whole keys; not `general.type`, `general.architecture`, `general.alignment` or a key
    ///     that begins with `adapter.`.
    public init(architecture: String, alpha: Float, modules: [LoraModule], provenance: [String: String] = [:]) {
        precondition(Set(modules.map(\.name)).count == modules.count, "a module's name occurs twice")
        self.architecture = architecture
        self.alpha = alpha
        self.modules = modules.sorted { $0.name < $1.name }
        self.provenance = provenance
    }

    /// The factor of a module's product: alpha / rank.
    ///
    /// - Parameter module: One of ``modules``.
    /// - Returns: The factor.
    public func scale(of module: LoraModule) -> Float {
        alpha / Float(module.rank)
    }

    /// The module of a name, if there is one.
    ///
    /// - Parameter name: The matrix's name without `.weight`.
    /// - Returns: The module.
    public func module(_ name: String) -> LoraModule? {
        modules.first { $0.name == name }
    }

    /// How many values were trained.
    public var parameters: Int {
        modules.reduce(0) { $0 + $1.a.count + $1.b.count }
    }
}
