internal import CKernels
internal import CLlama

/// Reads matrices and vectors from a model file into the memory and format that training wants.
final class WeightLoader {
    private let file: GGUFFile
    private let format: FrozenModel.Format
    private let device: Device
    /// Where the tensors lie.
    private(set) var stores: [TensorStore] = []
    /// The matrices that are no tensors.
    private(set) var packed: [PackedMatrix] = []

    /// - Throws: ``AssizeTrainingError`` when the format can't be had on this device.
    init(_ file: GGUFFile, shape: ModelShape, format: FrozenModel.Format, on device: Device)
        throws(AssizeTrainingError)
    {
        self.file = file
        self.format = format
        self.device = device
    }

    /// A vector of 32-bit floats.
    ///
    /// - Throws: ``AssizeTrainingError`` when it is missing or of another size.
    func vector(_ name: String, _ count: Int) throws(AssizeTrainingError) -> Tensor {
        let info = try info(name, dimensions: [count])
        let store = try TensorStore([.init(name: name, type: GGML_TYPE_F32, dimensions: [count])], on: device)
        store[name].write(try file.floats(of: info))
        stores.append(store)
        return store[name]
    }

    /// A projection with its bias, if it has one.
    ///
    /// - Throws: ``AssizeTrainingError`` when it is missing or of another size.
    func linear(_ name: String, inputs: Int, outputs: Int) throws(AssizeTrainingError) -> Linear {
        let info = try info("\(name).weight", dimensions: [inputs, outputs])
        let hasBias = file.tensor("\(name).bias") != nil
        let bias = hasBias ? try vector("\(name).bias", outputs) : nil
        let weights: Linear.FrozenWeights
        switch format {
        case .tensors32: weights = try tensors(try file.floats(of: info), inputs, outputs, GGML_TYPE_F32)
        case .tensors16: weights = try tensors(try file.floats(of: info), inputs, outputs, GGML_TYPE_BF16)
        case .panels(let format): weights = try panels(info, format)
        }
        return Linear(name: name, inputs: inputs, outputs: outputs, weights: weights, bias: bias)
    }

    private func tensors(_ values: [Float], _ inputs: Int, _ outputs: Int, _ type: ggml_type)
        throws(AssizeTrainingError) -> Linear.FrozenWeights
    {
        let store = try TensorStore(
            [
                .init(name: "forward", type: type, dimensions: [inputs, outputs]),
                .init(name: "backward", type: type, dimensions: [outputs, inputs]),
            ],
            on: device
        )
        stores.append(store)
        let transposed = unsafe [Float](unsafeUninitializedCapacity: values.count) { buffer, filled in
            unsafe values.withUnsafeBufferPointer { source in
                unsafe assize_transpose(source.baseAddress, outputs, inputs, buffer.baseAddress)
            }
            filled = values.count
        }
        for (name, values) in [("forward", values), ("backward", transposed)] {
            if type == GGML_TYPE_F32 {
                store[name].write(values)
            } else {
                store[name].write(WeightLoader.rounded(values))
            }
        }
        return .tensors(forward: store["forward"], backward: store["backward"])
    }

    /// Packs a part of the rows at a time: the matrix never lies in memory as floats.
    private func panels(_ info: GGUFTensorInfo, _ format: PackedMatrix.Format) throws(AssizeTrainingError)
        -> Linear.FrozenWeights
    {
        let (inputs, outputs) = (info.dimensions[0], info.dimensions[1])
        let forward = PackedMatrix(outputs: outputs, inputs: inputs, format: format)
        let backward = PackedMatrix(outputs: inputs, inputs: outputs, format: format)
        let step = max(1, (4 << 20) / inputs)
        var first = 0
        while first < outputs {
            let count = min(step, outputs - first)
            var rows = [Float](repeating: 0, count: count * inputs)
            var span = rows.mutableSpan
            try file.dequantise(info, rows: first..<first + count, into: &span)
            forward.fill(rows, first: first, isTransposed: false)
            backward.fill(rows, first: first, isTransposed: true)
            first += count
        }
        packed += [forward, backward]
        return .panels(forward: forward, backward: backward)
    }

    /// The values as BF16, rounded to nearest.
    private static func rounded(_ values: [Float]) -> [UInt16] {
        unsafe [UInt16](unsafeUninitializedCapacity: values.count) { buffer, filled in
            unsafe values.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = buffer.baseAddress else { return }
                unsafe UnsafeMutableRawPointer(to)
                    .withMemoryRebound(to: ggml_bf16_t.self, capacity: values.count) {
                        unsafe ggml_fp32_to_bf16_row(from, $0, Int64(values.count))
                    }
            }
            filled = values.count
        }
    }

    private func info(_ name: String, dimensions: [Int]) throws(AssizeTrainingError) -> GGUFTensorInfo {
        guard let info = file.tensor(name) else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message: "\(file.path) lacks \(name); use a GGUF file with the whole model"
            )
        }
        guard info.dimensions == dimensions + [Int](repeating: 1, count: 4 - dimensions.count) else {
            throw AssizeTrainingError(
                code: .unreadableModel,
                message:
                    "\(file.path) has \(name) with \(info.shape) values where its metadata wants \(dimensions.map(String.init).joined(separator: "x"))"
            )
        }
        return info
    }
}
