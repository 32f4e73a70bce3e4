internal import Foundation

extension PEFTAdapter {
    /// Reads the folder as an adapter of a GGUF model.
    ///
    /// GGUF has one alpha for all modules, and its scale is alpha / rank. The alpha that most modules have is taken; what
    /// differs goes into B. With rsLoRA alpha becomes `alpha * sqrt(rank)`.
    ///
    /// - Parameter base: The base model's facts.
    /// - Returns: The adapter.
    /// - Throws: ``AssizeTrainingError`` when the folder can't be read, holds what can't be expressed (all of it is listed),
    ///   or does not fit the base model.
    public func read(for base: AdapterBase) throws(AssizeTrainingError) -> LoraAdapter {
        let names = try PEFTNames(base)
        let configuration = try PEFTConfiguration(path: configuration)
        guard FileManager.default.fileExists(atPath: weights) else {
            throw AssizeTrainingError(
                code: .unreadableAdapter,
                message: "\(path) holds no adapter_model.safetensors; save the adapter with safe_serialization=True"
            )
        }
        let file = try SafetensorsFile(path: weights)
        let (pairs, strange) = PEFTAdapter.pairs(in: file, names, base)
        let problems = configuration.problems + strange
        guard problems.isEmpty else {
            throw AssizeTrainingError(
                code: .unsupportedAdapter,
                message:
                    "\(path) holds what an adapter in GGUF can't express: \(problems.listed); merge it into the model with PEFT, or train it without"
            )
        }
        guard !pairs.isEmpty else {
            throw AssizeTrainingError(code: .unreadableAdapter, message: "\(weights) holds no matrices of an adapter")
        }
        var modules: [LoraModule] = []
        var alphas: [Float] = []
        for (name, pair) in pairs.sorted(by: { $0.key < $1.key }) {
            let module = try module(name, pair, in: file, names)
            modules.append(module)
            alphas.append(try configuration.alpha(of: pair.module, rank: module.rank))
        }
        let alpha = PEFTAdapter.mostCommon(alphas)
        for index in modules.indices where alphas[index] != alpha {
            let factor = alphas[index] / alpha
            modules[index].b = modules[index].b.map { $0 * factor }
        }
        var provenance = ["assize.source": "PEFT"]
        if let model = configuration.baseModel, !model.isEmpty { provenance[PEFTAdapter.baseModelKey] = model }
        let adapter = LoraAdapter(
            architecture: base.architecture,
            alpha: alpha,
            modules: modules,
            provenance: provenance
        )
        try base.check(adapter)
        return adapter
    }

    /// The names of one module's two tensors.
    private struct Pair {
        /// Transformers' name of the module.
        let module: String
        var a: String?
        var b: String?
    }

    /// Sorts tensors into pairs by GGUF's names; what is no half of a pair comes back by its name.
    private static func pairs(
        in file: SafetensorsFile,
        _ names: PEFTNames,
        _ base: AdapterBase
    ) -> ([String: Pair], [String]) {
        var pairs: [String: Pair] = [:]
        var strange: [String] = []
        for key in file.entries.keys.sorted() where !isCopiedHead(key, in: file, base) {
            guard let (module, isA) = half(key), let name = names.gguf(module) else {
                strange.append("the tensor \(key)")
                continue
            }
            var pair = pairs[name] ?? Pair(module: module)
            if isA { pair.a = key } else { pair.b = key }
            pairs[name] = pair
        }
        return (pairs, strange)
    }

    /// Whether a tensor is the copy of the output head that PEFT puts into the file when the head is among the modules.
    ///
    /// The copy is the base model's own matrix; one of other sizes belongs to a changed vocabulary.
    private static func isCopiedHead(_ key: String, in file: SafetensorsFile, _ base: AdapterBase) -> Bool {
        let head = "base_model.model.lm_head"
        guard key == "\(head).base_layer.weight", file.entries["\(head).lora_A.weight"] != nil else { return false }
        return base.matrices["output"].map { file.entries[key]?.shape == [$0.outputs, $0.inputs] } ?? false
    }

    /// Takes a tensor's name apart: Transformers' name of the module, and whether it is A.
    private static func half(_ key: String) -> (module: String, isA: Bool)? {
        let prefix = "base_model.model."
        guard key.hasPrefix(prefix) else { return nil }
        for (ending, isA) in [
            (".lora_A.weight", true), (".lora_B.weight", false), (".lora_A.default.weight", true),
            (".lora_B.default.weight", false),
        ] where key.hasSuffix(ending) {
            let module = String(key.dropFirst(prefix.count).dropLast(ending.count))
            // An adapter of the model without its head has no 'model.' in front.
            return (module.hasPrefix("layers.") ? "model.\(module)" : module, isA)
        }
        return nil
    }

    private func module(
        _ name: String,
        _ pair: Pair,
        in file: SafetensorsFile,
        _ names: PEFTNames
    ) throws(AssizeTrainingError) -> LoraModule {
        func broken(_ why: String) -> AssizeTrainingError {
            AssizeTrainingError(code: .unreadableAdapter, message: "\(weights): \(pair.module) \(why); save it again")
        }
        guard let nameA = pair.a, let nameB = pair.b, let a = file.entries[nameA], let b = file.entries[nameB] else {
            throw broken("has only one of lora_A and lora_B")
        }
        guard a.shape.count == 2, b.shape.count == 2, a.shape[0] == b.shape[1], a.count > 0, b.count > 0 else {
            throw broken("has a lora_A of \(a.shape) and a lora_B of \(b.shape), which can't be multiplied")
        }
        guard let valuesA = file.floats(of: nameA), var valuesB = file.floats(of: nameB) else {
            throw broken("is stored as \(a.type) and \(b.type); F32, F16 and BF16 can be read")
        }
        if let permutation = names.permutation(of: name) {
            guard permutation.fits(b.shape[0]) else {
                throw broken("has \(b.shape[0]) outputs, which don't divide into \(permutation.heads) heads")
            }
            valuesB = permutation.toGGUF(valuesB, rows: b.shape[0])
        }
        let module = LoraModule(
            name: name,
            rank: a.shape[0],
            inputs: a.shape[1],
            outputs: b.shape[0],
            a: valuesA,
            b: valuesB
        )
        guard module.isFinite else { throw broken("holds a value that is not a finite number") }
        return module
    }

    /// The value that occurs most often; of several the largest.
    private static func mostCommon(_ alphas: [Float]) -> Float {
        let counts = alphas.reduce(into: [Float: Int]()) { $0[$1, default: 0] += 1 }
        return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 1
    }
}
