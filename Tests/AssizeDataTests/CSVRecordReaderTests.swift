import AssizeData
import Testing

struct CSVRecordReaderTests {
    private func read(
        _ text: String,
        delimiter: UInt8 = UInt8(ascii: ","),
        maximumLength: Int = 1000,
        blockSize: Int = 4096
    ) throws -> (header: [String], records: [CSVRecordReader.Record]) {
        try read(Array(text.utf8), delimiter: delimiter, maximumLength: maximumLength, blockSize: blockSize)
    }

    private func read(
        _ bytes: [UInt8],
        delimiter: UInt8 = UInt8(ascii: ","),
        maximumLength: Int = 1000,
        blockSize: Int = 4096
    ) throws -> (header: [String], records: [CSVRecordReader.Record]) {
        try withFile(bytes, named: "items.csv") { path in
            let reader = try CSVRecordReader(
                path: path,
                delimiter: delimiter,
                maximumLength: maximumLength,
                blockSize: blockSize
            )
            var records: [CSVRecordReader.Record] = []
            while let record = try reader.next() {
                records.append(record)
            }
            return (reader.header, records)
        }
    }

    private func fields(_ record: CSVRecordReader.Record) -> [String]? {
        try? record.fields.get()
    }

    private func reason(_ record: CSVRecordReader.Record) -> String? {
        if case .failure(let fault) = record.fields { fault.reason } else { nil }
    }

    @Test(arguments: [1, 2, 3, 7, 4096])
    func `quoted fields hold commas, line ends and doubled quotes`(blockSize: Int) throws {
        let (header, records) = try read(
            "\u{FEFF}id,text\r\n1,\"a, b\r\nc\"\r\n\r\n2,\"say \"\"no\"\"\"\n3,5\" disk\n4,\"\"\n5,\n6,\"end\"",
            blockSize: blockSize
        )
        #expect(header == ["id", "text"])
        #expect(
            records.map(fields) == [
                ["1", "a, b\r\nc"], ["2", "say \"no\""], ["3", "5\" disk"], ["4", ""], ["5", ""], ["6", "end"],
            ]
        )
        #expect(records.map(\.line) == [2, 5, 6, 7, 8, 9])
    }

    @Test(arguments: [1, 3, 4096])
    func `a wrong number of fields breaks only its own record`(blockSize: Int) throws {
        let (_, records) = try read("a,b\n1\n\"x\ny\",2,3\n4,5\n", blockSize: blockSize)
        #expect(records.map(\.line) == [2, 3, 5])
        #expect(reason(records[0]) == "has 1 field where the header has 2")
        #expect(reason(records[1]) == "has 3 fields where the header has 2")
        #expect(fields(records[2]) == ["4", "5"])
    }

    @Test func `a quote that is never closed is told with the line it opens on`() throws {
        let (_, records) = try read("a,b\n1,2\n3,\"x\n4,5\n")
        #expect(records.count == 2)
        #expect(records[1].line == 3)
        #expect(reason(records[1]) == "opens a quote on line 3 that is never closed")
    }

    @Test func `text after a closing quote breaks its line only`() throws {
        let (_, records) = try read("a,b\n1,\"x\"y,z\n4,\"5\"\r\n")
        #expect(reason(records[0])?.contains("after a closing quote on line 2") == true)
        #expect(fields(records[1]) == ["4", "5"])
    }

    @Test func `bytes that are not UTF-8 break their record only`() throws {
        let (_, records) = try read(Array("a,b\n1,".utf8) + [0xE9, 0x0A] + Array("2,é\n".utf8))
        #expect(reason(records[0])?.contains("UTF-8") == true)
        #expect(fields(records[1]) == ["2", "é"])
    }

    @Test(arguments: [8, 4096])
    func `a record over the limit is broken and the next is read`(blockSize: Int) throws {
        let long = String(repeating: "x", count: 60)
        let (_, records) = try read(
            "a,b\n\(long),2\n\"\(long)\n\",3\n4,5\n",
            maximumLength: 40,
            blockSize: blockSize
        )
        #expect(records.map(\.line) == [2, 3, 5])
        #expect(reason(records[0])?.contains("longer than 40 bytes") == true)
        #expect(reason(records[1])?.contains("longer than 40 bytes") == true)
        #expect(fields(records[2]) == ["4", "5"])
    }

    @Test func `columns without a name get one, and a name twice is refused`() throws {
        #expect(try read(",text \n0,x\n").header == ["column_1", "text"])
        #expect(throws: AssizeDataError.self) { try read("a,b,a\n1,2,3\n") }
        #expect(throws: AssizeDataError.self) { try read("\n\n") }
    }

    @Test func `tabs delimit when they are asked for`() throws {
        let (header, records) = try read("a\tb\nx,y\t\"p\tq\"\n", delimiter: UInt8(ascii: "\t"))
        #expect(header == ["a", "b"])
        #expect(records.map(fields) == [["x,y", "p\tq"]])
    }
}
