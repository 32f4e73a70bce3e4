@testable import AssizeTraining

/// A model of two layers that is small enough to reckon with by hand.
enum TinyModelFile {
    static let names = [
        "attn_q": (64, 64), "attn_k": (64, 32), "attn_v": (64, 32), "attn_output": (64, 64), "ffn_gate": (64, 96),
        "ffn_up": (64, 96), "ffn_down": (96, 64),
    ]
    static let layers = 2

    /// Writes the model, and gives its weights by tensor.
    static func write(
        to path: String,
        architecture: String = "llama",
        type: GGUFTensorType = .f32,
        extra: [String: GGUFValue] = [:]
    ) throws -> [String: [Float]] {
        let writer = GGUFWriter()
        try writer.set(.string("model"), for: "general.type")
        try writer.set(.string(architecture), for: "general.architecture")
        try writer.set(.uint32(UInt32(layers)), for: "\(architecture).block_count")
        try writer.set(.uint32(4), for: "\(architecture).attention.head_count")
        try writer.set(.uint32(2), for: "\(architecture).attention.head_count_kv")
        try writer.set(.strings(["a", "b", "\u{2581}c"]), for: "tokenizer.ggml.tokens")
        for (key, value) in extra { try writer.set(value, for: key) }
        var numbers = SmallNumbers(seed: 11)
        var floats: [String: [Float]] = [:]
        func add(_ name: String, _ type: GGUFTensorType, _ sizes: [Int]) throws {
            try writer.add(name, type: type, dimensions: sizes)
            floats[name] = numbers.next(sizes.reduce(1, *))
        }
        try add("token_embd.weight", type, [64, 10])
        for layer in 0..<layers {
            try add("blk.\(layer).attn_norm.weight", .f32, [64])
            for (name, sizes) in names.sorted(by: { $0.key < $1.key }) {
                try add("blk.\(layer).\(name).weight", type, [sizes.0, sizes.1])
            }
        }
        try add("output.weight", type, [64, 10])
        try writer.write(to: path, floats: floats)
        return floats
    }

    /// The model's facts without a file.
    static func base(_ architecture: String = "llama") -> AdapterBase {
        var matrices: [String: AdapterBase.Size] = [
            "token_embd": .init(inputs: 64, outputs: 10), "output": .init(inputs: 64, outputs: 10),
        ]
        for layer in 0..<layers {
            for (name, sizes) in names {
                matrices["blk.\(layer).\(name)"] = .init(inputs: sizes.0, outputs: sizes.1)
            }
        }
        return AdapterBase(architecture: architecture, layers: layers, heads: 4, keyValueHeads: 2, matrices: matrices)
    }

    /// An adapter of some modules.
    static func adapter(
        _ names: [String],
        rank: Int = 2,
        alpha: Float = 4,
        seed: UInt64 = 5,
        architecture: String = "llama",
        provenance: [String: String] = [:]
    ) -> LoraAdapter {
        var numbers = SmallNumbers(seed: seed)
        let base = base(architecture)
        let modules = names.map { name in
            let size = base.matrices[name] ?? .init(inputs: 4, outputs: 4)
            return LoraModule(
                name: name,
                rank: rank,
                inputs: size.inputs,
                outputs: size.outputs,
                a: numbers.next(rank * size.inputs),
                b: numbers.next(size.outputs * rank)
            )
        }
        return LoraAdapter(architecture: architecture, alpha: alpha, modules: modules, provenance: provenance)
    }

    /// All modules of all layers.
    static var allNames: [String] {
        (0..<layers).flatMap { layer in names.keys.sorted().map { "blk.\(layer).\($0)" } }
    }
}

extension LoraAdapter {
    /// The change of a matrix, reckoned the plain way in doubles.
    func change(of name: String) -> [Double] {
        guard let module = module(name) else { return [] }
        let scale = Double(alpha) / Double(module.rank)
        return (0..<module.outputs)
            .flatMap { row in
                (0..<module.inputs)
                    .map { column in
                        (0..<module.rank)
                            .reduce(0.0) { sum, index in
                                sum + Double(module.b[row * module.rank + index])
                                    * Double(module.a[index * module.inputs + column])
                            } * scale
                    }
            }
    }
}
