/// Changes to a row of logits that are taken back before anyone else reads it.
///
/// Samples that share a prompt draw from one row. To change a few hundred entries and put them back costs less than a copy of
/// the row.
@safe
struct LogitEdits {
    private let logits: UnsafeMutableBufferPointer<Float>
    private var before: [(token: Vocabulary.Token, logit: Float)] = []

    init(_ logits: UnsafeMutableBufferPointer<Float>) {
        unsafe self.logits = unsafe logits
    }

    subscript(token: Vocabulary.Token) -> Float {
        get {
            unsafe precondition((0..<logits.count).contains(Int(token)), "the token is in the vocabulary")
            return unsafe logits[Int(token)]
        }
        set {
            before.append((token, self[token]))
            unsafe logits[Int(token)] = newValue
        }
    }

    /// Takes a token out of the row.
    mutating func ban(_ token: Vocabulary.Token) {
        self[token] = -.infinity
    }

    /// Puts every logit back.
    mutating func undo() {
        // The last change first: a token may have been changed twice.
        while let (token, logit) = before.popLast() { unsafe logits[Int(token)] = logit }
    }
}
