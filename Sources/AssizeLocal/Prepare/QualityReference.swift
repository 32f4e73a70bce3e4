internal import AssizeCore

/// What the original file writes and weighs on judging prompts: what other formats are held against.
package struct QualityReference: Sendable {
    struct Entry: Sendable {
        let prompt: [Vocabulary.Token]
        /// The beginning of the rationale.
        let written: [Vocabulary.Token]
        let labels: LabelTree
        let scale: Scale
        /// The distribution before each written token, and before the label.
        let next: [NextTokens]
        let distribution: LabelDistribution
    }

    let entries: [Entry]
    /// Prompts left out because they do not fit.
    package let skipped: Int

    /// Prompts that can be compared.
    package var count: Int { entries.count }
}
