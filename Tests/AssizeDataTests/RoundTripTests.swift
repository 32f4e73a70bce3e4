import AssizeCore
import AssizeData
import Foundation
import Testing

struct RoundTripTests {
    @Test func `random items come back from JSON`() throws {
        var values = RandomValues(seed: 7)
        var items: [Item] = []
        var text: [UInt8] = []
        for number in 0..<300 {
            var row: [String: JSONValue] = [
                "id": .string("\(number)" + values.text()), "instruction": .string("i" + values.text()),
                "note": .string(values.text()), "extra": .object(["x": values.value(depth: 2)]),
            ]
            var item = Item(id: "", instruction: "", candidates: [])
            item.id = ItemID(rawValue: row["id"]?.stringValue ?? "")
            item.instruction = row["instruction"]?.stringValue ?? ""
            let response = values.text()
            let other = values.text()
            if number % 2 == 0 {
                row["response"] = .string(response)
                row["score"] = .integer(number)
                item.candidates = [Candidate(text: response)]
                item.gold = .score(Double(number))
            } else {
                row["a"] = .string(response)
                row["b"] = .string(other)
                row["label"] = .string("tie")
                item.candidates = [Candidate(text: response), Candidate(text: other)]
                item.gold = .choice(.tie)
            }
            // Numbers take the form that JSON gives them: 1.0 is 1.
            let data = try JSONEncoder().encode(row)
            let decoded = try JSONDecoder().decode([String: JSONValue].self, from: data)
            item.metadata = decoded.filter { ["note", "extra"].contains($0.key) }
            items.append(item)
            text += data
            text.append(UInt8(ascii: "\n"))
        }
        try withFile(text) { path in
            var reader = try ItemReader(path: path)
            for item in items {
                #expect(try reader.next()?.item == item)
            }
            #expect(try reader.next() == nil)
        }
    }

    @Test(arguments: ["\n", "\r\n"])
    func `random items come back from CSV`(lineEnd: String) throws {
        var values = RandomValues(seed: 8)
        var items: [Item] = []
        var text = ["id", "prompt", "output", "note"].joined(separator: ",") + lineEnd
        for number in 0..<300 {
            let fields = ["\(number)", "p" + values.text(), values.text(), values.text()]
            items.append(
                Item(
                    id: ItemID(rawValue: fields[0]),
                    instruction: fields[1],
                    candidates: [Candidate(text: fields[2])],
                    metadata: ["note": .string(fields[3])]
                )
            )
            let quoted = fields.map { "\"" + doubled($0) + "\"" }
            text += quoted.joined(separator: ",") + lineEnd
        }
        try withFile(text, named: "items.csv") { path in
            var reader = try ItemReader(path: path)
            for item in items {
                #expect(try reader.next()?.item == item)
            }
            #expect(try reader.next() == nil)
        }
    }

    private func doubled(_ text: String) -> String {
        let bytes = text.utf8.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
