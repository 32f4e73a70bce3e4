internal import ArgumentParser
internal import AssizeHub
internal import AssizeTraining

extension ModelsCommand {
    /// `assize models import-adapter`: from PEFT's folder to GGUF.
    struct ImportAdapter: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import-adapter",
            abstract: "Make a GGUF adapter of a PEFT folder.",
            discussion: """
                Modules that an adapter in GGUF can't express are refused, all of them listed.

                Example:
                  assize models import-adapter peft-run/ --base smollm2-135m --out judge.gguf
                """
        )

        @Argument(help: "A folder with adapter_config.json and adapter_model.safetensors.", completion: .directory)
        var folder: String

        @Option(help: ArgumentHelp("The model that the adapter was made for.", valueName: "model"))
        var base: String

        @Option(name: [.short, .customLong("out")], help: ArgumentHelp("The file to write.", valueName: "file"))
        var output: String

        @Flag(help: "Overwrite a file that is there.") var force = false

        func run() async throws {
            let terminal = Terminal()
            try OutputPath.check(output, force: force)
            let path = try await ModelLoader(home: AssizeHome(), terminal: terminal).weights(of: base)
            let adapter = try PEFTAdapter(path: folder).read(for: try AdapterBase(reading: path))
            try adapter.writeGGUF(to: output)
            terminal.write("\(output): \(adapter.modules.count) modules, \(Format.count(adapter.parameters)) values")
        }
    }

    /// `assize models export-adapter`: from GGUF to PEFT's folder.
    struct ExportAdapter: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export-adapter",
            abstract: "Make a PEFT folder of a GGUF adapter.",
            discussion: """
                Example:
                  assize models export-adapter judge.gguf --base smollm2-135m --out peft-judge/
                """
        )

        @Argument(help: "An adapter in GGUF.", completion: .file(extensions: ["gguf"]))
        var adapter: String

        @Option(help: ArgumentHelp("The model that the adapter was made for.", valueName: "model"))
        var base: String

        @Option(
            help: ArgumentHelp(
                "What PEFT is to call the base model, such as HuggingFaceTB/SmolLM2-135M-Instruct.",
                valueName: "name"
            )
        )
        var baseName: String?

        @Option(name: [.short, .customLong("out")], help: ArgumentHelp("The folder to write.", valueName: "folder"))
        var output: String

        @Flag(help: "Replace an adapter that is in the folder.") var force = false

        func run() async throws {
            let terminal = Terminal()
            let folder = PEFTAdapter(path: output)
            guard force || !folder.isPresent else {
                throw CommandFailure(
                    "\(output) holds an adapter already; replace it with --force, or name another folder"
                )
            }
            let path = try await ModelLoader(home: AssizeHome(), terminal: terminal).weights(of: base)
            let adapter = try LoraAdapter(readingGGUF: adapter)
            try folder.write(adapter, for: try AdapterBase(reading: path), model: baseName)
            terminal.write("\(output): \(adapter.modules.count) modules, \(Format.count(adapter.parameters)) values")
        }
    }
}
