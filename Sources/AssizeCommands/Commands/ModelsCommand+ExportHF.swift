public import ArgumentParser
internal import AssizeHub
public import AssizeTraining
internal import Foundation

extension ModelsCommand {
    /// `assize models export-hf NAME|FILE`: the model as a Hugging Face folder.
    struct ExportHF: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export-hf",
            abstract: "Write a model as the folder that Hugging Face's Transformers loads.",
            discussion: """
                The folder computes what the GGUF file computes, and its tokenizer gives the same ids. Known are Llama,
                Qwen2 and Qwen3 with byte-level vocabularies.

                Example:
                  assize models export-hf smollm2-135m --out smollm2 --format bf16
                """
        )

        @Argument(help: "A name from 'assize models list', hf:organisation/repository:Q4_K_M, or a .gguf path.")
        var name: String

        @Option(
            name: [.short, .customLong("out")],
            help: ArgumentHelp("The folder to make.", valueName: "folder"),
            completion: .directory
        )
        var output: String

        @Option(help: ArgumentHelp("How weights are stored: exactly, or in half the bytes.", valueName: "f32|bf16"))
        var format = HuggingFaceExport.Format.f32

        func run() async throws {
            let terminal = Terminal()
            if FileManager.default.fileExists(atPath: output) {
                throw CommandFailure("\(output) is there already; remove it, or name another folder")
            }
            let base = try await ModelLoader(home: AssizeHome(), terminal: terminal).weights(of: name)
            let line = StageLine(terminal: terminal)
            defer { line.end() }
            try HuggingFaceExport(base: base, format: format)
                .write(to: output) { progress in
                    line.show("exporting", detail: Format.share(progress.done, of: progress.total))
                }
            line.end()
            terminal.write(output)
        }
    }
}

extension HuggingFaceExport.Format: ExpressibleByArgument {}
