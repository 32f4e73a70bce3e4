import AssizeCore
import AssizeData
import Testing

struct ItemFileSurveyTests {
    private func row(_ id: String, _ more: String = "") -> String {
        #"{"id": "\#(id)", "prompt": "p", "response": "r"\#(more)}"# + "\n"
    }

    @Test func `a survey counts what the items have`() throws {
        let text =
            row("1", #", "reference": "x", "context": "c", "score": 1"#) + "oops\n"
            + row("2", #", "rubric": {"criteria": "q", "score1_description": "a", "score2_description": "b"}"#)
            + row("3", #", "criterion": "kind", "score": [1]"#)
            + #"{"id": "4", "a": "x", "b": "y", "context": "c"}"# + "\n"
        try withFile(text) { path in
            let survey = try ItemFileSurvey(path: path)
            #expect(survey.good == 4)
            #expect(survey.broken == 1)
            #expect(survey.firstBroken.map(\.line) == [2])
            #expect(survey.pairs == 1)
            #expect(survey.withReference == 1)
            #expect(survey.withRubric == 1)
            #expect(survey.withContext == 2)
            #expect(survey.withGold == 1)
            #expect(survey.withoutInstruction == 1)
            #expect(survey.criteriaWithoutScale == 1)
            #expect(survey.unreadableGold == 1)
            #expect(survey.aliasesUsed[.instruction] == "prompt")
            #expect(survey.aliasesUsed[.gold] == "score")
        }
    }

    @Test func `only the first broken rows are kept`() throws {
        try withFile(row("1") + String(repeating: "x\n", count: 50)) { path in
            let survey = try ItemFileSurvey(path: path)
            #expect(survey.broken == 50)
            #expect(survey.firstBroken.count == 20)
        }
    }

    @Test func `an id that stands twice is told with both lines`() throws {
        let error = try surveyError(row("a") + row("b") + "oops\n\n" + row("c") + row("b") + row("a"))
        #expect(error?.code == .duplicateID)
        #expect(error?.message.contains("'b' stands twice") == true)
        #expect(error?.message.contains("on lines 2 and 6") == true)
        #expect(try surveyError(row("a") + row("b") + row("a"), limit: 2) == nil)
        let given = try surveyError(row("line-2") + #"{"prompt": "p", "response": "r"}"#)
        #expect(given?.message.contains("on lines 1 and 2") == true)
    }

    @Test func `ids are told apart by their bytes`() throws {
        #expect(try surveyError(row("caf\u{E9}") + row("cafe\u{301}")) == nil)
        #expect(try surveyError(row("caf\u{E9}") + row(#"caf\u00e9"#))?.code == .duplicateID)
    }

    @Test func `ids of the same hash are not the same id`() throws {
        // Two texts with one FNV-1a hash of 64 bits, from the public list of its collisions.
        let pair = ["8yn0iYCKYHlIj4-BwPqk", "GReLUrM4wMqfg9yzV3KQ"]
        let hashes = pair.map { text in
            text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        }
        #expect(hashes[0] == hashes[1])
        #expect(try surveyError(row(pair[0]) + row(pair[1])) == nil)
        #expect(try surveyError(row(pair[0]) + row(pair[1]) + row(pair[0]))?.message.contains("1 and 3") == true)
    }

    @Test func `a file without rows, or without good ones, is refused`() throws {
        #expect(try surveyError("")?.code == .emptyFile)
        #expect(try surveyError("\n \n")?.code == .emptyFile)
        #expect(try surveyError("id,prompt\n", named: "x.csv")?.code == .emptyFile)
        let none = try surveyError("\nx\ny\n")
        #expect(none?.code == .noGoodRow)
        #expect(none?.message.hasPrefix("all 2 rows of ") == true)
        #expect(none?.message.contains("items.jsonl:2: is not JSON at column 1") == true)
    }

    @Test func `a field that no row has is refused with the fields there are`() throws {
        let error = try surveyError(row("1", #", "zeta": 1"#), fields: [.response: "my_col"])
        #expect(error?.code == .unknownField)
        #expect(
            error?.message
                == "no row has the field 'my_col' given for response; the fields are: id, prompt, response, zeta"
        )
        #expect(try surveyError(row("1") + row("2", #", "ref": "x""#), fields: [.reference: "ref"]) == nil)
        let csv = try surveyError("prompt,response\np,r\n", named: "x.csv", fields: [.gold: "human"])
        #expect(csv?.message == "no row has the field 'human' given for gold; the fields are: prompt, response")
    }

    @Test func `a limit ends the survey`() throws {
        try withFile("oops\n" + row("1") + row("2") + "oops\n" + row("3")) { path in
            let survey = try ItemFileSurvey(path: path, limit: 2)
            #expect(survey.good == 2)
            #expect(survey.broken == 1)
        }
    }

    @Test func `a hundred thousand rows are counted`() throws {
        var text: [UInt8] = []
        for number in 0..<100_000 {
            let fields = number % 1000 == 999 ? "" : #","prompt":"p","output":"r""#
            text += "{\"id\":\(number)\(fields)}\n".utf8
        }
        try withFile(text) { path in
            let survey = try ItemFileSurvey(path: path, shape: .single)
            #expect(survey.good == 99_900)
            #expect(survey.broken == 100)
            #expect(survey.firstBroken.first?.line == 1000)
        }
    }
}
