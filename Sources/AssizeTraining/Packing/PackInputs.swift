internal import CLlama

/// What the graphs of one pack read beside the tokens' vectors.
final class PackInputs {
    /// `[tokens]`, 32-bit integers.
    let positions: Tensor
    /// 0 where a row's token sees the column's, minus infinity elsewhere; `[tokens, tokens]`, for stock attention only.
    let mask: Tensor?
    /// Llama 3's factors of the frequencies, where the model has them.
    let rotationFactors: Tensor?
    /// What each token sees, for attention of our own.
    let pack: Pack
    /// `[targets]`: the rows whose outputs predict something.
    let targetRows: Tensor
    private let store: TensorStore

    /// - Throws: ``AssizeTrainingError`` when the device has no room.
    init(_ pack: Pack, on device: Device, masks: Bool, rotationFactors: Tensor?) throws(AssizeTrainingError) {
        precondition(!pack.tokens.isEmpty && !pack.targets.isEmpty)
        var layouts = [
            TensorStore.Layout(name: "positions", type: GGML_TYPE_I32, dimensions: [pack.count]),
            TensorStore.Layout(name: "rows", type: GGML_TYPE_I32, dimensions: [pack.targets.count]),
        ]
        if masks { layouts.append(.init(name: "mask", type: GGML_TYPE_F32, dimensions: [pack.count, pack.count])) }
        store = try TensorStore(layouts, on: device)
        positions = store["positions"]
        targetRows = store["rows"]
        mask = store.find("mask")
        self.pack = pack
        self.rotationFactors = rotationFactors
        positions.write(pack.positions)
        targetRows.write(pack.targets.map { Int32($0.row) })
        mask?.write(PackInputs.maskValues(pack))
    }

    private static func maskValues(_ pack: Pack) -> [Float] {
        let count = pack.count
        var values = [Float](repeating: -.infinity, count: count * count)
        for row in 0..<count {
            for column in Int(pack.prefixBegin[row])..<Int(pack.prefixEnd[row]) { values[row * count + column] = 0 }
            for column in Int(pack.ownBegin[row])...row { values[row * count + column] = 0 }
        }
        return values
    }
}
