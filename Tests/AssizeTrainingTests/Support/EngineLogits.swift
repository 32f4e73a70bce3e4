import CLlama
import Foundation
import Testing

/// llama.cpp's logits behind a text, in 32-bit floats throughout.
enum EngineLogits {
    /// - Parameters:
    ///   - path: The model's file.
    ///   - adapter: A LoRA adapter's file.
    ///   - tokens: The text.
    /// - Returns: The natural logarithm of every next token's probability.
    /// - Throws: When llama.cpp can't load a file.
    static func logProbabilities(model path: String, adapter: String? = nil, after tokens: [Int32]) throws -> [Double] {
        llama_log_set({ _, _, _ in }, nil)
        llama_backend_init()
        var modelOptions = llama_model_default_params()
        modelOptions.n_gpu_layers = 0
        let model = try #require(llama_model_load_from_file(path, modelOptions))
        defer { llama_model_free(model) }
        var options = llama_context_default_params()
        options.n_ctx = 128
        options.n_threads = 1
        options.n_threads_batch = 1
        options.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED
        options.type_k = GGML_TYPE_F32
        options.type_v = GGML_TYPE_F32
        let context = try #require(llama_init_from_model(model, options))
        defer { llama_free(context) }
        if let adapter {
            var loaded: [OpaquePointer?] = [llama_adapter_lora_init(model, adapter)]
            try #require(loaded[0] != nil)
            var scales: [Float] = [1]
            #expect(llama_set_adapters_lora(context, &loaded, 1, &scales) == 0)
        }
        var tokens = tokens
        #expect(llama_decode(context, llama_batch_get_one(&tokens, Int32(tokens.count))) == 0)
        let values = try #require(llama_get_logits_ith(context, -1))
        let count = Int(llama_vocab_n_tokens(llama_model_get_vocab(model)))
        let logits = UnsafeBufferPointer(start: values, count: count).map(Double.init)
        let most = logits.max() ?? 0
        let sum = most + log(logits.reduce(0) { $0 + exp($1 - most) })
        return logits.map { $0 - sum }
    }

    /// Writes a model's weights as 32-bit floats, without any change of their values.
    static func widen(_ path: String, to wide: String) throws {
        var options = llama_model_quantize_default_params()
        options.ftype = LLAMA_FTYPE_ALL_F32
        options.allow_requantize = true
        options.nthread = 2
        llama_log_set({ _, _, _ in }, nil)
        try #require(llama_model_quantize(path, wide, &options) == 0)
    }
}
