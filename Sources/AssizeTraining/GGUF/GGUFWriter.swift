internal import CLlama
internal import Foundation

/// Writes a GGUF file: first metadata and the list of tensors, then each tensor's bytes as they come.
///
/// Nothing but the list is held, so a model of any size passes through.
@safe
final class GGUFWriter {
    private let context: OpaquePointer

    /// Begins an empty file.
    init() {
        unsafe context = gguf_init_empty()
    }

    /// Begins with the metadata and the tensors of a file, which can then be changed.
    ///
    /// - Parameter file: The file; its metadata is taken bit for bit.
    /// - Throws: ``AssizeTrainingError`` when its header can't be read again.
    init(copying file: GGUFFile) throws(AssizeTrainingError) {
        guard let copy = unsafe file.contextCopy() else {
            throw AssizeTrainingError(code: .unreadableModel, message: "\(file.path) changed while it was read")
        }
        unsafe context = copy
    }

    deinit {
        unsafe gguf_free(context)
    }

    /// Sets a value, in place of an earlier one of its key.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - key: The whole key; not `general.alignment`, which the writer keeps.
    /// - Throws: ``AssizeTrainingError`` when the key or a text can't be stored.
    func set(_ value: GGUFValue, for key: String) throws(AssizeTrainingError) {
        guard !key.isEmpty, key != "general.alignment", !key.utf8.contains(0) else {
            throw AssizeTrainingError(code: .invalidOptions, message: "'\(key)' can't be a key of GGUF metadata")
        }
        switch value {
        case .string(let text):
            try GGUFWriter.check(text, key)
            unsafe gguf_set_val_str(context, key, text)
        case .bool(let flag): unsafe gguf_set_val_bool(context, key, flag)
        case .uint32(let number): unsafe gguf_set_val_u32(context, key, number)
        case .int32(let number): unsafe gguf_set_val_i32(context, key, number)
        case .uint64(let number): unsafe gguf_set_val_u64(context, key, number)
        case .float(let number): unsafe gguf_set_val_f32(context, key, number)
        case .strings(let texts):
            for text in texts { try GGUFWriter.check(text, key) }
            let copies = unsafe texts.map { unsafe strdup($0) }
            defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
            var pointers = unsafe copies.map { unsafe UnsafePointer($0) }
            unsafe gguf_set_arr_str(context, key, &pointers, texts.count)
        case .int32s(let numbers):
            unsafe gguf_set_arr_data(context, key, GGUF_TYPE_INT32, numbers, numbers.count)
        case .floats(let numbers):
            unsafe gguf_set_arr_data(context, key, GGUF_TYPE_FLOAT32, numbers, numbers.count)
        }
    }

    /// Adds a tensor to the list.
    ///
    /// - Parameters:
    ///   - name: A name of at most 63 bytes that is not in the list.
    ///   - type: How it will be stored.
    ///   - dimensions: One to four sizes, the one that lies contiguous first.
    /// - Throws: ``AssizeTrainingError`` when name or sizes can't be stored.
    func add(_ name: String, type: GGUFTensorType, dimensions: [Int]) throws(AssizeTrainingError) {
        // Sixteen bytes a value is more than any type takes.
        var bytes = 16
        for size in dimensions {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
            bytes = overflow || size < 1 ? 0 : product
        }
        guard !name.isEmpty, name.utf8.count < Int(GGML_MAX_NAME), !name.utf8.contains(0),
            unsafe gguf_find_tensor(context, name) < 0, (1...4).contains(dimensions.count), bytes > 0,
            type.rowBytes(dimensions[0]) != nil
        else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message: "a tensor '\(name)' of \(dimensions) values as \(type) can't be stored in a GGUF file"
            )
        }
        let parameters = unsafe ggml_init_params(mem_size: ggml_tensor_overhead(), mem_buffer: nil, no_alloc: true)
        let scratch = unsafe ggml_init(parameters)
        defer { unsafe ggml_free(scratch) }
        let sizes = dimensions.map(Int64.init)
        let tensor = unsafe ggml_new_tensor(scratch, type.native, Int32(sizes.count), sizes)
        _ = unsafe ggml_set_name(tensor, name)
        unsafe gguf_add_tensor(context, tensor)
    }

    /// Changes how a tensor of the list will be stored.
    ///
    /// - Parameters:
    ///   - name: A name in the list.
    ///   - type: A type whose blocks divide the tensor's rows.
    func setType(of name: String, _ type: GGUFTensorType) {
        precondition(unsafe gguf_find_tensor(context, name) >= 0, "no tensor \(name)")
        unsafe gguf_set_tensor_type(context, name, type.native)
    }

    /// The list of tensors; offsets count from the data section's beginning.
    var tensors: [GGUFTensorInfo] {
        (0..<(unsafe gguf_get_n_tensors(context)))
            .compactMap { unsafe GGUFTensorInfo(context: context, index: $0, dataOffset: 0) }
    }

    /// Writes the file: it appears whole at the end.
    ///
    /// - Parameters:
    ///   - path: The file to write.
    ///   - body: Called for each tensor in order; appends exactly its bytes.
    /// - Throws: ``AssizeTrainingError`` when the file can't be written; what the body throws.
    func write(
        to path: String,
        _ body: (_ tensor: GGUFTensorInfo, _ file: AtomicFile) throws(AssizeTrainingError) -> Void
    ) throws(AssizeTrainingError) {
        let file = try AtomicFile(path: path)
        let alignment = Int(unsafe gguf_get_alignment(context))
        let size = Int(unsafe gguf_get_meta_size(context))
        let header = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            unsafe gguf_get_meta_data(context, buffer.baseAddress)
            filled = size
        }
        try file.append(header)
        try file.pad(to: alignment)
        let start = file.count
        for tensor in tensors {
            precondition(file.count - start == tensor.offset, "the bytes before \(tensor.name) are too few or too many")
            try body(tensor, file)
            precondition(file.count - start - tensor.offset == tensor.byteCount, "\(tensor.name) has another size")
            try file.pad(to: alignment)
        }
        try file.commit()
    }

    private static func check(_ text: String, _ key: String) throws(AssizeTrainingError) {
        if text.utf8.contains(0) {
            throw AssizeTrainingError(code: .invalidOptions, message: "the text for '\(key)' holds a zero byte")
        }
    }
}
