/// A change to what the KV cache holds, done between two computations.
enum MemoryOperation: Hashable, Sendable {
    /// A second sequence holds the first tokens of another one; no token is computed or moved.
    case copy(from: Int, to: Int, upTo: Int)
    /// A sequence forgets its tokens from a position on; cells that no other sequence holds are free again.
    case remove(sequence: Int, from: Int)
}
