/// What a run learns from and what it is measured on.
public struct TrainingData: Sendable {
    /// The rows to learn from.
    public let examples: [TrainingExample]
    /// Rows kept apart to measure the loss on; may be empty.
    public let heldOut: [TrainingExample]
    /// What rows are called in error messages, such as their lines in a file; in the order of ``examples``.
    public let names: [String]

    /// Creates data.
    public init(examples: [TrainingExample], heldOut: [TrainingExample] = [], names: [String] = []) {
        self.examples = examples
        self.heldOut = heldOut
        self.names = names
    }

    func name(_ row: Int) -> String { row < names.count ? names[row] : "row \(row + 1)" }

    /// Whether every row is of the kind that the objective takes and fits the model.
    ///
    /// - Throws: ``AssizeTrainingError`` naming the first row that does not.
    func check(_ objective: Objective, shape: ModelShape) throws(AssizeTrainingError) {
        guard !examples.isEmpty else {
            throw AssizeTrainingError(code: .invalidData, message: "there are no rows to train on")
        }
        for (row, example) in (examples + heldOut).enumerated() {
            let name = row < examples.count ? self.name(row) : "held-out row \(row - examples.count + 1)"
            let fits =
                switch (example, objective) {
                case (.text(let text), .fineTuning): text.trained.contains { !$0.isEmpty }
                case (.preference(let prompt, let chosen, let rejected), .preference):
                    !prompt.isEmpty && !chosen.isEmpty && !rejected.isEmpty
                case (.judged(let prompt, let answer, _), .unpaired): !prompt.isEmpty && !answer.isEmpty
                default: false
                }
            guard fits else {
                throw AssizeTrainingError(
                    code: .invalidData,
                    message:
                        "\(name) has nothing to learn from for this objective: a prompt or an answer is empty, or it is of another kind"
                )
            }
            guard example.longestText <= shape.trainedContext else {
                throw AssizeTrainingError(
                    code: .invalidData,
                    message:
                        "\(name) has \(example.longestText) tokens; the model was made for \(shape.trainedContext)"
                )
            }
        }
    }
}
