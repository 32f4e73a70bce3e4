internal import ArgumentParser

/// How a run is named, resumed, limited and shown.
struct RunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Judge only the first n items.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("The run's name; default: the recipe and the time.", valueName: "name"))
    var run: String?

    @Flag(help: "Go on with the run of this name, or with the last unfinished one of the same inputs and settings.")
    var resume = false

    @Flag(help: "With --resume: judge failed items again.")
    var retryFailed = false

    @Flag(help: "Neither use nor fill the response cache.")
    var noCache = false

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Asks worked on together at most; default 32.",
            valueName: "n"
        )
    )
    var jobs: Int?

    @Flag(
        help: "Answer each ask alone: the same seed, model and item give the same judgment to the last bit. Slower."
    )
    var deterministic = false

    @Flag(help: "Count items, asks and prompt tokens; judge nothing.")
    var dryRun = false

    @Option(
        name: .customLong("field"),
        help: ArgumentHelp(
            "Read a role from a field of another name, such as response=my_column. May be repeated.",
            valueName: "role=name"
        )
    )
    var fields: [String] = []

    @Option(
        help: ArgumentHelp(
            "The database of runs and cached answers; default: assize.sqlite in the data folder.",
            valueName: "file"
        )
    )
    var store: String?

    @Flag(name: [.short, .long], help: "Show only errors.")
    var quiet = false

    @Flag(name: [.short, .long], help: "Say what the engine chose, and which fields were read.")
    var verbose = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is \(limit); use 1 or more") }
        if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs is \(jobs); use 1 to 64") }
        if retryFailed, !resume { throw ValidationError("--retry-failed goes with --resume") }
        if let run, run.isEmpty { throw ValidationError("--run needs a name") }
    }

}
