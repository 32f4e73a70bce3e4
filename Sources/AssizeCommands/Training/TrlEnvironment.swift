internal import Foundation

/// Where `accelerate` is, and what it is started with.
struct TrlEnvironment: Sendable, Equatable {
    /// The program: a path, or a name that PATH finds.
    let accelerate: String
    /// What stands behind `accelerate`.
    let arguments: [String]
    /// Variables that are set for it.
    let variables: [String: String]

    /// Finds the program.
    ///
    /// - Parameters:
    ///   - options: The flags.
    ///   - job: The job's folder, script and settings.
    ///   - threads: Threads of the computation, over all processes.
    ///   - variables: The process's own environment.
    /// - Throws: ``CommandFailure`` when the environment that is named has no `accelerate`.
    init(
        _ options: TrainingEngineOptions,
        job: (folder: String, script: String, settings: String, launch: String),
        threads: Int,
        variables: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let named = options.python ?? variables["VIRTUAL_ENV"].flatMap { $0.isEmpty ? nil : $0 }
        if let named {
            accelerate = TrlEnvironment.whole("\(named)/bin/accelerate")
            guard FileManager.default.isExecutableFile(atPath: accelerate) else {
                throw CommandFailure(
                    "\(named) has no bin/accelerate; name a virtual environment with --python, and in it run 'pip install trl peft accelerate'"
                )
            }
        } else {
            accelerate = "accelerate"
        }
        let settings = options.accelerateConfig.map(TrlEnvironment.whole) ?? "\(job.folder)/\(job.launch)"
        var arguments = ["launch", "--config_file", settings]
        if options.accelerateConfig != nil, let processes = options.processes {
            arguments += ["--num_processes", String(processes)]
        }
        self.arguments = arguments + ["\(job.folder)/\(job.script)", "\(job.folder)/\(job.settings)"]
        // The model lies on this machine: nothing is to be fetched.
        var own = ["HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "PYTHONUNBUFFERED": "1"]
        if variables["OMP_NUM_THREADS"] == nil {
            own["OMP_NUM_THREADS"] = String(max(1, threads / (options.processes ?? 1)))
        }
        self.variables = own
    }

    /// The path from the root: the program runs in the job's folder.
    private static func whole(_ path: String) -> String { URL(fileURLWithPath: path).path }
}
