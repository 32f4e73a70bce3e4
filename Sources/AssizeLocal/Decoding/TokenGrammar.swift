internal import CLlama

/// A GBNF grammar and how far an answer has come in it.
@safe
final class TokenGrammar {
    private let pointer: UnsafeMutablePointer<llama_sampler>
    /// The grammar reads the vocabulary of this model.
    private let model: LlamaModel

    /// - Throws: ``AssizeLocalError`` with code `invalidGrammar` when the text is not GBNF.
    init(_ text: String, model: LlamaModel) throws(AssizeLocalError) {
        let made = unsafe model.withPointers { _, vocabulary in
            unsafe llama_sampler_init_grammar(vocabulary, text, "root")
        }
        guard let made = unsafe made else {
            throw AssizeLocalError(
                code: .invalidGrammar,
                message: "the grammar is not valid GBNF (\(LlamaBackend.takeLog())); its start symbol must be 'root'"
            )
        }
        unsafe pointer = made
        self.model = model
    }

    deinit {
        unsafe llama_sampler_free(pointer)
    }

    /// Whether a token may come next.
    func allows(_ token: Vocabulary.Token) -> Bool {
        var data = [llama_token_data(id: token, logit: 0, p: 0)]
        apply(to: &data)
        return data[0].logit.isFinite
    }

    /// A copy of a row in which every token that may not come next has negative infinity.
    ///
    /// Costs a look at every token's text.
    func filter(_ logits: UnsafeMutableBufferPointer<Float>) -> [Float] {
        var data: [llama_token_data] = []
        for index in 0..<logits.count where unsafe logits[index] != -.infinity {
            data.append(llama_token_data(id: Int32(index), logit: unsafe logits[index], p: 0))
        }
        apply(to: &data)
        var filtered = [Float](repeating: -.infinity, count: logits.count)
        for entry in data { filtered[Int(entry.id)] = entry.logit }
        return filtered
    }

    /// Notes that a token came; it must be one that is allowed.
    func accept(_ token: Vocabulary.Token) {
        unsafe llama_sampler_accept(pointer, token)
    }

    private func apply(to data: inout [llama_token_data]) {
        unsafe data.withUnsafeMutableBufferPointer { buffer in
            var array = unsafe llama_token_data_array(
                data: buffer.baseAddress,
                size: buffer.count,
                selected: -1,
                sorted: false
            )
            unsafe llama_sampler_apply(pointer, &array)
        }
    }
}
