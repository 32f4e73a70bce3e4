internal import CLlama

/// A loaded model file: weights, vocabulary and metadata.
///
/// It is safe to share between threads: nothing here changes after load.
@safe
final class LlamaModel: Sendable {
    /// What is loaded of the file.
    enum Content {
        /// Weights and vocabulary.
        case weights
        /// The vocabulary and the metadata alone: enough to tokenise and to describe, and quick.
        case vocabulary
    }

    // SAFETY: the pointers are set once and freed in deinit; llama.cpp's model functions only read.
    private nonisolated(unsafe) let pointer: OpaquePointer
    private nonisolated(unsafe) let vocabularyPointer: OpaquePointer
    let path: String

    /// Loads a GGUF file.
    ///
    /// - Throws: ``AssizeLocalError`` with the engine's own words when the file can't be loaded.
    init(path: String, content: Content, gpuLayers: Int = -1) throws(AssizeLocalError) {
        LlamaBackend.prepare()
        self.path = path
        var parameters = unsafe llama_model_default_params()
        unsafe parameters.vocab_only = content == .vocabulary
        unsafe parameters.n_gpu_layers = Int32(gpuLayers)
        guard let loaded = unsafe llama_model_load_from_file(path, parameters) else {
            throw AssizeLocalError(
                code: .unreadableModel,
                message:
                    "\(path) can't be loaded as a GGUF model (\(LlamaBackend.takeLog())); check the file with 'assize models info'"
            )
        }
        guard let vocabulary = unsafe llama_model_get_vocab(loaded) else {
            unsafe llama_model_free(loaded)
            throw AssizeLocalError(
                code: .unreadableModel,
                message: "\(path) holds no vocabulary; use a GGUF file made for llama.cpp"
            )
        }
        unsafe pointer = loaded
        unsafe vocabularyPointer = vocabulary
    }

    deinit {
        unsafe llama_model_free(pointer)
    }

    /// The longest context the model was trained for, in tokens.
    var trainedContext: Int {
        let known = Int(unsafe llama_model_n_ctx_train(pointer))
        // Of a vocabulary alone the engine reads no sizes; the file has them all the same.
        guard known <= 0 else { return known }
        let architecture = metadata("general.architecture") ?? ""
        return metadata("\(architecture).context_length").flatMap { Int($0) } ?? 0
    }

    var layers: Int { Int(unsafe llama_model_n_layer(pointer)) }
    var parameters: UInt64 { unsafe llama_model_n_params(pointer) }
    /// Bytes of all tensors.
    var size: UInt64 { unsafe llama_model_size(pointer) }
    var vocabularySize: Int { Int(unsafe llama_vocab_n_tokens(vocabularyPointer)) }

    /// The KV cache's bytes for each token at 16 bits a value.
    var cacheBytesPerToken: Int {
        let heads = max(1, Int(unsafe llama_model_n_head(pointer)))
        let headSize = Int(unsafe llama_model_n_embd(pointer)) / heads
        return 2 * 2 * layers * Int(unsafe llama_model_n_head_kv(pointer)) * headSize
    }

    /// Whether the model decodes text left to right, as every judge must.
    var isDecoder: Bool {
        unsafe llama_model_has_decoder(pointer) && !llama_model_has_encoder(pointer)
            && !llama_model_is_diffusion(pointer)
    }

    /// Whether what it has read can be cut and copied at any token; recurrent layers keep a state in place of a cache.
    var isForkable: Bool {
        unsafe !llama_model_is_recurrent(pointer) && !llama_model_is_hybrid(pointer)
    }

    /// The chat template in the file, if there is one.
    var chatTemplate: String? {
        unsafe llama_model_chat_template(pointer, nil).map { unsafe String(cString: $0) }
    }

    /// The engine's short description, such as `qwen2 0.5B Q4_K - Medium`.
    var summary: String {
        unsafe LlamaModel.text { unsafe llama_model_desc(self.pointer, $0, $1) } ?? ""
    }

    /// The format of most weights, as the engine names it, such as `Q4_K - Medium`.
    var format: String {
        guard let number = metadata("general.file_type").flatMap(UInt32.init),
            let name = unsafe llama_ftype_name(llama_ftype(rawValue: number))
        else {
            return "unknown format"
        }
        return unsafe String(cString: name)
    }

    /// A scalar of the file's metadata, as text.
    func metadata(_ key: String) -> String? {
        unsafe LlamaModel.text { unsafe llama_model_meta_val_str(self.pointer, key, $0, $1) }
    }

    /// Calls a function that writes text into a buffer and returns its length or a negative number.
    private static func text(_ write: (UnsafeMutablePointer<CChar>, Int) -> Int32) -> String? {
        var capacity = 256
        while true {
            var buffer = [CChar](repeating: 0, count: capacity)
            let length = unsafe buffer.withUnsafeMutableBufferPointer { bytes -> Int32 in
                guard let base = bytes.baseAddress else { return -1 }
                return unsafe write(base, bytes.count)
            }
            guard length >= 0 else { return nil }
            if Int(length) < capacity {
                return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
            capacity = Int(length) + 1
        }
    }

    /// Lends the C pointers to the wrappers of this folder.
    func withPointers<Result, Failure: Error>(
        _ body: (_ model: OpaquePointer, _ vocabulary: OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try body(pointer, vocabularyPointer)
    }
}
