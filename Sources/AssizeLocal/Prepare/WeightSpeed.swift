/// How fast a file of weights computes on this machine.
package struct WeightSpeed: Sendable, Hashable {
    /// Tokens a second of a prompt.
    package let prefill: Double
    /// Tokens a second, writing one answer.
    package let decode: Double
    /// Tokens a second, writing ``togetherCount`` answers at a time, over all of them.
    package let decodeTogether: Double
    /// The share of the threads' time in which they ran; well below 1, others kept the processor busy.
    package let processorShare: Double

    /// Answers that are written together.
    package static let togetherCount = 8
    /// The prompt of a typical judgment, in tokens.
    package static let typicalPrompt = 900
    /// The text of a typical judgment, in tokens.
    package static let typicalAnswer = 120

    /// Below this share of the processor, figures say little.
    package static let quietShare = 0.75

    /// Puts figures together.
    package init(prefill: Double, decode: Double, decodeTogether: Double, processorShare: Double) {
        self.prefill = prefill
        self.decode = decode
        self.decodeTogether = decodeTogether
        self.processorShare = processorShare
    }

    /// Judgments a second to expect: 1 / (900 / prefill + 120 / decode of eight together).
    ///
    /// Prompts that share their beginning take less.
    package var judgmentsPerSecond: Double {
        1 / (Double(WeightSpeed.typicalPrompt) / prefill + Double(WeightSpeed.typicalAnswer) / decodeTogether)
    }
}
