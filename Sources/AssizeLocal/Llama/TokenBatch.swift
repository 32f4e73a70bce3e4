internal import CLlama

/// Tokens of several sequences that are computed together.
@safe
final class TokenBatch {
    private var raw: llama_batch
    private let capacity: Int
    private let sequencesPerToken: Int

    init(capacity: Int, sequencesPerToken: Int = 1) {
        self.capacity = capacity
        self.sequencesPerToken = sequencesPerToken
        unsafe raw = llama_batch_init(Int32(capacity), 0, Int32(sequencesPerToken))
        unsafe raw.n_tokens = 0
    }

    deinit {
        unsafe llama_batch_free(raw)
    }

    var count: Int { Int(unsafe raw.n_tokens) }
    var room: Int { capacity - count }

    func removeAll() {
        unsafe raw.n_tokens = 0
    }

    /// Adds one token; the batch must have room.
    ///
    /// - Parameters:
    ///   - token: The token.
    ///   - position: Its place in its sequence, from 0.
    ///   - sequences: Its sequences in the KV cache, from 0; at least one.
    ///   - output: Whether its logits are wanted.
    /// - Returns: Its row in the batch, from 0.
    @discardableResult
    func append(_ token: Vocabulary.Token, position: Int, sequences: [Int], output: Bool) -> Int {
        precondition(count < capacity, "the batch has room")
        precondition((1...sequencesPerToken).contains(sequences.count), "the batch has room for a token's sequences")
        let row = count
        unsafe raw.token[row] = token
        unsafe raw.pos[row] = Int32(position)
        unsafe raw.n_seq_id[row] = Int32(sequences.count)
        if let ids = unsafe raw.seq_id[row] {
            for (index, sequence) in sequences.enumerated() { unsafe ids[index] = Int32(sequence) }
        }
        unsafe raw.logits[row] = output ? 1 : 0
        unsafe raw.n_tokens += 1
        return row
    }

    func withRaw<Result>(_ body: (llama_batch) -> Result) -> Result {
        unsafe body(raw)
    }
}
