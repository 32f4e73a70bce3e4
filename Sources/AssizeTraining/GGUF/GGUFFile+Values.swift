extension GGUFFile {
    /// Turns rows of a tensor into floats.
    ///
    /// - Parameters:
    ///   - tensor: One of ``tensors``, of any type that holds floats.
    ///   - rows: Which rows, counted over all dimensions but the first.
    ///   - values: Where the floats go: as many as the rows have values.
    /// - Throws: ``AssizeTrainingError`` when the type holds no floats.
    func dequantise(
        _ tensor: GGUFTensorInfo,
        rows: Range<Int>,
        into values: inout MutableSpan<Float>
    ) throws(AssizeTrainingError) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= tensor.rows, "rows outside the tensor")
        precondition(values.count == rows.count * tensor.width, "a buffer of another size than the rows")
        guard tensor.type.isDecodable, let rowBytes = tensor.type.rowBytes(tensor.width) else {
            throw AssizeTrainingError(
                code: code,
                message:
                    "\(path) holds \(tensor.name) as \(tensor.type), which can't be turned into floats; use another format"
            )
        }
        withBytes(of: tensor) { bytes in
            tensor.type.decode(
                bytes.extracting(rows.lowerBound * rowBytes..<rows.upperBound * rowBytes),
                into: &values
            )
        }
    }

    /// All values of a tensor as floats.
    ///
    /// - Parameter tensor: One of ``tensors``.
    /// - Returns: The values, the first dimension contiguous.
    /// - Throws: ``AssizeTrainingError`` when the type holds no floats.
    func floats(of tensor: GGUFTensorInfo) throws(AssizeTrainingError) -> [Float] {
        var values = [Float](repeating: 0, count: tensor.count)
        var span = values.mutableSpan
        try dequantise(tensor, rows: 0..<tensor.rows, into: &span)
        return values
    }
}
