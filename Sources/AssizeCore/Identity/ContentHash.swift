internal import Crypto

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A SHA-256 digest, as 64 lower-case hexadecimal digits: what model files, templates and cached answers are known by.
public struct ContentHash: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The 64 hexadecimal digits.
    public let hexadecimal: String

    /// Takes over a digest written elsewhere; `nil` unless it is 64 hexadecimal digits.
    public init?(hexadecimal: String) {
        let digits = hexadecimal.lowercased()
        guard digits.utf8.count == 64, digits.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else {
            return nil
        }
        self.hexadecimal = digits
    }

    /// Hashes bytes held in memory.
    public init(of bytes: some DataProtocol) {
        self.init(digest: SHA256.hash(data: bytes))
    }

    /// Hashes a string's UTF-8 bytes.
    public init(of text: String) {
        self.init(of: Array(text.utf8))
    }

    /// Hashes a file in constant memory.
    ///
    /// - Throws: What opening or reading the file throws.
    public init(ofFileAt path: String) throws {
        let handle = try FileBytes(path: path)
        var hasher = SHA256()
        while let block = try handle.next(upTo: 1 << 20) {
            hasher.update(data: block)
        }
        self.init(digest: hasher.finalize())
    }

    private init(digest: SHA256.Digest) {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        hexadecimal = String(decoding: text, as: UTF8.self)
    }

    /// The 64 hexadecimal digits, as in ``hexadecimal``.
    public var description: String { hexadecimal }

    /// Decodes a string of 64 hexadecimal digits.
    ///
    /// - Throws: `DecodingError` when the string is anything else.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let hash = ContentHash(hexadecimal: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a SHA-256 digest")
        }
        self = hash
    }

    /// Encodes the digits as one string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hexadecimal)
    }
}
