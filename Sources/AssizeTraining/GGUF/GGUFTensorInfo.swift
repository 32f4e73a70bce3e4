/// What a GGUF file says of one tensor.
struct GGUFTensorInfo: Sendable, Hashable {
    /// The name, such as `blk.0.attn_q.weight`.
    let name: String
    /// How the values are stored.
    let type: GGUFTensorType
    /// The four sizes, the one that lies contiguous first; those that are not used are 1.
    let dimensions: [Int]
    /// Where the first byte lies: in a file that is read from its beginning, in one to be written from its data section's.
    let offset: Int
    /// The bytes of all values.
    let byteCount: Int

    /// Values in a row.
    var width: Int { dimensions[0] }
    /// Rows over all further dimensions.
    var rows: Int { dimensions[1] * dimensions[2] * dimensions[3] }
    /// Values in all.
    var count: Int { width * rows }
    /// Whether it is a plain matrix or vector.
    var isMatrix: Bool { dimensions[2] == 1 && dimensions[3] == 1 }

    /// The sizes as text without trailing ones, such as `576x1536`.
    var shape: String {
        var sizes = dimensions
        while sizes.count > 1, sizes.last == 1 { sizes.removeLast() }
        return sizes.map(String.init).joined(separator: "x")
    }
}
