internal import CLlama

/// A LoRA adapter in GGUF, loaded beside the model it was trained for.
///
/// llama.cpp frees it with the model, which this object keeps.
@safe
final class LlamaAdapter: Sendable {
    private let model: LlamaModel
    // SAFETY: set once; only the engine's thread hands it to llama.cpp.
    nonisolated(unsafe) let pointer: OpaquePointer
    let path: String

    /// Loads the adapter; no computation with the model may run meanwhile.
    ///
    /// - Throws: ``AssizeLocalError`` with the engine's own words when the file is no adapter of this model.
    init(path: String, model: LlamaModel) throws(AssizeLocalError) {
        let loaded = unsafe model.withPointers { pointer, _ in unsafe llama_adapter_lora_init(pointer, path) }
        guard let loaded = unsafe loaded else {
            throw AssizeLocalError(
                code: .unreadableModel,
                message:
                    "\(path) can't be used as an adapter of \(model.path) (\(LlamaBackend.takeLog())); it must be a LoRA adapter in GGUF made for this model"
            )
        }
        unsafe pointer = loaded
        self.model = model
        self.path = path
    }
}
