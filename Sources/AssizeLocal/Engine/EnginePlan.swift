internal import AssizeCore
internal import Foundation

/// The sizes the engine runs with: the user's where given, else chosen from the machine and the model.
struct EnginePlan: Sendable, Hashable {
    /// Tokens of one prompt with its answer.
    let contextTokens: Int
    /// Tokens of the KV cache over all sequences.
    let cacheTokens: Int
    let sequences: Int
    let batchTokens: Int
    let threads: Int

    /// Bytes that the KV cache may take unless the user asks for more.
    static let cacheBudget = 1 << 30
    static let defaultBatch = 512
    static let defaultSequences = 8
    static let maximumSequences = 64

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
        try check(options.sequences, in: 1...EnginePlan.maximumSequences, flag: "--sequences")
        try check(options.batchTokens, in: 32...8192, flag: "--batch")
        try check(options.threads, in: 1...1024, flag: "--threads")

        let affordable = max(2048, EnginePlan.cacheBudget / max(1, cacheBytesPerToken))
        sequences = options.sequences ?? EnginePlan.defaultSequences
        contextTokens = options.contextTokens ?? min(trainedContext, affordable, 16384)
        // Room for one prompt of the full length, and for every sequence to hold one of ordinary length.
        let ordinary = min(contextTokens, 2048)
        cacheTokens = min(max(contextTokens, sequences * ordinary), max(affordable, contextTokens))
        batchTokens = options.batchTokens ?? EnginePlan.defaultBatch
        threads = options.threads ?? max(1, cores)
    }

    /// Cores that this process may run on.
    static var availableCores: Int { ProcessInfo.processInfo.activeProcessorCount }
}
