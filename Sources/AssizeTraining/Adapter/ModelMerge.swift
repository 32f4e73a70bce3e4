internal import Foundation

/// Writes a model with adapters worked into its weights, so that it runs without them.
///
/// The weights become `W + sum(weight * alpha / rank * B A)`. One piece of one tensor is in memory at a time.
public struct ModelMerge: Sendable {
    /// How the changed weights are stored.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// As in the base model; rounded anew to that format.
        case base
        /// 32-bit floats.
        case f32
        /// IEEE 16-bit floats.
        case f16
        /// The upper halves of 32-bit floats.
        case bf16
        /// Blocks of 32 values of 8 bits.
        case q8 = "q8_0"
    }

    /// The base model's GGUF file.
    public let base: String
    /// The adapters, each with its weight.
    public let adapters: [LoraAdapter.Weighted]
    /// How the changed weights are stored.
    public let format: Format

    /// Describes a merge.
    ///
    /// - Parameters:
    ///   - base: The base model's GGUF file.
    ///   - adapters: The adapters, each with its weight; 1 is the strength it was trained at.
    ///   - format: How the changed weights are stored.
    public init(base: String, adapters: [LoraAdapter.Weighted], format: Format = .base) {
        self.base = base
        self.adapters = adapters
        self.format = format
    }

    /// Writes the merged model: it appears whole or not at all.
    ///
    /// All other tensors and the base model's metadata are copied bit for bit; keys that begin with `assize.merged.` note
    /// what was merged. An importance matrix that the base model was made with is not used again.
    ///
    /// - Parameters:
    ///   - path: The file to write; not the base model's.
    ///   - progress: Called with the bytes done and the bytes in all.
    /// - Throws: ``AssizeTrainingError`` when an adapter does not fit, a weight can't be stored in the format, or the file
    ///   can't be written.
    public func write(
        to path: String,
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(AssizeTrainingError) {
        let source = try GGUFFile(path: base)
        try check(source, path)
        let writer = try GGUFWriter(copying: source)
        for tensor in source.tensors where !changes(of: tensor).isEmpty {
            writer.setType(of: tensor.name, try type(of: tensor))
        }
        try note(in: writer, source)
        let total = writer.tensors.reduce(0) { $0 + $1.byteCount }
        try writer.write(to: path) { target, file throws(AssizeTrainingError) in
            guard let tensor = source.tensor(target.name) else { return }
            let changes = changes(of: tensor)
            if changes.isEmpty {
                try source.withBytes(of: tensor) { bytes throws(AssizeTrainingError) in try file.append(bytes) }
            } else {
                try append(tensor, of: source, changes, as: target.type, to: file)
            }
            progress(min(total, target.offset + target.byteCount), total)
        }
    }

    private func changes(of tensor: GGUFTensorInfo) -> [LowRankChange] {
        guard tensor.name.hasSuffix(".weight") else { return [] }
        let name = String(tensor.name.dropLast(".weight".count))
        return adapters.compactMap { entry in
            entry.adapter.module(name).map { LowRankChange($0, factor: entry.weight * entry.adapter.scale(of: $0)) }
        }
    }

    private func append(
        _ tensor: GGUFTensorInfo,
        of source: GGUFFile,
        _ changes: [LowRankChange],
        as type: GGUFTensorType,
        to file: AtomicFile
    ) throws(AssizeTrainingError) {
        let step = max(1, (1 << 20) / tensor.width)
        for start in stride(from: 0, to: tensor.rows, by: step) {
            let rows = start..<min(start + step, tensor.rows)
            var values = [Float](repeating: 0, count: rows.count * tensor.width)
            var span = values.mutableSpan
            try source.dequantise(tensor, rows: rows, into: &span)
            LowRankChange.add(changes, rows: rows, to: &values)
            let limit: Float = type == .f16 ? 65_504 : .greatestFiniteMagnitude
            guard values.allSatisfy({ abs($0) <= limit }) else {
                throw AssizeTrainingError(
                    code: .notFinite,
                    message:
                        "the merged \(tensor.name) holds a value that is too large for \(type); check the adapters' weights"
                )
            }
            try file.append(type.encoded(values, width: tensor.width))
        }
    }

    private func check(_ source: GGUFFile, _ path: String) throws(AssizeTrainingError) {
        guard !adapters.isEmpty else {
            throw AssizeTrainingError(code: .invalidOptions, message: "no adapters to merge; name at least one")
        }
        let facts = try AdapterBase(source)
        for (adapter, weight) in adapters {
            guard weight.isFinite else {
                throw AssizeTrainingError(
                    code: .invalidOptions,
                    message: "an adapter's weight in a merge is \(weight); it must be a finite number"
                )
            }
            try adapter.checkWritable()
            try facts.check(adapter)
        }
        let places = [base, path].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
        guard places[0] != places[1] else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message: "the merged model would overwrite its base \(base); name another file"
            )
        }
    }

    private func type(of tensor: GGUFTensorInfo) throws(AssizeTrainingError) -> GGUFTensorType {
        let type: GGUFTensorType =
            switch format {
            case .base: tensor.type
            case .f32: .f32
            case .f16: .f16
            case .bf16: .bf16
            case .q8: .q8x0
            }
        guard tensor.type.isDecodable, type.isEncodable, type.rowBytes(tensor.width) != nil else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message:
                    "\(tensor.name) is \(tensor.shape) values stored as \(tensor.type) and can't be written as \(type); choose f16, bf16 or f32 for the changed weights"
            )
        }
        return type
    }
}
