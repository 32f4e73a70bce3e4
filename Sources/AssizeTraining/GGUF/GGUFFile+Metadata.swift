internal import CLlama

extension GGUFFile {
    /// All keys in the file's order.
    var keys: [String] {
        (0..<(unsafe gguf_get_n_kv(context)))
            .compactMap { index in unsafe gguf_get_key(context, index).map { unsafe String(cString: $0) } }
    }

    /// A text; `nil` when the key is missing or holds something else.
    ///
    /// - Parameter key: The whole key, such as `general.architecture`.
    /// - Returns: The text.
    func string(_ key: String) -> String? {
        guard let place = place(of: key), unsafe gguf_get_kv_type(context, place) == GGUF_TYPE_STRING else {
            return nil
        }
        return unsafe gguf_get_val_str(context, place).map { unsafe String(cString: $0) }
    }

    /// A whole number of any width; `nil` when the key is missing or holds something else.
    ///
    /// - Parameter key: The whole key.
    /// - Returns: The number.
    func integer(_ key: String) -> Int? {
        unsafe scalars(key, array: false, GGUFFile.integer)?.first
    }

    /// A number, whole or not; `nil` when the key is missing or holds something else.
    ///
    /// - Parameter key: The whole key.
    /// - Returns: The number.
    func number(_ key: String) -> Double? {
        unsafe scalars(key, array: false, GGUFFile.number)?.first
    }

    /// A truth value; `nil` when the key is missing or holds something else.
    ///
    /// - Parameter key: The whole key.
    /// - Returns: The truth value.
    func bool(_ key: String) -> Bool? {
        guard let place = place(of: key), unsafe gguf_get_kv_type(context, place) == GGUF_TYPE_BOOL else { return nil }
        return unsafe gguf_get_val_bool(context, place)
    }

    /// An array of texts; `nil` when the key is missing or holds something else.
    ///
    /// - Parameter key: The whole key.
    /// - Returns: The texts.
    func strings(_ key: String) -> [String]? {
        guard let place = place(of: key), unsafe gguf_get_kv_type(context, place) == GGUF_TYPE_ARRAY,
            unsafe gguf_get_arr_type(context, place) == GGUF_TYPE_STRING
        else { return nil }
        return (0..<(unsafe gguf_get_arr_n(context, place)))
            .compactMap { index in
                unsafe gguf_get_arr_str(context, place, index).map { unsafe String(cString: $0) }
            }
    }

    /// An array of whole numbers; `nil` when the key is missing or holds something else.
    ///
    /// - Parameter key: The whole key.
    /// - Returns: The numbers.
    func integers(_ key: String) -> [Int]? {
        unsafe scalars(key, array: true, GGUFFile.integer)
    }

    /// An array of numbers, whole or not; `nil` when the key is missing or holds something else.
    ///
    /// - Parameter key: The whole key.
    /// - Returns: The numbers.
    func numbers(_ key: String) -> [Double]? {
        unsafe scalars(key, array: true, GGUFFile.number)
    }

    private func place(of key: String) -> Int64? {
        let place = unsafe gguf_find_key(context, key)
        return place < 0 ? nil : place
    }

    private func scalars<Value>(
        _ key: String,
        array: Bool,
        _ read: (gguf_type, UnsafeRawPointer, Int) -> Value?
    ) -> [Value]? {
        guard let place = place(of: key), (unsafe gguf_get_kv_type(context, place) == GGUF_TYPE_ARRAY) == array else {
            return nil
        }
        let type = unsafe array ? gguf_get_arr_type(context, place) : gguf_get_kv_type(context, place)
        guard type != GGUF_TYPE_STRING, type != GGUF_TYPE_BOOL else { return nil }
        let count = unsafe array ? Int(gguf_get_arr_n(context, place)) : 1
        if count == 0 { return [] }
        let data = unsafe array ? gguf_get_arr_data(context, place) : gguf_get_val_data(context, place)
        guard let data = unsafe data else { return nil }
        var values: [Value] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            guard let value = unsafe read(type, data, index) else { return nil }
            values.append(value)
        }
        return values
    }

    private static func integer(_ type: gguf_type, _ data: UnsafeRawPointer, _ index: Int) -> Int? {
        switch type {
        case GGUF_TYPE_UINT8: Int(unsafe element(UInt8.self, data, index))
        case GGUF_TYPE_INT8: Int(unsafe element(Int8.self, data, index))
        case GGUF_TYPE_UINT16: Int(unsafe element(UInt16.self, data, index))
        case GGUF_TYPE_INT16: Int(unsafe element(Int16.self, data, index))
        case GGUF_TYPE_UINT32: Int(unsafe element(UInt32.self, data, index))
        case GGUF_TYPE_INT32: Int(unsafe element(Int32.self, data, index))
        case GGUF_TYPE_UINT64: Int(exactly: unsafe element(UInt64.self, data, index))
        case GGUF_TYPE_INT64: Int(unsafe element(Int64.self, data, index))
        default: nil
        }
    }

    private static func number(_ type: gguf_type, _ data: UnsafeRawPointer, _ index: Int) -> Double? {
        switch type {
        case GGUF_TYPE_FLOAT32: Double(unsafe element(Float.self, data, index))
        case GGUF_TYPE_FLOAT64: unsafe element(Double.self, data, index)
        default: unsafe integer(type, data, index).map(Double.init)
        }
    }

    private static func element<Value: BitwiseCopyable>(
        _ type: Value.Type,
        _ data: UnsafeRawPointer,
        _ index: Int
    ) -> Value {
        unsafe data.loadUnaligned(fromByteOffset: index * MemoryLayout<Value>.stride, as: type)
    }
}
