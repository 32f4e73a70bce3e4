package import AssizeCore

/// An ask that formats of weights are compared on.
package struct JudgingPrompt: Sendable, Hashable {
    /// The ask; one for a label.
    package let ask: Ask
    /// The scale of its labels.
    package let scale: Scale

    /// Puts an ask and its scale together.
    package init(ask: Ask, scale: Scale) {
        self.ask = ask
        self.scale = scale
    }
}
