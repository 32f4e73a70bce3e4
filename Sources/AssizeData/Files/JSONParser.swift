package import AssizeCore

/// Why bytes are not JSON.
package struct JSONFault: Error, Sendable, Hashable {
    /// What was found or missing.
    package let reason: String
    /// The offset in bytes.
    package let position: Int
}

/// A strict RFC 8259 parser from bytes to a ``JSONValue``, several times as fast as `JSONDecoder` for such values.
///
/// Whole numbers that fit 64 bits become integers, and so do `1.0` and `1e2` below 2^53. Of a member that stands twice
/// the last counts. Half a surrogate pair, invalid UTF-8 and numbers beyond `Double` are faults.
package struct JSONParser {
    /// How deep lists and objects may be nested.
    package static let maximumDepth = 512

    let bytes: [UInt8]
    var position = 0

    /// Parses one value with nothing but white space round it.
    ///
    /// - Throws: ``JSONFault`` with the place of the first thing that is wrong.
    package static func parse(_ bytes: [UInt8]) throws(JSONFault) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.fault("text after the end of the value") }
        return value
    }

    /// Parses the UTF-8 of a string.
    ///
    /// - Throws: ``JSONFault`` with the place of the first thing that is wrong.
    package static func parse(_ text: String) throws(JSONFault) -> JSONValue {
        try parse(Array(text.utf8))
    }

    /// Whether a byte is JSON's white space.
    package static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    func fault(_ reason: String, at place: Int? = nil) -> JSONFault {
        JSONFault(reason: reason, position: place ?? position)
    }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count, JSONParser.isSpace(bytes[position]) {
            position += 1
        }
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        guard let byte = current else { throw fault("the text ends where a value should stand") }
        switch byte {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "N"), UInt8(ascii: "I"):
            throw fault("NaN and Infinity are not JSON; write null")
        case UInt8(ascii: "'"):
            throw fault("strings stand in double quotes, not in single ones")
        default:
            throw fault("a value should stand here")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        let matches = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
        guard matches else { throw fault("a value should stand here") }
        position += word.utf8CodeUnitCount
        return value
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth <= JSONParser.maximumDepth else { throw fault("nested deeper than \(JSONParser.maximumDepth)") }
        var members: [String: JSONValue] = depth == 1 ? Dictionary(minimumCapacity: 20) : [:]
        position += 1
        skipSpace()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            guard current == UInt8(ascii: "\"") else { throw fault("a name in double quotes should stand here") }
            let name = try string()
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw fault("':' should stand here") }
            position += 1
            skipSpace()
            members[name] = try value(depth: depth)
            skipSpace()
            switch current {
            case UInt8(ascii: ","):
                position += 1
                skipSpace()
            case UInt8(ascii: "}"):
                position += 1
                return .object(members)
            case nil: throw fault("the text ends inside an object")
            default: throw fault("',' or '}' should stand here")
            }
        }
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth <= JSONParser.maximumDepth else { throw fault("nested deeper than \(JSONParser.maximumDepth)") }
        var elements: [JSONValue] = []
        position += 1
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth))
            skipSpace()
            switch current {
            case UInt8(ascii: ","):
                position += 1
                skipSpace()
            case UInt8(ascii: "]"):
                position += 1
                return .array(elements)
            case nil: throw fault("the text ends inside a list")
            default: throw fault("',' or ']' should stand here")
            }
        }
    }

    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let first = current
        var whole = 0
        let digits = try digits("a digit should stand here", into: &whole)
        guard first != UInt8(ascii: "0") || digits == 1 else { throw fault("a number with a leading 0", at: start) }
        var isWhole = true
        var ignored = 0
        if current == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            _ = try self.digits("a digit should stand after the point", into: &ignored)
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isWhole = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            _ = try self.digits("a digit should stand in the exponent", into: &ignored)
        }
        if isWhole, digits <= 18 {
            return .integer(bytes[start] == UInt8(ascii: "-") ? -whole : whole)
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw fault("a number too large to hold", at: start)
        }
        guard abs(value) < 0x1p53, let exact = Int(exactly: value) else { return .number(value) }
        return .integer(exact)
    }

    private mutating func digits(_ missing: StaticString, into value: inout Int) throws(JSONFault) -> Int {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 {
            value = value &* 10 &+ Int(bytes[position] &- UInt8(ascii: "0"))
            position += 1
        }
        guard position > start else { throw fault("\(missing)") }
        return position - start
    }
}
