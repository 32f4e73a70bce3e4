/// The order of a head's rows in query and key matrices.
///
/// Transformers rotates the first half of a head against the second, llama.cpp's `llama` family pairs of neighbours: row `i`
/// of the first half and row `i` of the second lie side by side in GGUF. `convert_hf_to_gguf.py` calls it `permute`.
struct HeadPermutation: Sendable, Hashable {
    /// Heads that the rows make up.
    let heads: Int

    /// Puts rows from Transformers' order into GGUF's.
    ///
    /// - Parameters:
    ///   - values: The matrix, row by row.
    ///   - rows: Its rows, of which each head has the same even number.
    /// - Returns: The matrix with its rows in the other order.
    func toGGUF(_ values: [Float], rows: Int) -> [Float] {
        reordered(values, rows: rows) { half, place in (place % 2) * half + place / 2 }
    }

    /// Puts rows from GGUF's order into Transformers'.
    ///
    /// - Parameters:
    ///   - values: The matrix, row by row.
    ///   - rows: Its rows, of which each head has the same even number.
    /// - Returns: The matrix with its rows in the other order.
    func toTransformers(_ values: [Float], rows: Int) -> [Float] {
        reordered(values, rows: rows) { half, place in (place % half) * 2 + place / half }
    }

    /// Whether rows divide into halves of heads.
    ///
    /// - Parameter rows: The matrix's rows.
    /// - Returns: Whether they do.
    func fits(_ rows: Int) -> Bool {
        heads > 0 && rows > 0 && rows.isMultiple(of: 2 * heads)
    }

    private func reordered(
        _ values: [Float],
        rows: Int,
        _ source: (_ half: Int, _ place: Int) -> Int
    ) -> [Float] {
        precondition(fits(rows) && values.count.isMultiple(of: rows), "rows that are not whole heads")
        let width = values.count / rows
        let size = rows / heads
        var result: [Float] = []
        result.reserveCapacity(values.count)
        for row in 0..<rows {
            let from = row / size * size + source(size / 2, row % size)
            result += values[from * width..<(from + 1) * width]
        }
        return result
    }
}
