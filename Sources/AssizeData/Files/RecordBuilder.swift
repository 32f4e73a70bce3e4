/// The fields of one CSV record while its bytes come in.
struct RecordBuilder {
    private let maximumLength: Int
    private var fields: [String] = []
    private var field: [UInt8] = []
    private var length = 0
    private var wasQuoted = false
    private var fault: RowFault?

    init(maximumLength: Int) {
        self.maximumLength = maximumLength
    }

    /// Whether nothing of a record has been seen yet.
    var isUntouched: Bool { fields.isEmpty && length == 0 && !wasQuoted && fault == nil }

    /// Notes that the record has a quoted field, so that it isn't taken for a blank line.
    mutating func sawQuote() {
        wasQuoted = true
    }

    /// Adds bytes to the field; past the limit they are dropped and the record is broken.
    mutating func append(_ bytes: ArraySlice<UInt8>) {
        length += bytes.count
        if length > maximumLength {
            fail("is longer than \(maximumLength) bytes; is a quote left open?")
        }
        if fault == nil {
            field += bytes
        } else {
            field = []
        }
    }

    /// Closes the field.
    mutating func endField() {
        guard fault == nil else { return }
        if let text = String(validating: field, as: UTF8.self) {
            fields.append(text)
        } else {
            fail("is not valid UTF-8 in field \(fields.count + 1); save the file as UTF-8")
        }
        field.removeAll(keepingCapacity: true)
    }

    /// Marks the record broken; the first reason stands.
    mutating func fail(_ reason: String) {
        fault = fault ?? RowFault(reason)
    }

    /// The record, its last field closed; no fields for a blank line.
    ///
    /// - Parameter quoted: Whether the last field was quoted, so that a carriage return in it is its own.
    /// - Returns: The fields, or why the record is broken.
    mutating func finish(quoted: Bool) -> Result<[String], RowFault> {
        if !quoted, field.last == UInt8(ascii: "\r") {
            field.removeLast()
        }
        if let fault { return .failure(fault) }
        if fields.isEmpty, !wasQuoted, field.allSatisfy(JSONParser.isSpace) { return .success([]) }
        endField()
        if let fault { return .failure(fault) }
        return .success(fields)
    }
}
