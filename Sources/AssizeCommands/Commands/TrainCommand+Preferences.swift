public import ArgumentParser
public import AssizeTraining

extension TrainCommand {
    /// `assize train dpo`: learns preferences.
    struct Dpo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Learn preferences: of two answers to one prompt, the better one.",
            discussion: """
                --data takes the formats of TRL, one object a line: {"prompt": ..., "chosen": ..., "rejected": ...}, or chosen and
                rejected alone as whole dialogues that share their beginning. The reference is the base model, or the adapter
                given with --adapter; its log-probabilities are computed once. Rows with one prompt are computed together.

                Example:
                  assize train dpo --base judge.gguf --adapter judge0.gguf --data pairs.jsonl --out judge1.gguf
                """
        )

        @OptionGroup var train: TrainOptions
        @OptionGroup(title: "Training") var optimizer: OptimizerOptions
        @OptionGroup(title: "Adapter") var adapter: AdapterOptions
        @OptionGroup(title: "Engine") var engine: TrainingEngineOptions

        @Option(
            help: ArgumentHelp(
                "The formula: DPO's own, for a share of wrong labels, a hinge, IPO, or by the answers' lengths.",
                valueName: "sigmoid|robust|hinge|ipo|normalized"
            )
        )
        var loss = PreferenceLoss.Kind.sigmoid

        @Option(help: ArgumentHelp("How strongly the reference is held to.", valueName: "x"))
        var beta = 0.1

        @Option(
            help: ArgumentHelp("The share of pairs that are thought to be the wrong way round.", valueName: "share")
        )
        var labelSmoothing = 0.0

        @Option(
            help: ArgumentHelp("The weight of the chosen answers' own loss, beside that of the pairs.", valueName: "x")
        )
        var likelihoodWeight = 0.0

        func run() async throws {
            let loss = try PreferenceLoss(
                kind: loss,
                beta: beta,
                labelSmoothing: labelSmoothing,
                likelihoodWeight: likelihoodWeight
            )
            let session = TrainingSession(
                kind: .preference,
                objective: .preference(loss),
                train: train,
                optimizer: optimizer,
                adapter: adapter,
                engine: engine
            )
            try await session.run()
        }
    }

    /// `assize train kto`: learns from single answers.
    struct Kto: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Learn from single answers that are wanted or not.",
            discussion: """
                --data takes TRL's format, one object a line: {"prompt": ..., "completion": ..., "label": true}.

                Example:
                  assize train kto --base judge.gguf --data answers.jsonl --out judge1.gguf
                """
        )

        @OptionGroup var train: TrainOptions
        @OptionGroup(title: "Training") var optimizer: OptimizerOptions
        @OptionGroup(title: "Adapter") var adapter: AdapterOptions
        @OptionGroup(title: "Engine") var engine: TrainingEngineOptions

        @Option(help: ArgumentHelp("How strongly the reference is held to.", valueName: "x"))
        var beta = 0.1

        @Option(help: ArgumentHelp("The weight of wanted answers.", valueName: "x"))
        var desirableWeight = 1.0

        @Option(help: ArgumentHelp("The weight of unwanted answers.", valueName: "x"))
        var undesirableWeight = 1.0

        func run() async throws {
            let loss = try UnpairedLoss(
                beta: beta,
                desirableWeight: desirableWeight,
                undesirableWeight: undesirableWeight
            )
            let session = TrainingSession(
                kind: .unpaired,
                objective: .unpaired(loss),
                train: train,
                optimizer: optimizer,
                adapter: adapter,
                engine: engine
            )
            try await session.run()
        }
    }
}

extension PreferenceLoss.Kind: ExpressibleByArgument {}
