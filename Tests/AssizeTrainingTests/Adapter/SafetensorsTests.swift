import Testing

@testable import AssizeTraining

@Suite struct SafetensorsTests {
    static func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
        let header = Array(header.utf8)
        return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
    }

    @Test func `a written file has exactly these bytes`() throws {
        let folder = try ScratchFolder()
        try SafetensorsWriter(
            tensors: [
                .init(name: "a/\"b\"", shape: [1, 2], values: [1, -2]), .init(name: "c", shape: [1], values: [0.5]),
            ],
            metadata: ["format": "pt"]
        )
        .write(to: folder.file("t.safetensors"))
        let header =
            #"{"__metadata__":{"format":"pt"},"a/\"b\"":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#
            + #""c":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#
        let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        let data: [UInt8] = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f]
        #expect(try ScratchFolder.bytes(folder.file("t.safetensors")) == SafetensorsTests.file(padded, data))
        let file = try SafetensorsFile(path: folder.file("t.safetensors"))
        #expect(file.floats(of: "a/\"b\"") == [1, -2] && file.floats(of: "c") == [0.5])
        #expect(file.entries["a/\"b\""]?.shape == [1, 2])
    }

    @Test func `all three float types are read`() throws {
        let folder = try ScratchFolder()
        let header =
            #"{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[1,2],"data_offsets":[4,8]},"#
            + #""i":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},"s":{"dtype":"F32","shape":[],"data_offsets":[16,20]},"#
            + #""e":{"dtype":"F32","shape":[0,3],"data_offsets":[20,20]}}"#
        let data: [UInt8] = [0, 0x3c, 0, 0xc0, 0x80, 0x3f, 0, 0xc0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3f]
        let file = try SafetensorsFile(path: folder.write(SafetensorsTests.file(header, data), to: "t.safetensors"))
        #expect(file.floats(of: "h") == [1, -2])
        #expect(file.floats(of: "b") == [1, -2])
        #expect(file.floats(of: "s") == [0.5])
        #expect(file.floats(of: "e") == [])
        #expect(file.floats(of: "i") == nil && file.floats(of: "z") == nil)
    }

    @Test func `a file that is cut off anywhere is refused`() throws {
        let folder = try ScratchFolder()
        try SafetensorsWriter(
            tensors: [.init(name: "a", shape: [2, 3], values: [Float](repeating: 1, count: 6))],
            metadata: ["format": "pt"]
        )
        .write(to: folder.file("t.safetensors"))
        let whole = try ScratchFolder.bytes(folder.file("t.safetensors"))
        for length in 0..<whole.count {
            let path = try folder.write(Array(whole[..<length]), to: "cut.safetensors")
            let error = #expect(throws: AssizeTrainingError.self) { try SafetensorsFile(path: path) }
            #expect(error?.code == .unreadableAdapter && error?.message.contains(path) == true)
        }
        for place in whole.indices {
            for value in [UInt8(0), 0x20, 0x2d, 0x39, 0xff] {
                var broken = whole
                broken[place] = value
                let path = try folder.write(broken, to: "broken.safetensors")
                if let file = try? SafetensorsFile(path: path) {
                    for name in file.entries.keys { _ = file.floats(of: name) }
                }
            }
        }
    }

    @Test(arguments: [
        (#"[1]"#, 0), (#"{"a":5}"#, 0), (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 8),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}"#, 6),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            4
        ),
        (#"{"a":{"dtype":"F32","shape":[1099511627776,1099511627776],"data_offsets":[0,4]}}"#, 4),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[1e300,4]}}"#, 4),
    ])
    func `a header that can't be true is refused`(_ header: String, _ bytes: Int) throws {
        let folder = try ScratchFolder()
        let data = [UInt8](repeating: 0, count: bytes)
        let path = try folder.write(SafetensorsTests.file(header, data), to: "t.safetensors")
        #expect(throws: AssizeTrainingError.self) { try SafetensorsFile(path: path) }
    }
}
