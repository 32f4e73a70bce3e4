internal import Foundation

/// A model as Transformers saves it.
struct HuggingFaceFolder: Sendable, Hashable {
    /// The folder.
    let path: String

    /// Refuses a folder that holds another model than a GGUF file: an adapter of one would be none of the other.
    ///
    /// - Parameter shape: The GGUF model's sizes.
    /// - Throws: ``AssizeTrainingError`` that names the first setting that differs.
    func check(is shape: ModelShape) throws(AssizeTrainingError) {
        let name = "\(path)/config.json"
        guard let data = FileManager.default.contents(atPath: name),
            let fields = try? JSONDecoder().decode([String: JSONValue].self, from: data)
        else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message:
                    "\(path) is no Hugging Face model: it has no config.json; make one with 'assize models export-hf'"
            )
        }
        let expected: [(String, JSONValue)] = [
            ("model_type", .string(shape.architecture)), ("hidden_size", .count(shape.width)),
            ("intermediate_size", .count(shape.innerWidth)), ("num_hidden_layers", .count(shape.layers)),
            ("num_attention_heads", .count(shape.heads)), ("num_key_value_heads", .count(shape.sharedHeads)),
        ]
        for (key, value) in expected where fields[key] != value {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message:
                    "\(name) has \(key) \(fields[key] ?? .null), the base model has \(value); name the folder of the same model"
            )
        }
    }
}
