import Testing

@testable import AssizeTraining

@Suite struct GGUFWriterTests {
    @Test func `a copy of a file has the same bytes`() throws {
        let folder = try ScratchFolder()
        let writer = GGUFWriter()
        try writer.set(.strings(["a", "b"]), for: "tokens")
        try writer.set(.bool(false), for: "flag")
        try writer.add("w", type: .q8x0, dimensions: [64, 2])
        try writer.add("v", type: .f32, dimensions: [3])
        var numbers = SmallNumbers(seed: 1)
        try writer.write(to: folder.file("one.gguf"), floats: ["w": numbers.next(128), "v": numbers.next(3)])

        let source = try GGUFFile(path: folder.file("one.gguf"))
        try GGUFWriter(copying: source)
            .write(to: folder.file("two.gguf")) { tensor, file throws(AssizeTrainingError) in
                guard let original = source.tensor(tensor.name) else { return }
                try source.withBytes(of: original) { bytes throws(AssizeTrainingError) in try file.append(bytes) }
            }
        #expect(try ScratchFolder.bytes(folder.file("one.gguf")) == ScratchFolder.bytes(folder.file("two.gguf")))
    }

    @Test func `a changed type moves the tensors behind it`() throws {
        let folder = try ScratchFolder()
        let writer = GGUFWriter()
        try writer.add("w", type: .q8x0, dimensions: [64, 2])
        try writer.add("v", type: .f32, dimensions: [3])
        writer.setType(of: "w", .f32)
        #expect(writer.tensors.map(\.offset) == [0, 512])
        try writer.write(
            to: folder.file("m.gguf"),
            floats: ["w": [Float](repeating: 0.1, count: 128), "v": [1, 2, 3]]
        )
        let file = try GGUFFile(path: folder.file("m.gguf"))
        #expect(try file.floats(of: #require(file.tensor("v"))) == [1, 2, 3])
        #expect(try file.floats(of: #require(file.tensor("w"))).allSatisfy { $0 == 0.1 })
    }

    @Test func `a file of metadata alone can be read`() throws {
        let folder = try ScratchFolder()
        let writer = GGUFWriter()
        try writer.set(.string("only"), for: "name")
        try writer.set(.string("last"), for: "name")
        try writer.write(to: folder.file("m.gguf"), floats: [:])
        let file = try GGUFFile(path: folder.file("m.gguf"))
        #expect(file.tensors.isEmpty && file.string("name") == "last")
    }

    @Test func `a failure leaves the old file and nothing else`() throws {
        let folder = try ScratchFolder()
        let path = try folder.write([1, 2, 3], to: "m.gguf")
        let writer = GGUFWriter()
        try writer.add("w", type: .f32, dimensions: [2])
        #expect(throws: AssizeTrainingError.self) {
            try writer.write(to: path) { _, file throws(AssizeTrainingError) in
                try file.append([Float](repeating: 1, count: 2))
                throw AssizeTrainingError(code: .notFinite, message: "stop")
            }
        }
        #expect(try ScratchFolder.bytes(path) == [1, 2, 3])
        #expect(try folder.names() == ["m.gguf"])
        let error = #expect(throws: AssizeTrainingError.self) {
            try GGUFWriter().write(to: folder.file("none/m.gguf"), floats: [:])
        }
        #expect(error?.code == .file && error?.message.contains("none/m.gguf") == true)
    }

    @Test func `keys, names and sizes that GGUF can't hold are refused`() throws {
        let writer = GGUFWriter()
        for key in ["", "general.alignment", "a\0b"] {
            #expect(throws: AssizeTrainingError.self) { try writer.set(.string("x"), for: key) }
        }
        #expect(throws: AssizeTrainingError.self) { try writer.set(.string("a\0"), for: "key") }
        #expect(throws: AssizeTrainingError.self) { try writer.set(.strings(["a", "\0"]), for: "key") }
        try writer.add("w", type: .f32, dimensions: [2])
        let long = String(repeating: "n", count: 64)
        for (name, type, sizes) in [
            ("w", GGUFTensorType.f32, [2]), ("", .f32, [2]), (long, .f32, [2]), ("v", .q8x0, [33]), ("v", .f32, []),
            ("v", .f32, [0]), ("v", .f32, [-1, 2]), ("v", .f32, [1, 1, 1, 1, 1]), ("v", .f32, [1 << 40, 1 << 40]),
        ] {
            #expect(throws: AssizeTrainingError.self) { try writer.add(name, type: type, dimensions: sizes) }
        }
    }
}
