extension LoraAdapter {
    /// Reads llama.cpp's adapter file.
    ///
    /// An alpha that is missing or zero means a scale of 1 to llama.cpp whatever the rank; it is read as such.
    ///
    /// - Parameter path: A GGUF file whose `general.type` is `adapter`.
    /// - Throws: ``AssizeTrainingError`` when the file is broken, no adapter, or holds more than low-rank pairs.
    public init(readingGGUF path: String) throws(AssizeTrainingError) {
        let file = try GGUFFile(path: path, code: .unreadableAdapter)
        for (key, expected) in [("general.type", "adapter"), ("adapter.type", "lora")] {
            let found = file.string(key)
            guard found == expected else {
                throw AssizeTrainingError(
                    code: .unreadableAdapter,
                    message:
                        "\(path) is not a LoRA adapter: its \(key) is \(found.map { "'\($0)'" } ?? "missing"), not '\(expected)'"
                )
            }
        }
        guard let architecture = file.string("general.architecture") else {
            throw AssizeTrainingError(
                code: .unreadableAdapter,
                message: "\(path) does not say for which architecture it is; make it anew with convert_lora_to_gguf.py"
            )
        }
        try LoraAdapter.checkContent(of: file)
        var modules = try LoraAdapter.modules(in: file)
        var alpha = Float(file.number("adapter.lora.alpha") ?? 0)
        if alpha == 0 {
            alpha = Float(modules.first?.rank ?? 1)
            for index in modules.indices where Float(modules[index].rank) != alpha {
                let factor = Float(modules[index].rank) / alpha
                modules[index].b = modules[index].b.map { $0 * factor }
            }
        }
        guard alpha.isFinite else {
            throw AssizeTrainingError(code: .unreadableAdapter, message: "\(path) has an alpha of \(alpha)")
        }
        var provenance: [String: String] = [:]
        for key in file.keys where !LoraAdapter.isReserved(key) {
            if let text = file.string(key) { provenance[key] = text }
        }
        self.init(architecture: architecture, alpha: alpha, modules: modules, provenance: provenance)
    }

    /// Writes llama.cpp's adapter file, in 32-bit floats; it appears whole or not at all.
    ///
    /// GGUF knows one scale, alpha / rank. An adapter trained with alpha / sqrt(rank) (rsLoRA) is therefore kept with
    /// alpha * sqrt(rank) in the place of alpha.
    ///
    /// - Parameter path: The file to write.
    /// - Throws: ``AssizeTrainingError`` when the adapter can't be expressed or the file can't be written.
    public func writeGGUF(to path: String) throws(AssizeTrainingError) {
        try checkWritable()
        let writer = GGUFWriter()
        try writer.set(.string("adapter"), for: "general.type")
        try writer.set(.string(architecture), for: "general.architecture")
        try writer.set(.string("lora"), for: "adapter.type")
        try writer.set(.float(alpha), for: "adapter.lora.alpha")
        for (key, text) in provenance.sorted(by: { $0.key < $1.key }) {
            guard !LoraAdapter.isReserved(key) else {
                throw AssizeTrainingError(
                    code: .invalidOptions,
                    message: "'\(key)' can't be a key of the adapter's provenance; the format needs it"
                )
            }
            try writer.set(.string(text), for: key)
        }
        for module in modules {
            try writer.add(module.tensorA, type: .f32, dimensions: [module.inputs, module.rank])
            try writer.add(module.tensorB, type: .f32, dimensions: [module.rank, module.outputs])
        }
        // The list's order: A and B of each module in turn.
        var rest = modules.flatMap { [$0.a, $0.b] }[...]
        try writer.write(to: path) { _, file throws(AssizeTrainingError) in
            if let next = rest.popFirst() { try file.append(next) }
        }
    }

    /// Checks what no file of an adapter can hold.
    func checkWritable() throws(AssizeTrainingError) {
        guard alpha.isFinite, alpha != 0 else {
            throw AssizeTrainingError(
                code: .unsupportedAdapter,
                message: "the adapter's alpha is \(alpha); it must be a number other than zero"
            )
        }
        guard !modules.isEmpty else {
            throw AssizeTrainingError(
                code: .unsupportedAdapter,
                message: "the adapter has no modules; nothing to write"
            )
        }
        for module in modules {
            guard module.isFinite else {
                throw AssizeTrainingError(
                    code: .notFinite,
                    message: "the adapter's \(module.name) holds a value that is not a finite number"
                )
            }
            guard module.name != "token_embd" else { throw LoraAdapter.embedding() }
        }
    }

    /// The error for a change of the token embeddings, whose two matrices lie the other way round in the formats.
    static func embedding() -> AssizeTrainingError {
        AssizeTrainingError(
            code: .unsupportedAdapter,
            message:
                "the adapter changes the token embeddings (token_embd), which can't be used here; train without them"
        )
    }

    private static func isReserved(_ key: String) -> Bool {
        ["general.type", "general.architecture", "general.alignment"].contains(key) || key.hasPrefix("adapter.")
    }

    private static func checkContent(of file: GGUFFile) throws(AssizeTrainingError) {
        var strange = file.tensors.map(\.name)
            .filter { !$0.hasSuffix(".weight.lora_a") && !$0.hasSuffix(".weight.lora_b") }
        strange += file.tensors.map(\.name).filter { $0.hasPrefix("token_embd.") }
        if file.keys.contains("adapter.alora.invocation_tokens") { strange.append("adapter.alora.invocation_tokens") }
        guard strange.isEmpty else {
            throw AssizeTrainingError(
                code: .unsupportedAdapter,
                message:
                    "\(file.path) holds what can't be used here: \(strange.listed); only low-rank pairs of matrices can"
            )
        }
    }

    private static func modules(in file: GGUFFile) throws(AssizeTrainingError) -> [LoraModule] {
        let names = Set(file.tensors.map { String($0.name.dropLast(".weight.lora_a".count)) }).sorted()
        guard !names.isEmpty else {
            throw AssizeTrainingError(
                code: .unreadableAdapter,
                message: "\(file.path) is an adapter without any tensor"
            )
        }
        var modules: [LoraModule] = []
        for name in names {
            guard let a = file.tensor("\(name).weight.lora_a"), let b = file.tensor("\(name).weight.lora_b") else {
                throw AssizeTrainingError(
                    code: .unreadableAdapter,
                    message: "\(file.path) has only one of the two tensors of \(name); make the adapter anew"
                )
            }
            guard a.isMatrix, b.isMatrix, a.rows == b.width, a.count > 0, b.count > 0 else {
                throw AssizeTrainingError(
                    code: .unreadableAdapter,
                    message:
                        "\(file.path): the tensors of \(name) are \(a.shape) and \(b.shape), which can't be multiplied"
                )
            }
            let module = LoraModule(
                name: name,
                rank: a.rows,
                inputs: a.width,
                outputs: b.rows,
                a: try file.floats(of: a),
                b: try file.floats(of: b)
            )
            guard module.isFinite else {
                throw AssizeTrainingError(
                    code: .unreadableAdapter,
                    message: "\(file.path): \(name) holds a value that is not a finite number; train it anew"
                )
            }
            modules.append(module)
        }
        return modules
    }
}

extension LoraModule {
    /// The name of A's tensor in GGUF.
    var tensorA: String { "\(name).weight.lora_a" }
    /// The name of B's tensor in GGUF.
    var tensorB: String { "\(name).weight.lora_b" }
}

extension [String] {
    /// The first few with commas between, and how many more there are.
    var listed: String {
        prefix(8).joined(separator: ", ") + (count > 8 ? " and \(count - 8) more" : "")
    }
}
