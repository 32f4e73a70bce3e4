/// A context for measurements, each computation checked for cancellation.
///
/// One thread owns it.
final class ProbeContext {
    static let contextTokens = 4096
    static let batchTokens = 512

    let context: LlamaContext
    let vocabulary: Vocabulary
    let threads: Int
    private let batch: TokenBatch
    /// What the first sequence holds.
    private var cached: [Vocabulary.Token] = []

    init(model: LlamaModel, threads: Int?, abortFlag: LlamaContext.AbortFlag) throws(AssizeLocalError) {
        let plan = try EnginePlan(
            options: EngineOptions(
                contextTokens: max(64, min(ProbeContext.contextTokens, model.trainedContext)),
                isDeterministic: true,
                batchTokens: ProbeContext.batchTokens,
                threads: threads
            ),
            trainedContext: model.trainedContext,
            cacheBytesPerToken: model.cacheBytesPerToken,
            cores: EnginePlan.availableCores
        )
        context = try LlamaContext(model: model, plan: plan, abortFlag: abortFlag)
        batch = TokenBatch(capacity: plan.batchTokens)
        vocabulary = Vocabulary(model: model)
        self.threads = plan.threads
    }

    /// Reads tokens in the first sequence; what it shares with the last ones read is not computed again.
    ///
    /// - Parameters:
    ///   - tokens: The tokens, at least one, from the beginning.
    ///   - outputs: Where logits are wanted, as indices of `tokens`; at most 64 in a block, and those are always computed.
    ///   - body: Called with each of those indices and its logits.
    /// - Throws: ``AssizeLocalError`` when the engine fails; `CancellationError`.
    func read(
        _ tokens: [Vocabulary.Token],
        outputs: Set<Int>,
        _ body: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) throws {
        var first = min(outputs.min() ?? tokens.count, tokens.count - 1, cached.count)
        if let difference = (0..<first).first(where: { cached[$0] != tokens[$0] }) { first = difference }
        context.remove(sequence: 0, from: first)
        cached = Array(cached.prefix(first))
        for start in stride(from: first, to: tokens.count, by: ProbeContext.batchTokens) {
            let block = start..<min(start + ProbeContext.batchTokens, tokens.count)
            batch.removeAll()
            for index in block {
                batch.append(tokens[index], position: index, sequences: [0], output: outputs.contains(index))
            }
            try compute()
            cached += tokens[block]
            for index in block where outputs.contains(index) {
                let isThere: Void? = unsafe context.withLogits(row: index - start) { unsafe body(index, $0) }
                guard isThere != nil else {
                    throw AssizeLocalError(code: .engine, message: "the engine gave no logits in a measurement")
                }
            }
        }
    }

    /// Forgets all that was read.
    func forget() {
        context.clear()
        cached = []
    }

    /// Computes a token for each of several sequences, all at the same place; what stood there and behind is forgotten.
    func step(_ tokens: [Vocabulary.Token], at position: Int) throws {
        batch.removeAll()
        for (sequence, token) in tokens.enumerated() {
            context.remove(sequence: sequence, from: position)
            batch.append(token, position: position, sequences: [sequence], output: true)
        }
        cached = Array(cached.prefix(position))
        try compute()
    }

    private func compute() throws {
        try Task.checkCancellation()
        switch context.decode(batch) {
        case .done: return
        case .aborted: throw CancellationError()
        case .noRoom: throw AssizeLocalError(code: .engine, message: "the KV cache is full in a measurement")
        case .failed(let code):
            throw AssizeLocalError(
                code: .engine,
                message: "the engine failed with code \(code) in a measurement (\(LlamaBackend.takeLog()))"
            )
        }
    }
}
