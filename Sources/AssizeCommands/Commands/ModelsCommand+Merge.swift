public import ArgumentParser
internal import AssizeHub
public import AssizeTraining
internal import Foundation

extension ModelsCommand {
    /// `assize models merge`: adapters into one, or into a model's weights.
    struct Merge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Merge LoRA adapters into one, or into a model's weights.",
            discussion: """
                Without --into the result is an adapter; with it a whole model that needs none.

                Examples:
                  assize models merge pointwise.gguf=0.5 pairwise.gguf=0.5 --out seed.gguf
                  assize models merge seed.gguf --into smollm2-135m --format bf16 --out judge.gguf
                """
        )

        @Argument(
            help: ArgumentHelp(
                "Adapters in GGUF, each with its weight; without one it is 1.",
                valueName: "file[=weight]"
            ),
            completion: .file(extensions: ["gguf"])
        )
        var adapters: [WeightedFile]

        @Option(
            help: ArgumentHelp(
                "The model whose weights take the adapters in: a .gguf path, or a name from 'assize models list'.",
                valueName: "model"
            ),
            completion: .file(extensions: ["gguf"])
        )
        var into: String?

        @Option(
            help: ArgumentHelp(
                "For adapters: side by side, which is exact and adds up the ranks, or linear as PEFT does it, in the same rank.",
                valueName: "concatenated|linear"
            )
        )
        var method = LoraAdapter.MergeMethod.concatenated

        @Option(
            help: ArgumentHelp(
                "With --into: how the changed weights are stored; base keeps the model's format, and rounds to it anew.",
                valueName: "base|f32|f16|bf16|q8_0"
            )
        )
        var format = ModelMerge.Format.base

        @Option(name: [.short, .customLong("out")], help: ArgumentHelp("The file to write.", valueName: "file"))
        var output: String

        @Flag(help: "Overwrite a file that is there.") var force = false

        func run() async throws {
            let terminal = Terminal()
            try OutputPath.check(output, force: force)
            let weighted = try adapters.map { file throws(AssizeTrainingError) in
                (adapter: try LoraAdapter(readingGGUF: file.path), weight: file.weight)
            }
            if let into {
                let base = try await ModelLoader(home: AssizeHome(), terminal: terminal).weights(of: into)
                let line = StageLine(terminal: terminal)
                defer { line.end() }
                try ModelMerge(base: base, adapters: weighted, format: format)
                    .write(to: output) { done, total in
                        line.show("merging \(Format.share(done, of: total))")
                    }
            } else {
                try LoraAdapter.merged(weighted, method: method).writeGGUF(to: output)
            }
            terminal.write(output)
        }
    }
}

extension LoraAdapter.MergeMethod: ExpressibleByArgument {}

extension ModelMerge.Format: ExpressibleByArgument {}
