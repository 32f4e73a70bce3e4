internal import Foundation

extension PEFTAdapter {
    /// Writes an adapter as PEFT's `from_pretrained` reads it, in 32-bit floats.
    ///
    /// What can't be expressed is refused before anything is written. The folder is made if it is not there; files of the
    /// same names in it are replaced.
    ///
    /// - Parameters:
    ///   - adapter: The adapter.
    ///   - base: The base model's facts.
    ///   - model: The base model's name for PEFT, such as `HuggingFaceTB/SmolLM2-135M-Instruct`; `nil` for the one that an
    ///     imported adapter came with.
    /// - Throws: ``AssizeTrainingError`` when the adapter does not fit the base model, holds a module that PEFT has no name
    ///   for, or can't be written.
    public func write(
        _ adapter: LoraAdapter,
        for base: AdapterBase,
        model: String? = nil
    ) throws(AssizeTrainingError) {
        let names = try PEFTNames(base)
        try adapter.checkWritable()
        try base.check(adapter)
        let strange = adapter.modules.map(\.name).filter { names.transformers($0) == nil }
        guard strange.isEmpty else {
            throw AssizeTrainingError(
                code: .unsupportedAdapter,
                message: "the adapter changes \(strange.listed), for which PEFT's names are not known here"
            )
        }
        var tensors: [SafetensorsWriter.Tensor] = []
        for module in adapter.modules { tensors += try PEFTAdapter.tensors(of: module, names) }
        let configuration = PEFTAdapter.configuration(
            of: adapter,
            layers: base.layers,
            names,
            model: model ?? adapter.provenance[PEFTAdapter.baseModelKey]
        )
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw AssizeTrainingError(code: .file, message: "the folder \(path) can't be made: \(error)")
        }
        try SafetensorsWriter(tensors: tensors, metadata: ["format": "pt"]).write(to: weights)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(configuration) else {
            throw AssizeTrainingError(code: .file, message: "\(self.configuration) can't be written as JSON")
        }
        let file = try AtomicFile(path: self.configuration)
        try file.append([UInt8](json) + [UInt8(ascii: "\n")])
        try file.commit()
    }

    private static func tensors(
        of module: LoraModule,
        _ names: PEFTNames
    ) throws(AssizeTrainingError) -> [SafetensorsWriter.Tensor] {
        var b = module.b
        if let permutation = names.permutation(of: module.name) {
            guard permutation.fits(module.outputs) else {
                throw AssizeTrainingError(
                    code: .unreadableModel,
                    message:
                        "\(module.name) has \(module.outputs) outputs, which don't divide into \(permutation.heads) heads; is the base model's file right?"
                )
            }
            b = permutation.toTransformers(b, rows: module.outputs)
        }
        let prefix = "base_model.model.\(names.transformers(module.name) ?? module.name)"
        return [
            .init(name: "\(prefix).lora_A.weight", shape: [module.rank, module.inputs], values: module.a),
            .init(name: "\(prefix).lora_B.weight", shape: [module.outputs, module.rank], values: b),
        ]
    }

    private static func configuration(
        of adapter: LoraAdapter,
        layers: Int,
        _ names: PEFTNames,
        model: String?
    ) -> JSONValue {
        let ranks = adapter.modules.reduce(into: [Int: Int]()) { $0[$1.rank, default: 0] += 1 }
        let rank = ranks.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 1
        var others: [String: JSONValue] = [:]
        for module in adapter.modules where module.rank != rank {
            others[names.transformers(module.name) ?? module.name] = .number(Double(module.rank))
        }
        return .object([
            "alpha_pattern": .object([:]),
            "auto_mapping": .null,
            "base_model_name_or_path": model.map { .string($0) } ?? .null,
            "bias": .string("none"),
            "fan_in_fan_out": .bool(false),
            "inference_mode": .bool(true),
            "init_lora_weights": .bool(true),
            "layers_pattern": .null,
            "layers_to_transform": .null,
            "lora_alpha": .number(Double(adapter.alpha)),
            "lora_dropout": .number(0),
            "modules_to_save": .null,
            "peft_type": .string("LORA"),
            "r": .number(Double(rank)),
            "rank_pattern": .object(others),
            "revision": .null,
            "target_modules": .array(targets(adapter, layers: layers, names).map { .string($0) }),
            "task_type": .string("CAUSAL_LM"),
            "use_dora": .bool(false),
            "use_rslora": .bool(false),
        ])
    }

    /// Short names such as `q_proj` where every layer has them; else whole ones, so that PEFT makes no module too many.
    private static func targets(_ adapter: LoraAdapter, layers: Int, _ names: PEFTNames) -> [String] {
        let whole = adapter.modules.compactMap { names.transformers($0.name) }
        let groups = Dictionary(grouping: whole) { $0.split(separator: ".").last.map(String.init) ?? $0 }
        return groups.flatMap { $1.count == layers || $0 == "lm_head" ? [$0] : $1 }.sorted()
    }
}
