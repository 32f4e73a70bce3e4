/// What a job wants computed next in its own sequence, behind its prompt: some tokens in a row, then branches.
///
/// The branches all start behind the row and know nothing of each other: this is how the labels of a scale are weighed in
/// one computation. Logits come out for the row's last token and for every token of the branches.
struct SequenceWork: Hashable, Sendable {
    /// The position of the row's first token; what the sequence held from there on is forgotten.
    var start: Int
    var row: [Int32]
    var branches: [[Int32]] = []

    /// Rows of logits that come out.
    var outputs: Int { (row.isEmpty ? 0 : 1) + branches.reduce(0) { $0 + $1.count } }
    var tokenCount: Int { row.count + branches.reduce(0) { $0 + $1.count } }
}
