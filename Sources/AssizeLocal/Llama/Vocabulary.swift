internal import CLlama

/// Text to tokens and back, for one model.
struct Vocabulary: Sendable {
    typealias Token = Int32

    private let model: LlamaModel
    /// Every token that is not plain text, by the first byte of its text; longest texts first, so that none hides another.
    private let specials: [UInt8: [Special]]
    private let isSpecial: Set<Token>
    /// Tokens that end the model's turn.
    let ends: [Token]
    private let endSet: Set<Token>
    let size: Int

    init(model: LlamaModel) {
        self.model = model
        let count = model.vocabularySize
        var specials: [Special] = []
        var ends: [Token] = []
        var marked: Set<Token> = []
        unsafe model.withPointers { _, vocabulary in
            for token in 0..<Token(count) {
                if unsafe llama_vocab_is_eog(vocabulary, token) { ends.append(token) }
                let attributes = unsafe llama_vocab_get_attr(vocabulary, token).rawValue
                let special =
                    LLAMA_TOKEN_ATTR_CONTROL.rawValue | LLAMA_TOKEN_ATTR_USER_DEFINED.rawValue
                    | LLAMA_TOKEN_ATTR_UNKNOWN.rawValue
                guard attributes & special != 0, let text = unsafe llama_vocab_get_text(vocabulary, token) else {
                    continue
                }
                let bytes = Array(unsafe String(cString: text).utf8)
                guard !bytes.isEmpty else { continue }
                let isControl = attributes & LLAMA_TOKEN_ATTR_CONTROL.rawValue != 0
                specials.append(Special(text: bytes, token: token, isControl: isControl))
                if isControl { marked.insert(token) }
            }
        }
        self.specials = Dictionary(grouping: specials, by: { $0.text.first ?? 0 })
            .mapValues { group in
                group.sorted { ($0.text.count, $1.token) > ($1.text.count, $0.token) }
            }
        self.ends = ends
        endSet = Set(ends)
        isSpecial = marked.union(ends)
        size = count
    }

    /// The token put before every prompt, where the model wants one.
    var beginning: Token? {
        unsafe model.withPointers { _, vocabulary in
            guard unsafe llama_vocab_get_add_bos(vocabulary) else { return nil }
            let token = unsafe llama_vocab_bos(vocabulary)
            return token >= 0 ? token : nil
        }
    }

    /// Whether a token is control rather than text; a rationale ends before one.
    func endsText(_ token: Token) -> Bool {
        isSpecial.contains(token)
    }

    func isEnd(_ token: Token) -> Bool {
        endSet.contains(token)
    }

    /// Tokenises untrusted text: whatever it holds, no token of the result is a special one.
    ///
    /// llama.cpp reads control tokens only when asked to, but user-defined ones always. A text that spells one is
    /// therefore tokenised in two pieces cut inside that spelling.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - continuing: Whether other text stands before it: then no space is put at its start, as some vocabularies do at
    ///     the start of a text.
    /// - Returns: The tokens.
    func tokens(ofText text: String, continuing: Bool = false) -> [Token] {
        var result: [Token] = []
        var piece: [UInt8] = []
        var isContinued = continuing
        func cut() {
            result += isContinued ? tokenise(continuing: piece) : tokenise(piece)
            isContinued = true
            piece = []
        }
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first {
            piece.append(first)
            if let special = special(startingAt: bytes), special.isReadFromText { cut() }
            bytes.removeFirst()
        }
        if !piece.isEmpty { cut() }
        return result
    }

    /// The tokens of text in the middle of a text.
    private func tokenise(continuing text: [UInt8]) -> [Token] {
        let whole = tokenise(text)
        guard putsSpace else { return whole }
        // The vocabulary's space goes before a line's end, which nothing is joined to.
        let before = tokenise([0x0A])
        let both = tokenise([0x0A] + text)
        return both.starts(with: before) ? Array(both.dropFirst(before.count)) : whole
    }

    /// Whether a space is put at the start of each text.
    private var putsSpace: Bool {
        tokenise([UInt8(ascii: "a")]).first.map { bytes(of: $0).first == UInt8(ascii: " ") } ?? false
    }

    /// The first control token in a template's text, and the text before and up to it; `nil` when there is none.
    func firstControl(inTemplate text: String) -> (token: Token, before: String, whole: String)? {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            if let special = special(startingAt: bytes), isSpecial.contains(special.token) {
                let before = text.utf8.prefix(bytes.startIndex)
                let whole = text.utf8.prefix(bytes.startIndex + special.text.count)
                return (special.token, String(Substring(before)), String(Substring(whole)))
            }
            bytes.removeFirst()
        }
        return nil
    }

    /// Whether a template's text holds a token that is markup.
    func hasMarkup(inTemplate text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            if let special = special(startingAt: bytes), special.isControl || special.isReadFromText { return true }
            bytes.removeFirst()
        }
        return false
    }

    /// The token that ends the model's turn where its template writes none.
    var turnEnd: Token? {
        unsafe model.withPointers { _, vocabulary in
            let tokens = unsafe [llama_vocab_eot(vocabulary), llama_vocab_eos(vocabulary)]
            return tokens.first { $0 >= 0 } ?? ends.first
        }
    }

    /// Splits a template's own text into special tokens and plain text.
    func pieces(ofTemplate text: String) -> [TemplatePiece] {
        var result: [TemplatePiece] = []
        var plain: [UInt8] = []
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first {
            if let special = special(startingAt: bytes) {
                if !plain.isEmpty { result.append(.text(String(decoding: plain, as: UTF8.self))) }
                plain = []
                result.append(.token(special.token))
                bytes = bytes.dropFirst(special.text.count)
            } else {
                plain.append(first)
                bytes.removeFirst()
            }
        }
        if !plain.isEmpty { result.append(.text(String(decoding: plain, as: UTF8.self))) }
        return result
    }

    private struct Special: Sendable {
        let text: [UInt8]
        let token: Token
        let isControl: Bool

        /// Whether llama.cpp would read the token out of plain text, and the text is markup rather than a run of spaces.
        var isReadFromText: Bool {
            !isControl && text.count > 1 && (text.first == UInt8(ascii: "<") || text.first == UInt8(ascii: "["))
        }
    }

    private func special(startingAt bytes: ArraySlice<UInt8>) -> Special? {
        guard let first = bytes.first else { return nil }
        return specials[first]?.first { bytes.starts(with: $0.text) }
    }

    /// Part of a chat template.
    enum TemplatePiece: Equatable {
        case token(Token)
        case text(String)
    }

    /// The bytes a token stands for; empty for control tokens.
    func bytes(of token: Token) -> [UInt8] {
        unsafe model.withPointers { _, vocabulary in
            var capacity = 32
            while true {
                var length: Int32 = 0
                let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
                    unsafe buffer.withMemoryRebound(to: CChar.self) { chars in
                        length = unsafe llama_token_to_piece(
                            vocabulary,
                            token,
                            chars.baseAddress,
                            Int32(chars.count),
                            0,
                            false
                        )
                    }
                    filled = max(0, Int(length))
                }
                if length >= 0 { return bytes }
                capacity = Int(-length)
            }
        }
    }

    private func tokenise(_ text: [UInt8]) -> [Token] {
        unsafe model.withPointers { _, vocabulary in
            var capacity = text.count + 8
            while true {
                var count: Int32 = 0
                let tokens = unsafe [Token](unsafeUninitializedCapacity: capacity) { buffer, filled in
                    count = unsafe text.withUnsafeBytes { raw in
                        unsafe raw.withMemoryRebound(to: CChar.self) { chars in
                            unsafe llama_tokenize(
                                vocabulary,
                                chars.baseAddress,
                                Int32(chars.count),
                                buffer.baseAddress,
                                Int32(buffer.count),
                                false,
                                false
                            )
                        }
                    }
                    filled = max(0, Int(count))
                }
                if count >= 0 { return tokens }
                capacity = Int(-count)
            }
        }
    }
}
