internal import ArgumentParser
internal import AssizeTraining

/// `assize train`: trains a LoRA adapter for a GGUF model, in this process.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a LoRA adapter for a GGUF model, on this machine.",
        discussion: """
            sft learns answers, or judgments from labelled items; dpo learns preferences; kto learns from single answers that
            are wanted or not; report shows a run's curves. The adapter is a GGUF file for 'assize judge --adapter' and for llama.cpp.
            """,
        subcommands: [Sft.self, Dpo.self, Kto.self, Report.self]
    )

    /// `assize train sft`: learns answers.
    struct Sft: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Learn answers, or judgments from labelled items.",
            discussion: """
                --data takes the formats of TRL, one object a line: {"messages": [...]}; {"prompt": ..., "completion": ...};
                {"text": ...}. Prompts and completions are strings or messages; strings go through the model's chat template
                unless --raw-text says otherwise. --items takes labelled items with a score or label and a rationale, and
                learns the judgment that the recipe would ask for.

                Examples:
                  assize train sft --base judge.gguf --data rows.jsonl --out answers.gguf
                  assize train sft --base judge.gguf --items labelled.jsonl -p assize-pointwise --no-lead --balance --out judge0.gguf
                  assize train sft ... --dry-run      count rows, tokens and steps
                  assize train sft ... --resume       go on after Ctrl-C or a crash
                """
        )

        @OptionGroup var train: TrainOptions
        @OptionGroup(title: "Labelled items") var items: ItemOptions
        @OptionGroup(title: "Training") var optimizer: OptimizerOptions
        @OptionGroup(title: "Adapter") var adapter: AdapterOptions
        @OptionGroup(title: "Engine") var engine: TrainingEngineOptions

        func run() async throws {
            let session = TrainingSession(
                kind: .fineTuning,
                objective: .fineTuning,
                train: train,
                optimizer: optimizer,
                adapter: adapter,
                items: items,
                engine: engine
            )
            try await session.run()
        }
    }
}
