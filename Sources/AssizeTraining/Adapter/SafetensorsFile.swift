internal import Foundation

/// A safetensors file: a length, a JSON header, and the tensors' bytes without gaps.
struct SafetensorsFile: Sendable {
    /// What the header says of one tensor.
    struct Entry: Sendable, Hashable {
        /// The values' type, such as `F32`.
        let type: String
        /// The sizes, the one that lies contiguous last.
        let shape: [Int]
        /// The bytes' place in the file.
        let range: Range<Int>

        /// Values in all.
        var count: Int { shape.reduce(1, *) }

        /// Whether this tensor's bytes come first; of two that begin together the empty one does.
        func isBefore(_ other: Entry) -> Bool {
            (range.lowerBound, range.upperBound) < (other.range.lowerBound, other.range.upperBound)
        }
    }

    /// The tensors by name.
    let entries: [String: Entry]
    private let mapped: MappedFile

    /// The bytes of one value; safetensors knows a few more types, which no adapter has.
    private static let sizes = [
        "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2, "U32": 4,
        "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8,
    ]
    private static let floats: [String: GGUFTensorType] = ["F32": .f32, "F16": .f16, "BF16": .bf16]

    /// Opens a file and checks that its header and its length agree.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``AssizeTrainingError`` when the file can't be opened, is broken, or was cut off.
    init(path: String) throws(AssizeTrainingError) {
        let mapped = try MappedFile(path: path, code: .unreadableAdapter)
        func broken(_ why: String) -> AssizeTrainingError {
            AssizeTrainingError(
                code: .unreadableAdapter,
                message: "\(path) is not a whole safetensors file: \(why); fetch or save it again"
            )
        }
        guard mapped.count >= 8 else { throw broken("it has \(mapped.count) bytes") }
        let length = UInt64(littleEndian: mapped.withBytes(0..<8) { unsafe $0.unsafeLoadUnaligned(as: UInt64.self) })
        guard length <= 100_000_000, Int(length) <= mapped.count - 8 else {
            throw broken("its header should have \(length) bytes, the file has \(mapped.count)")
        }
        let start = 8 + Int(length)
        let json = mapped.withBytes(8..<start) { bytes in unsafe bytes.withUnsafeBytes { unsafe Data($0) } }
        guard let header = try? JSONDecoder().decode([String: JSONValue].self, from: json) else {
            throw broken("its header is no JSON object")
        }
        var entries: [String: Entry] = [:]
        for (name, value) in header where name != "__metadata__" {
            guard let entry = SafetensorsFile.entry(value, from: start) else {
                throw broken("what it says of \(name) can't be: \(value)")
            }
            entries[name] = entry
        }
        var end = start
        for (name, entry) in entries.sorted(by: { $0.value.isBefore($1.value) }) {
            guard entry.range.lowerBound == end else {
                throw broken("\(name) does not begin where the one before it ends")
            }
            end = entry.range.upperBound
        }
        guard end == mapped.count else { throw broken("its tensors end at byte \(end), the file at \(mapped.count)") }
        self.mapped = mapped
        self.entries = entries
    }

    /// All values of a tensor.
    ///
    /// - Parameter name: A name in ``entries``.
    /// - Returns: The values, the last dimension contiguous; `nil` when there is no such tensor, or it holds no floats of 16
    ///   or 32 bits.
    func floats(of name: String) -> [Float]? {
        guard let entry = entries[name], let type = SafetensorsFile.floats[entry.type] else { return nil }
        var values = [Float](repeating: 0, count: entry.count)
        var span = values.mutableSpan
        mapped.withBytes(entry.range) { type.decode($0, into: &span) }
        return values
    }

    private static func entry(_ value: JSONValue, from start: Int) -> Entry? {
        guard let fields = value.object, let type = fields["dtype"]?.string, let size = sizes[type],
            let shape = integers(fields["shape"]), let offsets = integers(fields["data_offsets"]), offsets.count == 2,
            offsets[0] <= offsets[1]
        else { return nil }
        var bytes = size
        for length in shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
            if overflow { return nil }
            bytes = product
        }
        guard bytes == offsets[1] - offsets[0] else { return nil }
        return Entry(type: type, shape: shape, range: start + offsets[0]..<start + offsets[1])
    }

    /// A list of whole numbers from zero to far beyond any file's length, but not so far that sums overflow.
    private static func integers(_ value: JSONValue?) -> [Int]? {
        guard case .array(let values) = value else { return nil }
        let numbers = values.compactMap { $0.number.flatMap { Int(exactly: $0) } }
        return numbers.count == values.count && numbers.allSatisfy { (0...(1 << 50)).contains($0) } ? numbers : nil
    }
}
