import AssizeCore
import Foundation
import Testing

struct IdentityTests {
    @Test func `a digest is that of the standard's example`() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(ContentHash(of: "abc").hexadecimal == expected)
        #expect(ContentHash(hexadecimal: expected.uppercased())?.hexadecimal == expected)
        #expect(ContentHash(hexadecimal: "abc") == nil)
    }

    @Test func `a file's digest is that of its bytes`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "hash-\(UUID()).bin").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        #expect(try ContentHash(ofFileAt: path) == ContentHash(of: bytes))
        let error = #expect(throws: AssizeCoreError.self) { try ContentHash(ofFileAt: path + ".missing") }
        #expect(error?.message.contains("No such file") == true)
    }

    @Test func `SplitMix64 gives the published sequence`() {
        // The reference implementation's first outputs for seed 1234567 (Vigna, splitmix64.c).
        var generator = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in generator.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ]
        )
    }

    @Test func `derived seeds depend on every part and on their borders`() {
        let seeds = [
            SplitMix64.derive(1, "a", "b"), SplitMix64.derive(1, "ab"), SplitMix64.derive(1, "a", "b", ""),
            SplitMix64.derive(2, "a", "b"), SplitMix64.derive(1, "b", "a"),
        ]
        #expect(Set(seeds).count == seeds.count)
        #expect(SplitMix64.derive(1, "a", "b") == seeds[0])
    }

    @Test func `ids that look the same and differ in bytes are different`() {
        let composed = ItemID(rawValue: "caf\u{e9}")
        let decomposed = ItemID(rawValue: "cafe\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(composed == ItemID(rawValue: "caf\u{e9}"))
    }

    @Test func `JSON values survive their JSON`() throws {
        let value: JSONValue = .object([
            "a": .array([.integer(1), .number(1.5), .boolean(true), .null, .string("é")]), "b": .object([:]),
        ])
        let data = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
    }
}
