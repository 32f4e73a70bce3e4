/// What an adapter must know of its base model: the family, the heads and the sizes of the matrices.
public struct AdapterBase: Sendable, Hashable {
    /// The sizes of one matrix.
    public struct Size: Sendable, Hashable {
        /// Values that go in.
        public let inputs: Int
        /// Values that come out.
        public let outputs: Int

        /// Puts sizes together.
        ///
        /// - Parameters:
        ///   - inputs: Values that go in.
        ///   - outputs: Values that come out.
        public init(inputs: Int, outputs: Int) {
            self.inputs = inputs
            self.outputs = outputs
        }
    }

    /// The architecture as GGUF names it.
    public let architecture: String
    /// Layers.
    public let layers: Int
    /// Query heads of a layer.
    public let heads: Int
    /// Key and value heads of a layer.
    public let keyValueHeads: Int
    /// The matrices by name without `.weight`.
    public let matrices: [String: Size]

    /// Puts a base model's facts together.
    ///
    /// - Parameters:
    ///   - architecture: The architecture as GGUF names it.
    ///   - layers: Layers.
    ///   - heads: Query heads of a layer.
    ///   - keyValueHeads: Key and value heads of a layer.
    ///   - matrices: The matrices by name without `.weight`.
    public init(architecture: String, layers: Int, heads: Int, keyValueHeads: Int, matrices: [String: Size]) {
        self.architecture = architecture
        self.layers = layers
        self.heads = heads
        self.keyValueHeads = keyValueHeads
        self.matrices = matrices
    }

    /// Reads the facts of a model file; its weights stay on the disk.
    ///
    /// - Parameter path: A GGUF file.
    /// - Throws: ``AssizeTrainingError`` when the file can't be read or lacks a fact.
    public init(reading path: String) throws(AssizeTrainingError) {
        try self.init(GGUFFile(path: path))
    }

    /// Takes the facts of an open model file.
    ///
    /// - Parameter file: The file.
    /// - Throws: ``AssizeTrainingError`` when a fact is missing, or the file is one piece of several.
    init(_ file: GGUFFile) throws(AssizeTrainingError) {
        if let pieces = file.integer("split.count"), pieces > 1 {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message: "\(file.path) is one piece of \(pieces); put them together with llama-gguf-split --merge first"
            )
        }
        if let type = file.string("general.type"), type != "model" {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message: "\(file.path) is of the type '\(type)', not a model; name the base model's file"
            )
        }
        guard let architecture = file.string("general.architecture") else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message: "\(file.path) does not say its architecture; use a GGUF file made for llama.cpp"
            )
        }
        let heads = try AdapterBase.count("\(architecture).attention.head_count", in: file)
        let hasGroups = file.keys.contains("\(architecture).attention.head_count_kv")
        var matrices: [String: Size] = [:]
        for tensor in file.tensors where tensor.name.hasSuffix(".weight") && tensor.isMatrix {
            guard !tensor.name.hasSuffix("_norm.weight") else { continue }
            matrices[String(tensor.name.dropLast(7))] = Size(inputs: tensor.width, outputs: tensor.rows)
        }
        self.init(
            architecture: architecture,
            layers: try AdapterBase.count("\(architecture).block_count", in: file),
            heads: heads,
            keyValueHeads: hasGroups
                ? try AdapterBase.count("\(architecture).attention.head_count_kv", in: file) : heads,
            matrices: matrices
        )
    }

    private static func count(_ key: String, in file: GGUFFile) throws(AssizeTrainingError) -> Int {
        // Some files list one number a layer.
        let numbers = file.integer(key).map { [$0] } ?? file.integers(key) ?? []
        guard let first = numbers.first, first > 0, numbers.allSatisfy({ $0 == first }) else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message: numbers.isEmpty
                    ? "\(file.path) lacks \(key); use a GGUF file made for llama.cpp"
                    : "\(file.path) has \(key) of \(numbers.prefix(8)); only models with the same number in all layers can be used"
            )
        }
        return first
    }
}

extension AdapterBase {
    /// Checks that an adapter is of this model's family and all its modules have the sizes of this model's matrices.
    ///
    /// - Parameter adapter: The adapter.
    /// - Throws: ``AssizeTrainingError`` that names the first module that does not fit.
    public func check(_ adapter: LoraAdapter) throws(AssizeTrainingError) {
        guard adapter.architecture == architecture else {
            throw AssizeTrainingError(
                code: .unreadableAdapter,
                message:
                    "the adapter is for models of the architecture '\(adapter.architecture)', the base model's is '\(architecture)'; use the model it was trained on"
            )
        }
        for module in adapter.modules {
            guard module.name != "token_embd" else { throw LoraAdapter.embedding() }
            guard let size = matrices[module.name] else {
                throw AssizeTrainingError(
                    code: .unreadableAdapter,
                    message:
                        "the adapter changes \(module.name), which the base model does not have; use the model it was trained on"
                )
            }
            guard size.inputs == module.inputs, size.outputs == module.outputs else {
                throw AssizeTrainingError(
                    code: .unreadableAdapter,
                    message:
                        "the adapter's \(module.name) is \(module.inputs)x\(module.outputs), the base model's \(size.inputs)x\(size.outputs); use the model it was trained on"
                )
            }
        }
    }
}
