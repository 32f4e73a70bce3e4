/// A low-rank change of one matrix with the factor it is added at.
struct LowRankChange {
    private let a: [Float]
    private let b: [Float]
    private let rank: Int
    private let inputs: Int
    private let factor: Float

    /// Takes a module.
    ///
    /// - Parameters:
    ///   - module: The module.
    ///   - factor: Weight times scale.
    init(_ module: LoraModule, factor: Float) {
        a = module.a
        b = module.b
        rank = module.rank
        inputs = module.inputs
        self.factor = factor
    }

    /// Adds changes to rows of a matrix.
    ///
    /// The changes are summed for themselves first: they are small beside the weights.
    ///
    /// - Parameters:
    ///   - changes: The changes, all of the same sizes.
    ///   - rows: Which rows.
    ///   - values: The rows' values; the changes are added to them.
    static func add(_ changes: [LowRankChange], rows: Range<Int>, to values: inout [Float]) {
        guard let width = changes.first?.inputs else { return }
        precondition(values.count == rows.count * width, "rows of another width")
        var sum = [Float](repeating: 0, count: width)
        for (place, row) in rows.enumerated() {
            unsafe sum.withUnsafeMutableBufferPointer { sum in
                unsafe sum.update(repeating: 0)
                for change in changes { unsafe change.add(row: row, to: sum) }
                unsafe values.withUnsafeMutableBufferPointer { values in
                    for column in 0..<width { unsafe values[place * width + column] += sum[column] }
                }
            }
        }
    }

    /// Adds one row of the product; the buffer has the matrix's width.
    private func add(row: Int, to sum: UnsafeMutableBufferPointer<Float>) {
        unsafe a.withUnsafeBufferPointer { a in
            for index in 0..<rank {
                let coefficient = factor * b[row * rank + index]
                let start = index * inputs
                for column in 0..<inputs { unsafe sum[column] += coefficient * a[start + column] }
            }
        }
    }
}
