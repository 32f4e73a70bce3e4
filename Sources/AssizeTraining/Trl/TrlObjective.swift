/// An objective as TRL names it.
struct TrlObjective: Sendable, Hashable {
    /// Which trainer: `sft`, `dpo` or `kto`.
    let kind: String
    /// The fewest rows that a process may compute at once.
    let leastRows: Int
    /// The most rows that a process may compute at once, where the formula has a limit.
    let mostRows: Int?
    private let loss: [String: JSONValue]

    /// Translates an objective.
    ///
    /// - Parameter objective: The objective.
    /// - Throws: ``AssizeTrainingError`` for a formula that TRL does not have.
    init(_ objective: Objective) throws(AssizeTrainingError) {
        switch objective {
        case .fineTuning:
            kind = "sft"
            (leastRows, mostRows) = (1, nil)
            loss = ["packing": .bool(false)]
        case .preference(let preference):
            kind = "dpo"
            leastRows = 1
            let isSmoothed = preference.labelSmoothing > 0 && preference.kind == .sigmoid
            // TRL's 'aot' is the smoothed sigmoid between a batch's sorted differences: over one pair the very formula.
            mostRows = isSmoothed ? 1 : nil
            let name = isSmoothed ? "aot" : try TrlObjective.name(of: preference)
            var fields: [String: JSONValue] = [
                "beta": .number(preference.beta),
                "label_smoothing": .number(preference.labelSmoothing),
                "loss_type": .array([.string(name)]),
            ]
            if preference.likelihoodWeight > 0 {
                fields["loss_type"] = .array([.string(name), .string("sft")])
                fields["loss_weights"] = .array([.number(1), .number(preference.likelihoodWeight)])
            }
            loss = fields
        case .unpaired(let unpaired):
            kind = "kto"
            // With one row there is no other's answer to measure the divergence by.
            (leastRows, mostRows) = (2, nil)
            loss = [
                "beta": .number(unpaired.beta),
                "desirable_weight": .number(unpaired.desirableWeight),
                "undesirable_weight": .number(unpaired.undesirableWeight),
                "loss_type": .string("kto"),
                // Rows keep their places: each is measured by the answer of the row before it.
                "train_sampling_strategy": .string("sequential"),
            ]
        }
    }

    /// The trainer's arguments that belong to the objective.
    ///
    /// - Parameter dropout: The adapter's dropout, which TRL takes away unless it is told not to.
    /// - Returns: The arguments by name.
    func arguments(dropout: Double) -> [String: JSONValue] {
        guard kind != "sft" else { return loss }
        return loss.merging(["disable_dropout": .bool(dropout == 0)]) { $1 }
    }

    private static func name(of loss: PreferenceLoss) throws(AssizeTrainingError) -> String {
        switch loss.kind {
        case .sigmoid: return "sigmoid"
        case .robust: return "robust"
        case .hinge: return "hinge"
        case .ipo: return "ipo"
        case .normalized:
            guard loss.labelSmoothing == 0 else {
                throw AssizeTrainingError(
                    code: .invalidOptions,
                    message:
                        "TRL has no label smoothing for the loss 'normalized'; use sigmoid or robust, leave it out, or train with --engine assize"
                )
            }
            return "sigmoid_norm"
        }
    }
}
