internal import CLlama

/// A GGUF file: metadata and tensors, read through gguf.h, the tensors' bytes mapped rather than loaded.
///
/// Every tensor is known to lie in the file: a file that was cut off is refused when it is opened.
@safe
final class GGUFFile: Sendable {
    /// The file's path.
    var path: String { mapped.path }
    /// All tensors in the file's order.
    let tensors: [GGUFTensorInfo]
    /// The kind of error that a fault of this file is.
    let code: AssizeTrainingError.Code
    private let places: [String: Int]
    private let mapped: MappedFile
    // SAFETY: set once and freed in deinit; gguf.h's functions called here only read.
    nonisolated(unsafe) let context: OpaquePointer

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - code: The kind of error to throw, which depends on what the file is for.
    /// - Throws: ``AssizeTrainingError`` when the file can't be opened, is no GGUF file, or was cut off.
    init(path: String, code: AssizeTrainingError.Code = .unreadableModel) throws(AssizeTrainingError) {
        let mapped = try MappedFile(path: path, code: code)
        guard mapped.count >= 24, mapped.withBytes(0..<4, { unsafe $0.unsafeLoad(as: UInt32.self) }) == 0x4655_4747
        else {
            throw AssizeTrainingError(code: code, message: "\(path) is not a GGUF file: it does not begin as one")
        }
        guard let context = unsafe GGUFFile.parse(mapped) else {
            throw AssizeTrainingError(
                code: code,
                message: "\(path) is a broken GGUF file: its header can't be read; fetch it again"
            )
        }
        let tensors: [GGUFTensorInfo]
        do {
            tensors = try unsafe GGUFFile.tensors(of: context, in: mapped, code: code)
        } catch {
            unsafe gguf_free(context)
            throw error
        }
        self.mapped = mapped
        self.code = code
        self.tensors = tensors
        unsafe self.context = context
        places = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
    }

    deinit {
        unsafe gguf_free(context)
    }

    /// The tensor of a name, if there is one.
    ///
    /// - Parameter name: The whole name, such as `output_norm.weight`.
    /// - Returns: What the file says of it.
    func tensor(_ name: String) -> GGUFTensorInfo? {
        places[name].map { tensors[$0] }
    }

    /// Lends a tensor's bytes as the file has them.
    ///
    /// - Parameters:
    ///   - tensor: One of ``tensors``.
    ///   - body: What reads them.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws.
    func withBytes<Result, Failure: Error>(
        of tensor: GGUFTensorInfo,
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try mapped.withBytes(tensor.offset..<tensor.offset + tensor.byteCount, body)
    }

    /// A second context with the same content, to be changed and written.
    func contextCopy() -> OpaquePointer? {
        unsafe GGUFFile.parse(mapped)
    }

    private static func parse(_ mapped: MappedFile) -> OpaquePointer? {
        unsafe mapped.withBytes(0..<mapped.count) { bytes in
            unsafe bytes.withUnsafeBytes {
                let parameters = unsafe gguf_init_params(no_alloc: true, ctx: nil)
                return unsafe gguf_init_from_buffer($0.baseAddress, $0.count, parameters)
            }
        }
    }

    private static func tensors(
        of context: OpaquePointer,
        in mapped: MappedFile,
        code: AssizeTrainingError.Code
    ) throws(AssizeTrainingError) -> [GGUFTensorInfo] {
        let start = Int(unsafe gguf_get_data_offset(context))
        var tensors: [GGUFTensorInfo] = []
        for index in 0..<(unsafe gguf_get_n_tensors(context)) {
            guard let info = unsafe GGUFTensorInfo(context: context, index: index, dataOffset: start) else {
                throw AssizeTrainingError(
                    code: code,
                    message:
                        "\(mapped.path) is a broken GGUF file: tensor \(index) has impossible sizes; fetch it again"
                )
            }
            let (end, overflow) = info.offset.addingReportingOverflow(info.byteCount)
            guard !overflow, end <= mapped.count else {
                throw AssizeTrainingError(
                    code: code,
                    message:
                        "\(mapped.path) was cut off: it has \(mapped.count) bytes, and its tensor \(info.name) ends at \(end); fetch it again"
                )
            }
            tensors.append(info)
        }
        return tensors
    }
}

extension GGUFTensorInfo {
    /// Reads one tensor's facts from a context; `nil` when its sizes can't be.
    ///
    /// - Parameters:
    ///   - context: gguf.h's context.
    ///   - index: The tensor's number, which must be below the context's count.
    ///   - dataOffset: What to add to the offset.
    init?(context: OpaquePointer, index: Int64, dataOffset: Int) {
        guard let name = unsafe gguf_get_tensor_name(context, index),
            let sizes = unsafe gguf_get_tensor_ne(context, index)
        else { return nil }
        let type = GGUFTensorType(unsafe gguf_get_tensor_type(context, index))
        let dimensions = (0..<4).map { Int(unsafe sizes[$0]) }
        guard dimensions.allSatisfy({ $0 >= 0 }), var bytes = type.rowBytes(dimensions[0]) else { return nil }
        for size in dimensions.dropFirst() {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            bytes = product
        }
        let offset = Int(clamping: unsafe gguf_get_tensor_offset(context, index))
        let (place, overflow) = offset.addingReportingOverflow(dataOffset)
        guard !overflow, bytes == Int(clamping: unsafe gguf_get_tensor_size(context, index)) else { return nil }
        self.init(
            name: unsafe String(cString: name),
            type: type,
            dimensions: dimensions,
            offset: place,
            byteCount: bytes
        )
    }
}
