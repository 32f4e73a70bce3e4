internal import AssizeCore
internal import CLlama

/// Turns messages into tokens in the form a model was trained on.
///
/// The template's own text may hold special tokens; the messages never do: a response that spells `<|im_end|>` stays
/// text. llama.cpp writes the template round stand-ins for the contents; the pieces between them are read with special
/// tokens, the contents without.
struct ChatTemplate: Sendable {
    /// The template as the file holds it, or a name that llama.cpp knows.
    let source: String
    let trimsContent: Bool

    /// - Throws: ``AssizeLocalError`` with code `unknownTemplate` when llama.cpp can't write this template.
    init(source: String, origin: String) throws(AssizeLocalError) {
        self.source = source
        guard let rendered = ChatTemplate.render(source, [(.user, " \(ChatTemplate.standIn(0)) ")], answering: true)
        else {
            throw AssizeLocalError(
                code: .unknownTemplate,
                message: "the chat template of \(origin) is not one this engine knows; name one with --chat-template "
                    + "(\(ChatTemplate.builtInNames.joined(separator: ", ")))"
            )
        }
        trimsContent = !rendered.contains(" \(ChatTemplate.standIn(0)) ")
    }

    /// The tokens of a prompt, up to and including what opens the model's turn, then `opening` as the model's own words.
    ///
    /// - Parameters:
    ///   - messages: The turns, in order; their contents are read as plain text.
    ///   - opening: Text put into the model's mouth; may be empty.
    ///   - vocabulary: The model's vocabulary.
    ///   - limits: For each message, the most tokens its content may have; what is over is cut from its middle.
    ///   - countsContents: Whether the contents are counted too, for which each is tokenised once more by itself.
    /// - Returns: The tokens, and how many tokens each message's content has, if they are counted.
    /// - Throws: ``AssizeLocalError`` when the template has no place for one of the messages.
    func tokens(
        of messages: [Message],
        opening: String,
        vocabulary: Vocabulary,
        limits: [Int?] = [],
        countsContents: Bool = true
    ) throws(AssizeLocalError) -> (tokens: [Vocabulary.Token], contents: [Int]) {
        let turns = messages.indices.map { (messages[$0].role, ChatTemplate.standIn($0)) }
        guard let rendered = ChatTemplate.render(source, turns, answering: true) else {
            throw AssizeLocalError(
                code: .unknownTemplate,
                message: "the chat template can't write these messages; name another with --chat-template"
            )
        }
        var writer = PromptWriter(vocabulary: vocabulary)
        var contents: [Int] = []
        var rest = rendered[...]
        for index in messages.indices {
            guard let place = rest.firstRange(of: ChatTemplate.standIn(index)) else {
                throw AssizeLocalError(
                    code: .unknownTemplate,
                    message:
                        "the chat template has no place for a \(messages[index].role.rawValue) message; name another with --chat-template"
                )
            }
            writer.append(template: String(rest[..<place.lowerBound]))
            let content = trimsContent ? messages[index].content.trimmed : messages[index].content
            let limit = index < limits.count ? limits[index] : nil
            let whole = countsContents || limit != nil ? vocabulary.tokens(ofText: content) : []
            if countsContents { contents.append(whole.count) }
            if let limit, whole.count > limit {
                writer.append(Array(whole.prefix((limit + 1) / 2) + whole.suffix(limit / 2)))
            } else {
                writer.append(content: content)
            }
            rest = rest[place.upperBound...]
        }
        writer.append(template: String(rest))
        writer.append(content: opening)
        return (writer.finish(), contents)
    }

    /// The names of the templates that llama.cpp carries.
    static var builtInNames: [String] {
        let count = Int(llama_chat_builtin_templates(nil, 0))
        var names = unsafe [UnsafePointer<CChar>?](repeating: nil, count: count)
        unsafe names.withUnsafeMutableBufferPointer { buffer in
            _ = unsafe llama_chat_builtin_templates(buffer.baseAddress, buffer.count)
        }
        return unsafe names.compactMap { unsafe $0.map { unsafe String(cString: $0) } }.sorted()
    }

    /// A text that stands in for a message's content: private-use characters, which no template writes itself.
    static func standIn(_ index: Int) -> String { "\u{F8A1}\(index)\u{F8A2}" }

    /// The template's text round the contents of turns; `nil` when it can't write them.
    static func render(_ source: String, _ turns: [(Message.Role, String)], answering: Bool) -> String? {
        // Two C strings a turn, one after the other in one buffer that outlives the call.
        var bytes: [CChar] = []
        var offsets: [Int] = []
        for (role, content) in turns {
            for text in [role.rawValue, content] {
                offsets.append(bytes.count)
                bytes += text.utf8.map { CChar(bitPattern: $0) } + [0]
            }
        }
        return unsafe bytes.withUnsafeBufferPointer { buffer -> String? in
            guard let base = buffer.baseAddress else { return nil }
            let chat = unsafe turns.indices.map {
                unsafe llama_chat_message(role: base + offsets[2 * $0], content: base + offsets[2 * $0 + 1])
            }
            var capacity = bytes.count + 4096
            while true {
                var output = [CChar](repeating: 0, count: capacity)
                let length = unsafe llama_chat_apply_template(
                    source,
                    chat,
                    chat.count,
                    answering,
                    &output,
                    Int32(capacity)
                )
                guard length >= 0 else { return nil }
                if Int(length) <= capacity {
                    return String(decoding: output.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
                }
                capacity = Int(length)
            }
        }
    }
}
