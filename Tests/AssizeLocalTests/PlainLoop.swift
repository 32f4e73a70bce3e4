import AssizeCore
import Testing

@testable import AssizeLocal

/// The simplest way to run a model: one sequence, an empty cache, the most probable token each time.
///
/// It shares the wrappers of llama.cpp with the engine and nothing else.
struct PlainLoop {
    private let model: LlamaModel
    private let vocabulary: Vocabulary
    private let template: ChatTemplate
    private let plan: EnginePlan

    init() throws {
        model = try LlamaModel(path: TestModel.path, content: .weights)
        vocabulary = Vocabulary(model: model)
        template = try LocalModel.template(of: model, options: EngineOptions())
        plan = try EnginePlan(
            options: EngineOptions(contextTokens: 1024, sequences: 1, threads: 1),
            trainedContext: 2048,
            cacheBytesPerToken: 1024,
            cores: 2
        )
    }

    /// Writes up to `tokens` tokens and ends where the model ends its turn.
    func write(_ ask: Ask, tokens: Int) throws -> String {
        String(decoding: try self.tokens(ask, count: tokens).flatMap { vocabulary.bytes(of: $0) }, as: UTF8.self)
    }

    /// The tokens that it writes, without the one that ends the turn.
    func tokens(_ ask: Ask, count: Int) throws -> [Int32] {
        let context = try LlamaContext(model: model, plan: plan, abortFlag: LlamaContext.AbortFlag())
        let prompt = try PreparedPrompt(ask: ask, template: template, vocabulary: vocabulary, contextTokens: 1024)
        var written: [Int32] = []
        var position = 0
        // The shape of a batch decides the last bits: so the prompt is read in the engine's blocks, its last token alone.
        for start in stride(from: 0, to: prompt.tokens.count - 1, by: EnginePlan.aloneBlock) {
            let block = prompt.tokens[start..<min(prompt.tokens.count - 1, start + EnginePlan.aloneBlock)]
            _ = try read(Array(block), at: start, in: context)
            position = start + block.count
        }
        var next = Array(prompt.tokens.suffix(1))
        for _ in 0..<count {
            let logits = try read(next, at: position, in: context)
            position += next.count
            let best = try #require(logits.indices.max { (logits[$0], -$0) < (logits[$1], -$1) })
            if vocabulary.endsText(Int32(best)) { break }
            written.append(Int32(best))
            next = [Int32(best)]
        }
        return written
    }

    /// The probability of each text that a single token can give; the end of the turn is the empty text.
    func firstTokens(of ask: Ask) throws -> [String: Double] {
        let context = try LlamaContext(model: model, plan: plan, abortFlag: LlamaContext.AbortFlag())
        let prompt = try PreparedPrompt(ask: ask, template: template, vocabulary: vocabulary, contextTokens: 1024)
        let logits = try read(prompt.tokens, at: 0, in: context)
        let highest = Double(logits.max() ?? 0)
        let weights = logits.map { Double.exponential(Double($0) - highest) }
        let sum = weights.reduce(0, +)
        var probabilities: [String: Double] = [:]
        for (token, weight) in weights.enumerated() {
            let bytes = vocabulary.endsText(Int32(token)) ? [] : vocabulary.bytes(of: Int32(token))
            let text = String(validating: bytes, as: UTF8.self) ?? ""
            probabilities[text, default: 0] += weight / sum
        }
        return probabilities
    }

    private func read(_ tokens: [Int32], at position: Int, in context: LlamaContext) throws -> [Float] {
        var logits: [Float]?
        var done = 0
        while done < tokens.count {
            let batch = TokenBatch(capacity: 512)
            let piece = tokens[done..<min(tokens.count, done + 512)]
            for (offset, token) in piece.enumerated() {
                let isLast = done + offset == tokens.count - 1
                batch.append(token, position: position + done + offset, sequences: [0], output: isLast)
            }
            try #require(context.decode(batch) == .done)
            done += piece.count
            logits = context.withLogits(row: piece.count - 1) { Array($0) }
        }
        return try #require(logits)
    }
}
