/// A place in a text that announces a verdict: `[RESULT]`, `Score:`, `I prefer`.
struct VerdictMarker {
    /// How plainly it announces one.
    enum Strength: Int, Comparable {
        /// Within a sentence: "I would give it a".
        case sentence
        /// A label of its own: "Score:".
        case label
        /// A label that says that it is the last word: "Final score:".
        case final
        /// A form that no prose has: `[RESULT]`, `[[`, `\boxed{`, `<score>`, a JSON key.
        case form

        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    /// Where it starts, its qualifiers and brackets included.
    let start: Int
    /// Where its word ends; the value comes after.
    let end: Int
    let strength: Strength
    /// Whether the value has to stand alone: nothing links it to the marker.
    var needsLoneValue = false
    /// Whether a bracket opened before the word encloses the value too.
    var isEnclosing = false
}
