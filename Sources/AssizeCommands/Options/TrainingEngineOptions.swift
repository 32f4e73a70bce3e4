internal import ArgumentParser

/// With what is trained.
enum TrainingEngine: String, ExpressibleByArgument, CaseIterable {
    /// This program itself.
    case assize
    /// Hugging Face's TRL, under Accelerate.
    case trl
}

/// The engine, and where it is found if it is not this program.
struct TrainingEngineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "With what it is trained: this program, or Hugging Face's TRL, on as many processes and GPUs as Accelerate has.",
            valueName: "assize|trl"
        )
    )
    var engine = TrainingEngine.assize

    @Option(
        help: ArgumentHelp(
            "For trl: the virtual environment with trl, peft and accelerate; default: $VIRTUAL_ENV, else what PATH finds.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var python: String?

    @Option(help: ArgumentHelp("For trl: processes that share each step; default: 1.", valueName: "n"))
    var processes: Int?

    @Option(
        help: ArgumentHelp(
            "For trl: a file of 'accelerate config', for FSDP, DeepSpeed or several machines.",
            valueName: "file"
        ),
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var accelerateConfig: String?

    @Option(
        help: ArgumentHelp(
            "For trl: the base model as a Hugging Face folder; default: one is made of --base, once.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var hfBase: String?

    func validate() throws {
        let given = [
            ("--python", python), ("--processes", processes.map { String($0) }),
            ("--accelerate-config", accelerateConfig), ("--hf-base", hfBase),
        ]
        if engine == .assize, let (name, _) = given.first(where: { $0.1 != nil }) {
            throw ValidationError("\(name) goes with --engine trl")
        }
        if let processes, processes < 1 { throw ValidationError("--processes is \(processes); use 1 or more") }
    }
}
