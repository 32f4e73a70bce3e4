import Foundation
import Testing

@testable import AssizeTraining

@Suite struct GGUFFileTests {
    private static func write(to path: String) throws -> [String: [Float]] {
        var numbers = SmallNumbers(seed: 3)
        let writer = GGUFWriter()
        try writer.set(.string("llama"), for: "general.architecture")
        try writer.set(.uint32(7), for: "a.uint32")
        try writer.set(.int32(-7), for: "an.int32")
        try writer.set(.uint64(1 << 40), for: "a.uint64")
        try writer.set(.float(0.5), for: "a.float")
        try writer.set(.bool(true), for: "a.bool")
        try writer.set(.strings(["x", "", "caf\u{e9}"]), for: "some.strings")
        try writer.set(.int32s([1, -2]), for: "some.int32s")
        try writer.set(.floats([0.25]), for: "some.floats")
        var floats: [String: [Float]] = [:]
        for (name, type) in [("a", GGUFTensorType.f32), ("b", .f16), ("c", .bf16), ("d", .q8x0)] {
            try writer.add(name, type: type, dimensions: [32, 3])
            floats[name] = numbers.next(96)
        }
        try writer.add("e", type: .f32, dimensions: [5])
        floats["e"] = numbers.next(5)
        try writer.write(to: path, floats: floats)
        return floats
    }

    @Test func `metadata comes back in its own type only`() throws {
        let folder = try ScratchFolder()
        _ = try GGUFFileTests.write(to: folder.file("m.gguf"))
        let file = try GGUFFile(path: folder.file("m.gguf"))
        #expect(file.keys.first == "general.architecture")
        #expect(file.string("general.architecture") == "llama")
        #expect(file.integer("a.uint32") == 7)
        #expect(file.integer("an.int32") == -7)
        #expect(file.integer("a.uint64") == 1 << 40)
        #expect(file.number("a.float") == 0.5)
        #expect(file.number("a.uint32") == 7)
        #expect(file.bool("a.bool") == true)
        #expect(file.strings("some.strings") == ["x", "", "caf\u{e9}"])
        #expect(file.integers("some.int32s") == [1, -2])
        #expect(file.numbers("some.floats") == [0.25])
        #expect(file.string("a.uint32") == nil && file.integer("general.architecture") == nil)
        #expect(file.integer("some.int32s") == nil && file.integers("a.uint32") == nil)
        #expect(file.integer("a.float") == nil && file.bool("a.uint32") == nil && file.integer("a.bool") == nil)
        #expect(file.string("missing") == nil && file.strings("some.int32s") == nil)
    }

    @Test func `values come back exactly in every float type and within a step in eight bits`() throws {
        let folder = try ScratchFolder()
        let floats = try GGUFFileTests.write(to: folder.file("m.gguf"))
        let file = try GGUFFile(path: folder.file("m.gguf"))
        #expect(file.tensors.map(\.name) == ["a", "b", "c", "d", "e"])
        for name in ["a", "b", "c", "e"] {
            let tensor = try #require(file.tensor(name))
            #expect(try file.floats(of: tensor) == floats[name])
        }
        let coarse = try #require(file.tensor("d"))
        #expect(coarse.byteCount == 3 * 34 && coarse.shape == "32x3" && coarse.rows == 3)
        for (value, exact) in zip(try file.floats(of: coarse), floats["d"] ?? []) {
            #expect(abs(value - exact) < 0.005)
        }
        #expect(file.tensor("z") == nil)
    }

    @Test(arguments: ["a", "b", "d"])
    func `a range of rows is that part of the whole`(_ name: String) throws {
        let folder = try ScratchFolder()
        _ = try GGUFFileTests.write(to: folder.file("m.gguf"))
        let file = try GGUFFile(path: folder.file("m.gguf"))
        let tensor = try #require(file.tensor(name))
        var part = [Float](repeating: 9, count: 64)
        var span = part.mutableSpan
        try file.dequantise(tensor, rows: 1..<3, into: &span)
        #expect(part == Array(try file.floats(of: tensor)[32...]))
    }

    @Test func `a file that is cut off anywhere is refused`() throws {
        let folder = try ScratchFolder()
        _ = try GGUFFileTests.write(to: folder.file("m.gguf"))
        let whole = try ScratchFolder.bytes(folder.file("m.gguf"))
        let last = try #require(try GGUFFile(path: folder.file("m.gguf")).tensors.last)
        for length in 0..<(last.offset + last.byteCount) {
            let path = try folder.write(Array(whole[..<length]), to: "cut.gguf")
            let error = #expect(throws: AssizeTrainingError.self) { try GGUFFile(path: path) }
            #expect(error?.code == .unreadableModel && error?.message.contains(path) == true)
        }
    }

    @Test func `no broken byte crashes the reader`() throws {
        let folder = try ScratchFolder()
        _ = try GGUFFileTests.write(to: folder.file("m.gguf"))
        let whole = try ScratchFolder.bytes(folder.file("m.gguf"))
        for place in 0..<(whole.count - 512) {
            for value in [UInt8(0), 1, 0x7f, 0xff] {
                var broken = whole
                broken[place] = value
                let path = try folder.write(broken, to: "broken.gguf")
                guard let file = try? GGUFFile(path: path) else { continue }
                for key in file.keys { _ = (file.string(key), file.number(key), file.strings(key), file.numbers(key)) }
                for tensor in file.tensors where tensor.type.isDecodable { _ = try? file.floats(of: tensor) }
            }
        }
    }

    @Test func `what is missing or no GGUF file is named`() throws {
        let folder = try ScratchFolder()
        let missing = #expect(throws: AssizeTrainingError.self) { try GGUFFile(path: folder.file("no.gguf")) }
        #expect(missing?.message.contains("no.gguf can't be opened: No such file or directory") == true)
        let other = try folder.write([UInt8](repeating: 65, count: 100), to: "text.gguf")
        let error = #expect(throws: AssizeTrainingError.self) {
            try GGUFFile(path: other, code: .unreadableAdapter)
        }
        #expect(error?.code == .unreadableAdapter && error?.message.contains("is not a GGUF file") == true)
        #expect(throws: AssizeTrainingError.self) { try GGUFFile(path: folder.path) }
    }
}
