import CLlama
import Foundation
import Testing

@testable import AssizeTraining

/// The small real model, when it has been pulled: `assize models pull smollm2-135m`.
enum PulledModel {
    static let path: String = {
        let environment = ProcessInfo.processInfo.environment
        let home =
            environment["ASSIZE_HOME"]
            ?? (environment["XDG_DATA_HOME"] ?? "\(environment["HOME"] ?? "")/.local/share") + "/assize"
        return "\(home)/models/SmolLM2-135M-Instruct.Q4_1.gguf"
    }()

    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }
}

/// What llama.cpp makes of the files.
@Suite(.serialized, .enabled(if: PulledModel.isThere), .timeLimit(.minutes(15)))
struct AdapterInEngineTests {
    /// A random adapter with an effect that can be seen.
    private static func adapter(of base: AdapterBase, _ names: [String], alpha: Float) -> LoraAdapter {
        var numbers = SmallNumbers(seed: 17)
        let modules = names.map { name in
            let size = base.matrices[name] ?? .init(inputs: 1, outputs: 1)
            return LoraModule(
                name: name,
                rank: 4,
                inputs: size.inputs,
                outputs: size.outputs,
                a: numbers.next(4 * size.inputs).map { $0 / 8 },
                b: numbers.next(4 * size.outputs).map { $0 / 8 }
            )
        }
        return LoraAdapter(architecture: base.architecture, alpha: alpha, modules: modules)
    }

    /// The next token's logits after a few tokens.
    private static func logits(model path: String, adapter: String? = nil) throws -> [Float] {
        llama_log_set({ _, _, _ in }, nil)
        llama_backend_init()
        var modelOptions = llama_model_default_params()
        modelOptions.n_gpu_layers = 0
        let model = try #require(llama_model_load_from_file(path, modelOptions))
        defer { llama_model_free(model) }
        var options = llama_context_default_params()
        options.n_ctx = 64
        options.n_threads = 1
        options.n_threads_batch = 1
        let context = try #require(llama_init_from_model(model, options))
        defer { llama_free(context) }
        if let adapter {
            var loaded: [OpaquePointer?] = [llama_adapter_lora_init(model, adapter)]
            try #require(loaded[0] != nil)
            var scales: [Float] = [1]
            #expect(llama_set_adapters_lora(context, &loaded, 1, &scales) == 0)
        }
        var tokens: [llama_token] = [504, 2, 314, 1998, 36, 253]
        #expect(llama_decode(context, llama_batch_get_one(&tokens, Int32(tokens.count))) == 0)
        let values = try #require(llama_get_logits_ith(context, -1))
        let count = Int(llama_vocab_n_tokens(llama_model_get_vocab(model)))
        return Array(UnsafeBufferPointer(start: values, count: count))
    }

    private static func distance(_ left: [Float], _ right: [Float]) -> Float {
        (zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Float(left.count)).squareRoot()
    }

    /// Measures how far a loaded adapter is from the same adapters merged into the weights.
    ///
    /// The last layer's weights are 32-bit floats in both: only what goes into the coarse output matrix is rounded.
    private static func compare(
        _ loaded: LoraAdapter,
        _ merged: [LoraAdapter.Weighted],
        in folder: ScratchFolder
    ) throws -> (effect: Float, error: Float) {
        let (base, changed, adapter) = (folder.file("base.gguf"), folder.file("merged.gguf"), folder.file("a.gguf"))
        try loaded.writeGGUF(to: adapter)
        try ModelMerge(base: PulledModel.path, adapters: [(loaded, 0)], format: .f32).write(to: base)
        try ModelMerge(base: PulledModel.path, adapters: merged, format: .f32).write(to: changed)
        let plain = try logits(model: base)
        let withAdapter = try logits(model: base, adapter: adapter)
        return (distance(plain, withAdapter), distance(withAdapter, try logits(model: changed)))
    }

    @Test func `a loaded adapter and a merged model give the same answers`() throws {
        let base = try AdapterBase(reading: PulledModel.path)
        #expect(base.architecture == "llama" && base.layers == 30 && base.heads == 9 && base.keyValueHeads == 3)
        let names = TinyModelFile.names.keys.sorted().map { "blk.29.\($0)" }
        let adapter = AdapterInEngineTests.adapter(of: base, names, alpha: 16)
        try base.check(adapter)
        let result = try AdapterInEngineTests.compare(adapter, [(adapter, 1)], in: ScratchFolder())
        #expect(result.effect > 0.1 && result.error < 0.02 * result.effect, "\(result)")
    }

    @Test func `a concatenation has the effect of both adapters`() throws {
        let base = try AdapterBase(reading: PulledModel.path)
        let one = AdapterInEngineTests.adapter(of: base, ["blk.29.attn_q", "blk.29.ffn_gate"], alpha: 16)
        let two = AdapterInEngineTests.adapter(of: base, ["blk.29.ffn_gate", "blk.29.attn_output"], alpha: 24)
        let both = try LoraAdapter.merged([(one, 0.5), (two, 1)], method: .concatenated)
        let result = try AdapterInEngineTests.compare(both, [(one, 0.5), (two, 1)], in: ScratchFolder())
        #expect(result.effect > 0.1 && result.error < 0.02 * result.effect, "\(result)")
    }
}
