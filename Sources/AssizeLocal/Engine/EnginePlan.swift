internal import AssizeCore
internal import Foundation

/// The sizes the engine runs with: the user's where given, else chosen from the machine and the model.
struct EnginePlan: Sendable, Hashable {
    /// Tokens of one prompt with its answer.
    let contextTokens: Int
    /// Tokens of the KV cache over all sequences.
    let cacheTokens: Int
    /// Asks that are worked on together.
    let sequences: Int
    let batchTokens: Int
    let threads: Int
    let isDeterministic: Bool
    let cacheType: CacheType
    let flashAttention: FlashAttention

    /// Bytes that the KV cache may take unless the user asks for more.
    static let cacheBudget = 1 << 30
    static let defaultBatch = 512
    static let defaultSequences = 32
    static let maximumSequences = 64
    /// Prompt tokens that are kept though no ask needs them now.
    static let idleTokens = 2048
    /// Tokens that asks under way hold together.
    static let workingTokens = 6144
    /// Tokens that are computed together when asks are answered alone.
    static let aloneBlock = 128

    /// - Throws: ``AssizeLocalError`` for values out of range.
    init(options: EngineOptions, trainedContext: Int, cacheBytesPerToken: Int, cores: Int) throws(AssizeLocalError) {
        func check(_ value: Int?, in range: ClosedRange<Int>, flag: String) throws(AssizeLocalError) {
            if let value, !range.contains(value) {
                throw AssizeLocalError(
                    code: .invalidOptions,
                    message: "\(flag) is \(value); use \(range.lowerBound) to \(range.upperBound)"
                )
            }
        }
        try check(options.contextTokens, in: 64...(1 << 20), flag: "--context")
        try check(options.sequences, in: 1...EnginePlan.maximumSequences, flag: "--jobs")
        try check(options.batchTokens, in: 64...8192, flag: "--batch")
        try check(options.threads, in: 1...1024, flag: "--threads")

        cacheType = options.cacheType ?? .f16
        flashAttention = options.flashAttention ?? .automatic
        if cacheType != .f16, flashAttention == .off {
            throw AssizeLocalError(
                code: .invalidOptions,
                message: "--kv-type \(cacheType.rawValue) needs flash attention; leave --flash-attention off out"
            )
        }
        let bytesPerToken = cacheType.bytes(forHalfPrecision: cacheBytesPerToken)
        let affordable = max(2048, EnginePlan.cacheBudget / max(1, bytesPerToken))
        isDeterministic = options.isDeterministic
        sequences = options.isDeterministic ? 1 : options.sequences ?? EnginePlan.defaultSequences
        contextTokens = options.contextTokens ?? min(trainedContext, affordable, 16384)
        // Room for one prompt of the full length, or for a few of ordinary length with all their answers.
        let wanted = isDeterministic ? contextTokens : max(contextTokens, EnginePlan.workingTokens)
        cacheTokens = min(wanted, max(affordable, contextTokens))
        batchTokens = options.batchTokens ?? EnginePlan.defaultBatch
        threads = options.threads ?? max(1, cores)
    }

    /// Sequences of the cache: a prompt and an own one for each ask, branches of labels, and some for prompts that are kept.
    ///
    /// llama.cpp has 256 at most and makes room for a row of logits each.
    var cacheSequences: Int { 2 * sequences + Scheduler.branchLimit + 48 }

    /// Rows of logits of one computation.
    var outputs: Int { cacheSequences }

    /// What the scheduler has to keep to.
    func limits(capacity: Int) -> Scheduler.Limits {
        Scheduler.Limits(
            jobs: sequences,
            sequences: cacheSequences,
            capacity: capacity,
            workingTokens: EnginePlan.workingTokens,
            batchTokens: batchTokens,
            outputs: outputs,
            idleTokens: EnginePlan.idleTokens,
            aloneBlock: isDeterministic ? min(EnginePlan.aloneBlock, batchTokens) : nil
        )
    }

    /// Cores that this process may run on.
    static var availableCores: Int { ProcessInfo.processInfo.activeProcessorCount }
}
