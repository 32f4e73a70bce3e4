import Foundation

/// How a model's rotary positions are stretched, in Transformers' terms.
///
/// GGUF holds Llama 3's way as one factor a frequency; its constants are found again from these.
enum RopeScaling: Sendable, Hashable {
    /// Not at all.
    case none
    /// Positions are divided by a factor.
    case linear(factor: Double)
    /// YaRN (arXiv 2309.00071).
    case yarn(factor: Double, original: Int, attentionFactor: Double?)
    /// Llama 3's: long wavelengths are divided by a factor, short ones stay.
    case llama3(Llama3Frequencies)

    /// Reads the stretching.
    ///
    /// - Parameters:
    ///   - file: The model's file.
    ///   - shape: Its sizes.
    /// - Throws: ``AssizeTrainingError`` for one that Transformers has no words for.
    init(_ file: GGUFFile, shape: ModelShape) throws(AssizeTrainingError) {
        let rotation = shape.rotation
        func refusal(_ why: String) -> AssizeTrainingError {
            AssizeTrainingError(
                code: .unreadableModel,
                message: "\(file.path) \(why); it can't be written for Transformers"
            )
        }
        guard rotation.dimensions == shape.headSize else {
            throw refusal("rotates \(rotation.dimensions) of a head's \(shape.headSize) values")
        }
        if let tensor = file.tensor("rope_freqs.weight") {
            guard rotation.scale == 1, tensor.count == shape.headSize / 2 else {
                throw refusal("stretches positions in two ways at once, or has \(tensor.count) factors of frequencies")
            }
            let factors = try file.floats(of: tensor).map(Double.init)
            guard
                let found = Llama3Frequencies(
                    factors: factors,
                    base: Double(rotation.base),
                    original: file.integer("\(shape.architecture).rope.scaling.original_context_length")
                )
            else { throw refusal("stretches its frequencies in another way than Llama 3") }
            self = .llama3(found)
            return
        }
        guard rotation.scale != 1 else {
            guard rotation.attentionFactor == 1 else {
                throw refusal("multiplies its rotation by \(rotation.attentionFactor)")
            }
            self = .none
            return
        }
        let factor = 1 / Double(rotation.scale)
        if rotation.extrapolation == 0 {
            self = .linear(factor: factor)
        } else {
            // llama.cpp multiplies by this and YaRN's own factor, Transformers by the one number that it is given.
            let own = 0.1 * log(factor) + 1
            let attention = Double(rotation.attentionFactor)
            self = .yarn(
                factor: factor,
                original: rotation.originalContext,
                attentionFactor: attention == 1 ? nil : attention * own
            )
        }
    }

    /// What `rope_scaling` is in `config.json`.
    var json: JSONValue {
        switch self {
        case .none: return .null
        case .linear(let factor):
            return .object(["rope_type": .string("linear"), "factor": .number(factor)])
        case .yarn(let factor, let original, let attentionFactor):
            var fields: [String: JSONValue] = [
                "rope_type": .string("yarn"), "factor": .number(factor),
                "original_max_position_embeddings": .count(original),
            ]
            if let attentionFactor { fields["attention_factor"] = .number(attentionFactor) }
            return .object(fields)
        case .llama3(let frequencies):
            return .object([
                "rope_type": .string("llama3"), "factor": .number(frequencies.factor),
                "low_freq_factor": .number(frequencies.low), "high_freq_factor": .number(frequencies.high),
                "original_max_position_embeddings": .count(frequencies.original),
            ])
        }
    }
}
