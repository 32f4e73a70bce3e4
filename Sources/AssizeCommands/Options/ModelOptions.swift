internal import ArgumentParser
internal import AssizeLocal

/// Which model judges, and how the engine runs it.
struct ModelOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("model")],
        help: ArgumentHelp(
            "The judge: a .gguf path, a name from 'assize models list', or hf:organisation/repository:Q4_K_M.",
            valueName: "model"
        ),
        completion: .file(extensions: ["gguf"])
    )
    var model = "qwen2.5-coder-0.5b"

    @Option(
        help: ArgumentHelp(
            "The most tokens of a prompt with its answer; default: what the model was trained for, at most 16384.",
            valueName: "tokens"
        )
    )
    var context: Int?

    @Option(help: ArgumentHelp("Threads of the computation; default: the machine's cores.", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("Tokens computed together at most.", valueName: "tokens"))
    var batch: Int?

    @Option(help: ArgumentHelp("Layers to keep on a GPU, where the engine was built with one.", valueName: "n"))
    var gpuLayers: Int?

    @Option(
        help: ArgumentHelp(
            "A chat template that llama.cpp knows, in place of the file's own (chatml, llama3, ...).",
            valueName: "name"
        )
    )
    var chatTemplate: String?

    /// The flags as the engine takes them.
    ///
    /// - Parameter sequences: Asks that are worked on together.
    /// - Returns: The options; what no flag gave is `nil`, for the engine to choose.
    func engineOptions(sequences: Int?) -> EngineOptions {
        EngineOptions(
            contextTokens: context,
            sequences: sequences,
            batchTokens: batch,
            threads: threads,
            gpuLayers: gpuLayers,
            chatTemplate: chatTemplate
        )
    }
}
