extension HuggingFaceWeights {
    /// Writes `model.safetensors`, or several such files with their index.
    ///
    /// - Parameters:
    ///   - folder: Where the files go.
    ///   - format: How values are stored.
    ///   - shardBytes: The longest file, in bytes.
    ///   - progress: Told after each piece.
    /// - Throws: ``AssizeTrainingError`` when a tensor can't be read or a file can't be written.
    func write(
        to folder: StagedFolder,
        format: HuggingFaceExport.Format,
        shardBytes: Int,
        progress: (HuggingFaceExport.Progress) -> Void
    ) throws(AssizeTrainingError) {
        let type = format.type
        let bytes = tensors.map { $0.info.count * type.size }
        let plan = ShardPlan(bytes: bytes, limit: shardBytes)
        let total = bytes.reduce(0, +)
        var done = 0
        for (number, shard) in plan.shards.enumerated() {
            let entries = shard.map {
                SafetensorsStream.Entry(name: tensors[$0].name, type: type.name, shape: tensors[$0].shape)
            }
            let stream = try SafetensorsStream(
                path: folder.file(plan.name(of: number)),
                entries: entries,
                valueBytes: type.size
            )
            for place in shard {
                try pieces(of: tensors[place]) { values, width throws(AssizeTrainingError) in
                    let bytes = type.type.encoded(values, width: width)
                    try stream.append(bytes)
                    done += bytes.count
                    progress(HuggingFaceExport.Progress(done: done, total: total))
                }
            }
            try stream.commit()
        }
        if plan.shards.count > 1 {
            var places: [String: JSONValue] = [:]
            for (number, shard) in plan.shards.enumerated() {
                for place in shard { places[tensors[place].name] = .string(plan.name(of: number)) }
            }
            let index: JSONValue = .object([
                "metadata": .object(["total_size": .count(total)]), "weight_map": .object(places),
            ])
            try folder.write(index, to: "model.safetensors.index.json")
        }
    }

    /// The most values that are held as floats at once, unless a row or a head has more.
    private static let pieceValues = 4 << 20

    /// Lends a tensor's values in Transformers' order, some whole rows at a time.
    private func pieces(
        of tensor: Tensor,
        _ body: (_ values: [Float], _ width: Int) throws(AssizeTrainingError) -> Void
    ) throws(AssizeTrainingError) {
        let info = tensor.info
        guard info.rows > 1 else {
            let values = try values(of: info, rows: 0..<1)
            try body(tensor.permutation?.toTransformers(values, rows: info.width) ?? values, info.width)
            return
        }
        // Rows change places within a head, so that a piece is whole heads.
        let unit = tensor.permutation.map { info.rows / $0.heads } ?? 1
        let step = max(1, HuggingFaceWeights.pieceValues / (info.width * unit)) * unit
        for first in stride(from: 0, to: info.rows, by: step) {
            let count = min(info.rows - first, step)
            let values = try values(of: info, rows: first..<first + count)
            let order = tensor.permutation == nil ? nil : HeadPermutation(heads: count / unit)
            try body(order?.toTransformers(values, rows: count) ?? values, info.width)
        }
    }

    private func values(of info: GGUFTensorInfo, rows: Range<Int>) throws(AssizeTrainingError) -> [Float] {
        var values = [Float](repeating: 0, count: rows.count * info.width)
        var span = values.mutableSpan
        try file.dequantise(info, rows: rows, into: &span)
        return values
    }
}

extension HuggingFaceExport.Format {
    /// The type of the values: ggml's, by safetensors' name, and its bytes.
    fileprivate var type: (type: GGUFTensorType, name: String, size: Int) {
        switch self {
        case .f32: (.f32, "F32", 4)
        case .bf16: (.bf16, "BF16", 2)
        }
    }
}
