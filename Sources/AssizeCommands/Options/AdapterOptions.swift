internal import ArgumentParser
internal import AssizeTraining

/// The adapter's form, or the adapter to go on from.
struct AdapterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The rank of each change.", valueName: "n"))
    var rank = 16

    @Option(help: ArgumentHelp("The changes are multiplied by alpha / rank.", valueName: "x"))
    var alpha = 32.0

    @Option(help: ArgumentHelp("The share of the adapter's inputs that is left out in a step.", valueName: "share"))
    var dropout = 0.0

    @Option(
        help: ArgumentHelp(
            "Which projections are changed: all, attention, or a list of \(LoraOptions.allTargets.joined(separator: ", ")).",
            valueName: "all|attention|list"
        )
    )
    var targets = "all"

    @Flag(help: "Multiply by alpha / sqrt(rank) (rsLoRA).")
    var rslora = false

    @Option(
        help: ArgumentHelp(
            "An adapter in GGUF to go on from; form and rank are its own, and it is the reference of dpo and kto.",
            valueName: "file"
        ),
        completion: .file(extensions: ["gguf"])
    )
    var adapter: String?

    /// The form of a new adapter.
    var lora: LoraOptions {
        var lora = LoraOptions(rank: rank, alpha: alpha)
        lora.isRankStabilized = rslora
        lora.dropout = dropout
        switch targets {
        case "all": lora.targets = LoraOptions.allTargets
        case "attention": lora.targets = LoraOptions.attentionTargets
        default:
            lora.targets = targets.split(separator: ",").map { String($0.drop { $0 == " " }) }
        }
        return lora
    }
}
