internal import ArgumentParser
internal import AssizeTraining

extension TrainCommand {
    /// `assize train report`: the curves of a run, also while it runs.
    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a run's curves as an HTML page, also while it runs.",
            discussion: """
                A run writes this page into its folder when it ends.

                Example:
                  assize train report judge0.gguf.run --out curves.html
                """
        )

        @Argument(help: "A run's folder.", completion: .directory) var folder: String

        @Option(
            name: [.short, .customLong("out")],
            help: ArgumentHelp("The page; default: report.html in the run's folder.", valueName: "file")
        )
        var output: String?

        func run() throws {
            let path = output ?? "\(folder)/report.html"
            let curves = TrainingCurves(history: try TrainingHistory(readingRun: folder))
            try OutputPath.check(path, force: true)
            try curves.write(to: path, title: "Training run \(folder)")
            Terminal().write(path)
        }
    }
}
