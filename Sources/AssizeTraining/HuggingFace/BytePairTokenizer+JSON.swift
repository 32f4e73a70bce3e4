extension BytePairTokenizer {
    /// The text of `tokenizer.json`.
    ///
    /// It is put together by hand: the vocabulary keeps the order of its ids, and keys that Unicode holds to be the
    /// same stay apart.
    var json: String {
        let added = tokens.indices.filter { kinds[$0].isAdded }
            .map { token -> JSONValue in
                .object([
                    "id": .count(token), "content": .string(tokens[token]), "single_word": .bool(false),
                    "lstrip": .bool(false), "rstrip": .bool(false), "normalized": .bool(false),
                    "special": .bool(kinds[token] != .userDefined),
                ])
            }
        let entries = tokens.enumerated().map { "\(BytePairTokenizer.quoted($1)):\($0)" }
        let pairs = merges.map { "[\(BytePairTokenizer.quoted($0)),\(BytePairTokenizer.quoted($1))]" }
        let model = [
            #""type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null"#,
            #""fuse_unk":false,"byte_fallback":false,"ignore_merges":\#(preTokenizer.ignoresMerges)"#,
            "\"vocab\":{\(entries.joined(separator: ","))}", "\"merges\":[\(pairs.joined(separator: ","))]",
        ]
        let parts = [
            #""version":"1.0","truncation":null,"padding":null,"normalizer":null"#,
            "\"added_tokens\":\(JSONValue.array(added))", "\"pre_tokenizer\":\(preTokenizer.json)",
            "\"post_processor\":\(postProcessor)", "\"decoder\":\(PreTokenizer.bytes)",
            "\"model\":{\(model.joined(separator: ","))}",
        ]
        return "{\(parts.joined(separator: ",\n"))}\n"
    }

    /// What is put round a text.
    private var postProcessor: JSONValue {
        guard beginning != nil || end != nil else { return PreTokenizer.bytes }
        func special(_ token: Int, _ sequence: Int) -> JSONValue {
            .object(["SpecialToken": .object(["id": .string(tokens[token]), "type_id": .count(sequence)])])
        }
        func piece(_ name: String, _ sequence: Int) -> [JSONValue] {
            let text: JSONValue = .object(["Sequence": .object(["id": .string(name), "type_id": .count(sequence)])])
            return (beginning.map { [special($0, sequence)] } ?? []) + [text]
                + (end.map { [special($0, sequence)] } ?? [])
        }
        var specials: [String: JSONValue] = [:]
        for token in [beginning, end].compactMap(\.self) {
            specials[tokens[token]] = .object([
                "id": .string(tokens[token]), "ids": .array([.count(token)]),
                "tokens": .array([.string(tokens[token])]),
            ])
        }
        let template: JSONValue = .object([
            "type": .string("TemplateProcessing"), "single": .array(piece("A", 0)),
            "pair": .array(piece("A", 0) + piece("B", 1)), "special_tokens": .object(specials),
        ])
        return .object(["type": .string("Sequence"), "processors": .array([PreTokenizer.bytes, template])])
    }

    /// The content of `tokenizer_config.json`.
    ///
    /// - Parameters:
    ///   - roles: The tokens with a role.
    ///   - context: The longest text, in tokens.
    /// - Returns: The settings, with the chat template.
    func settings(tokens roles: HuggingFaceTokens, context: Int) -> JSONValue {
        var fields: [String: JSONValue] = [
            // The class that takes tokenizer.json as it is; those of a family build their own parts.
            "tokenizer_class": .string("PreTrainedTokenizerFast"),
            "model_max_length": .count(context),
            "clean_up_tokenization_spaces": .bool(false),
        ]
        for (name, token) in roles.roles where tokens.indices.contains(token) { fields[name] = .string(tokens[token]) }
        let others = templates.filter { $0.key != "default" }
        if let template = templates["default"], others.isEmpty {
            fields["chat_template"] = .string(template)
        } else if !templates.isEmpty {
            let named = templates.sorted { $0.key < $1.key }
                .map { JSONValue.object(["name": .string($0), "template": .string($1)]) }
            fields["chat_template"] = .array(named)
        }
        return .object(fields)
    }

    /// A text as JSON; quicker than an encoder a token.
    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                bytes += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }
}
