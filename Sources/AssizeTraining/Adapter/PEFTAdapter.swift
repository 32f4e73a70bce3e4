internal import Foundation

/// A folder as PEFT's `save_pretrained` writes it: `adapter_config.json` and `adapter_model.safetensors`.
///
/// Known are the matrices of Llama, Qwen2 and Qwen3 and the output head. A folder that holds more than low-rank pairs of
/// these (DoRA, biases, saved modules, embeddings, a beginning that changed the base model) is refused.
public struct PEFTAdapter: Sendable, Hashable {
    /// The folder.
    public let path: String

    /// Takes a folder, which need not exist yet.
    ///
    /// - Parameter path: The folder.
    public init(path: String) {
        self.path = path
    }

    /// Whether the folder holds an adapter, or a part of one.
    public var isPresent: Bool {
        [configuration, weights].contains { FileManager.default.fileExists(atPath: $0) }
    }

    /// The key of the base model's name in an adapter's provenance.
    static let baseModelKey = "assize.peft.base_model"

    var configuration: String { "\(path)/adapter_config.json" }
    var weights: String { "\(path)/adapter_model.safetensors" }
}
