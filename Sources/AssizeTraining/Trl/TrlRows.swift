internal import AssizeCore

/// Training rows as TRL's trainers take token ids, one JSON object a line.
enum TrlRows {
    /// What TRL leaves out of the loss.
    private static let ignored: Int32 = -100

    /// Writes rows.
    ///
    /// - Parameters:
    ///   - examples: The rows.
    ///   - path: The file.
    /// - Throws: ``AssizeTrainingError`` when it can't be written.
    static func write(_ examples: [TrainingExample], to path: String) throws(AssizeTrainingError) {
        let file = try AtomicFile(path: path)
        for example in examples { try file.append(Array(line(example).utf8) + [UInt8(ascii: "\n")]) }
        try file.commit()
    }

    /// Rows in an order that the seed decides, for a trainer that takes them as they lie.
    ///
    /// - Parameters:
    ///   - examples: The rows.
    ///   - seed: Decides the order.
    /// - Returns: The same rows.
    static func shuffled(_ examples: [TrainingExample], seed: UInt64) -> [TrainingExample] {
        var examples = examples
        var random = SplitMix64(seed: SplitMix64.derive(seed, "order", "0"))
        for place in examples.indices.reversed().dropLast() {
            examples.swapAt(place, Int(random.next(upperBound: UInt64(place + 1))))
        }
        return examples
    }

    /// One row.
    ///
    /// - Parameter example: The row.
    /// - Returns: The line, without its end.
    static func line(_ example: TrainingExample) -> String {
        switch example {
        case .text(let text):
            var labels = [Int32](repeating: ignored, count: text.tokens.count)
            for range in text.trained { labels.replaceSubrange(range, with: text.tokens[range]) }
            return #"{"input_ids":\#(list(text.tokens)),"labels":\#(list(labels))}"#
        case .preference(let prompt, let chosen, let rejected):
            return
                #"{"prompt_ids":\#(list(prompt)),"chosen_ids":\#(list(chosen)),"rejected_ids":\#(list(rejected))}"#
        case .judged(let prompt, let answer, let isDesirable):
            return #"{"prompt_ids":\#(list(prompt)),"completion_ids":\#(list(answer)),"label":\#(isDesirable)}"#
        }
    }

    private static func list(_ tokens: [Int32]) -> String {
        "[\(tokens.map(String.init).joined(separator: ","))]"
    }
}
