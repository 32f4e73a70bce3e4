import Testing

@testable import AssizeCommands

struct TextTableTests {
    @Test func `the last column is wrapped under itself`() {
        var table = TextTable(["ID", "TEXT"])
        table.append(["a", "one two three four five six seven eight"])
        table.append(["long-id", "x\ny"])
        #expect(
            table.lines(width: 36) == [
                "ID       TEXT",
                "a        one two three four five six",
                "         seven eight",
                "long-id  x y",
            ]
        )
    }

    @Test func `words that are too long are cut, and wide characters count twice`() {
        #expect(TextTable.wrap("abcdefghij", width: 4) == ["abcd", "efgh", "ij"])
        #expect(TextTable.wrap("", width: 4) == [""])
        #expect(TextTable.columns("日本") == 4)
        #expect(TextTable.columns("e\u{301}") == 1)
        #expect(TextTable.wrap("日本 日本", width: 5) == ["日本", "日本"])
    }

    @Test(arguments: [(0.0421, "0.042"), (4.2, "4.20"), (42.0, "42.0"), (420.4, "420"), (.infinity, "-")])
    func `rates show three figures`(value: Double, text: String) {
        #expect(Format.rate(value) == text)
    }

    @Test func `durations, bytes and counts are short`() {
        #expect(Format.duration(7.4) == "0:07")
        #expect(Format.duration(3_725) == "1:02:05")
        #expect(Format.bytes(491_400_064) == "491 MB")
        #expect(Format.bytes(999) == "999 B")
        #expect(Format.count(1_234_567) == "1,234,567")
        #expect(Format.count(-12) == "-12")
    }
}
