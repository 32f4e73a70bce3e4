import AssizeData
import Testing

struct LineReaderTests {
    private func lines(_ bytes: [UInt8], maximumLength: Int = 100, blockSize: Int) throws -> [LineReader.Line] {
        try withFile(bytes) { path in
            let reader = try LineReader(path: path, maximumLength: maximumLength, blockSize: blockSize)
            var lines: [LineReader.Line] = []
            while let line = try reader.next() {
                lines.append(line)
            }
            return lines
        }
    }

    private func text(_ line: LineReader.Line) -> String? {
        line.bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [1, 2, 3, 5, 7, 64, 4096])
    func `both line ends, a byte order mark, blank lines and a last line without an end`(blockSize: Int) throws {
        let file = "\u{FEFF}first\r\n\n  \nsecond\r\rhalf\n\r\nlast"
        let lines = try lines(Array(file.utf8), blockSize: blockSize)
        #expect(lines.map(text) == ["first", "second\r\rhalf", "last"])
        #expect(lines.map(\.number) == [1, 4, 6])
    }

    @Test(arguments: [1, 4, 64, 4096])
    func `a line over the limit is told and not kept`(blockSize: Int) throws {
        let long = String(repeating: "x", count: 101)
        let fits = String(repeating: "y", count: 100)
        let lines = try lines(Array("a\n\(long)\n\(fits)\n\(long)".utf8), blockSize: blockSize)
        #expect(lines.map(text) == ["a", nil, fits, nil])
        #expect(lines.map(\.number) == [1, 2, 3, 4])
    }

    @Test func `an empty file has no lines`() throws {
        #expect(try lines([], blockSize: 16).isEmpty)
        #expect(try lines(Array("\n\n\r\n".utf8), blockSize: 16).isEmpty)
    }
}
