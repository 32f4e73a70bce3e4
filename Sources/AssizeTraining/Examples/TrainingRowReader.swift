internal import AssizeCore

/// Reads rows in the formats of TRL's data sets, one JSON object a line, as examples in tokens.
///
/// - Texts to learn (``Kind/fineTuning``): `messages`, or `prompt` and `completion`, or `text`.
/// - Preferences: `prompt`, `chosen` and `rejected`; or `chosen` and `rejected` alone, as whole dialogues that share their
///   beginning.
/// - Single answers (``Kind/unpaired``): `prompt`, `completion` and `label`.
///
/// A side is a string or a list of messages with `role` and `content`. A prompt that is a string becomes the user's message in
/// the model's chat template, and an answer that is a string the assistant's; TRL reads strings as they are, and so do
/// ``TrainingRowOptions/isRawText`` and the column `text`. Other columns are kept as the row's provenance.
public struct TrainingRowReader: Sendable {
    /// What rows of a file are for.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Texts of which the answers are learnt.
        case fineTuning
        /// Pairs of answers.
        case preference
        /// Answers that are wanted or not.
        case unpaired
    }

    let kind: Kind
    let tokenizer: any TrainingTokenizer
    let options: TrainingRowOptions

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - kind: What the rows are for.
    ///   - tokenizer: The model's tokenizer.
    ///   - options: What is done with strings and with rows that are too long.
    public init(kind: Kind, tokenizer: any TrainingTokenizer, options: TrainingRowOptions) {
        self.kind = kind
        self.tokenizer = tokenizer
        self.options = options
    }

    /// Reads a file to its end.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - rows: Where the rows go, behind those that are there.
    /// - Throws: ``AssizeTrainingError`` when the file can't be read, or has a row that is too long where none may be;
    ///   `CancellationError` when the task is cancelled.
    public func read(_ path: String, into rows: inout TrainingRows) throws {
        let reader = try TrainingLineReader(path: path)
        while let line = try reader.next() {
            try Task.checkCancellation()
            let name = "\(path):\(line.number)"
            do {
                let row = try TrainingRow(line.bytes)
                let (example, used) = try example(row)
                let provenance = row.rest(without: used)
                try rows.add(
                    TrainingRows.Row(example: example, name: name, provenance: provenance),
                    options,
                    keeping: tokenizer.beginning
                )
            } catch let fault as TrainingRow.Fault {
                rows.addBroken(name, reason: fault.reason)
            }
        }
    }

    /// The example of a row, and the columns that it was made of.
    func example(_ row: TrainingRow) throws -> (TrainingExample, used: Set<String>) {
        switch kind {
        case .fineTuning: try fineTuning(row)
        case .preference: try preference(row)
        case .unpaired: try unpaired(row)
        }
    }
}
