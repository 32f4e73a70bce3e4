extension JSONParser {
    /// The string that starts at the current quote.
    mutating func string() throws(JSONFault) -> String {
        let start = position
        position += 1
        var plain = position
        var unescaped: [UInt8] = []
        while true {
            let end = endOfPlainRun()
            guard end < bytes.count else { throw fault("a string that is never closed", at: start) }
            position = end
            switch bytes[end] {
            case UInt8(ascii: "\""):
                position += 1
                let text =
                    unescaped.isEmpty
                    ? String(validating: bytes[plain..<end], as: UTF8.self)
                    : String(validating: unescaped + bytes[plain..<end], as: UTF8.self)
                guard let text else { throw fault("a string that is not valid UTF-8", at: start) }
                return text
            case UInt8(ascii: "\\"):
                unescaped += bytes[plain..<end]
                try escape(into: &unescaped)
                plain = position
            default:
                throw fault("a line end or control character inside a string; write it as \\n or \\u00XX")
            }
        }
    }

    private func endOfPlainRun() -> Int {
        var end = position
        let count = bytes.count
        while end < count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            end += 1
        }
        return end
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
        let start = position
        position += 1
        guard let byte = current else { throw fault("a string that is never closed", at: start) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if 0xDC00...0xDFFF ~= code { throw loneSurrogate(at: start) }
            if 0xD800...0xDBFF ~= code {
                guard bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
                    throw loneSurrogate(at: start)
                }
                position += 2
                let low = try hexadecimal()
                guard 0xDC00...0xDFFF ~= low else { throw loneSurrogate(at: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw loneSurrogate(at: start) }
            text += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        default:
            throw fault("an escape that JSON doesn't have", at: start)
        }
    }

    private func loneSurrogate(at start: Int) -> JSONFault {
        let code = String(decoding: bytes[start..<min(start + 6, bytes.count)], as: UTF8.self)
        return fault("\(code) is half of a surrogate pair, which is no character", at: start)
    }

    private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("four hexadecimal digits should stand after \\u")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
