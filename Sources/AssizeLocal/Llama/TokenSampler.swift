internal import AssizeCore
internal import CLlama

/// Draws tokens for one answer: repetition penalty, temperature, top-p and min-p, then a seeded draw.
///
/// The order is that of the servers of this field: temperature first, then the cuts.
@safe
final class TokenSampler {
    /// How far back the repetition penalty looks, in tokens of the answer.
    static let penaltyWindow: Int32 = 256

    private let chain: UnsafeMutablePointer<llama_sampler>
    private let grammar: UnsafeMutablePointer<llama_sampler>?

    /// - Throws: ``AssizeLocalError`` with code `invalidGrammar` when the grammar is not GBNF.
    init(sampling: Sampling, seed: UInt64, grammar: String?, model: LlamaModel) throws(AssizeLocalError) {
        if let grammar {
            guard
                let made = unsafe model.withPointers({ _, vocabulary in
                    unsafe llama_sampler_init_grammar(vocabulary, grammar, "root")
                })
            else {
                throw AssizeLocalError(
                    code: .invalidGrammar,
                    message:
                        "the grammar is not valid GBNF (\(LlamaBackend.takeLog())); its start symbol must be 'root'"
                )
            }
            unsafe self.grammar = made
        } else {
            unsafe self.grammar = nil
        }
        // The chain owns what is added to it.
        unsafe chain = llama_sampler_chain_init(llama_sampler_chain_default_params())
        if sampling.repetitionPenalty != 1 {
            let penalty = unsafe llama_sampler_init_penalties(
                Int32(model.vocabularySize),
                TokenSampler.penaltyWindow,
                Float(sampling.repetitionPenalty),
                0,
                0
            )
            unsafe llama_sampler_chain_add(chain, penalty)
        }
        if sampling.temperature > 0 {
            unsafe llama_sampler_chain_add(chain, llama_sampler_init_temp(Float(sampling.temperature)))
            if sampling.topP < 1 {
                unsafe llama_sampler_chain_add(chain, llama_sampler_init_top_p(Float(sampling.topP), 1))
            }
            if sampling.minP > 0 {
                unsafe llama_sampler_chain_add(chain, llama_sampler_init_min_p(Float(sampling.minP), 1))
            }
            unsafe llama_sampler_chain_add(
                chain,
                llama_sampler_init_dist(UInt32(truncatingIfNeeded: seed ^ (seed >> 32)))
            )
        } else {
            unsafe llama_sampler_chain_add(chain, llama_sampler_init_greedy())
        }
    }

    deinit {
        unsafe llama_sampler_free(chain)
        if let grammar = unsafe grammar { unsafe llama_sampler_free(grammar) }
    }

    var hasGrammar: Bool { unsafe grammar != nil }

    func withPointer<Result>(_ body: (UnsafeMutablePointer<llama_sampler>) -> Result) -> Result {
        unsafe body(chain)
    }

    /// Draws a token that the grammar allows and accepts it.
    ///
    /// The grammar is first asked about the token that would have been drawn anyway; only when it refuses is the whole
    /// vocabulary filtered.
    func sampleWithGrammar(_ logits: UnsafeMutableBufferPointer<Float>) -> Vocabulary.Token? {
        guard let grammar = unsafe grammar else { return nil }
        var candidates = unsafe TokenSampler.candidates(logits)
        var drawn = unsafe TokenSampler.apply([chain], to: &candidates)
        if let token = drawn {
            var single = [llama_token_data(id: token, logit: 1, p: 0)]
            _ = unsafe TokenSampler.apply([grammar], to: &single)
            if !single[0].logit.isFinite { drawn = nil }
        }
        if drawn == nil {
            candidates = unsafe TokenSampler.candidates(logits)
            drawn = unsafe TokenSampler.apply([grammar, chain], to: &candidates)
        }
        guard let token = drawn else { return nil }
        unsafe llama_sampler_accept(grammar, token)
        unsafe llama_sampler_accept(chain, token)
        return token
    }

    private static func candidates(_ logits: UnsafeMutableBufferPointer<Float>) -> [llama_token_data] {
        (0..<logits.count).map { unsafe llama_token_data(id: Int32($0), logit: logits[$0], p: 0) }
    }

    /// Applies samplers in order; the token selected by the last of them, if it selects one that is possible.
    private static func apply(
        _ samplers: [UnsafeMutablePointer<llama_sampler>],
        to candidates: inout [llama_token_data]
    ) -> Vocabulary.Token? {
        unsafe candidates.withUnsafeMutableBufferPointer { buffer in
            var array = unsafe llama_token_data_array(
                data: buffer.baseAddress,
                size: buffer.count,
                selected: -1,
                sorted: false
            )
            // By index: swift-format mangles `for unsafe sampler in`.
            for index in unsafe samplers.indices { unsafe llama_sampler_apply(samplers[index], &array) }
            let selected = Int(unsafe array.selected)
            guard selected >= 0, selected < (unsafe array.size), let data = unsafe array.data else { return nil }
            return unsafe data[selected].logit.isFinite ? data[selected].id : nil
        }
    }
}
