import AssizeCore
import Foundation
import Testing

@testable import AssizeTraining

/// Rows in TRL's formats, as examples in tokens.
struct TrainingRowReaderTests {
    private func read(
        _ lines: [String],
        _ kind: TrainingRowReader.Kind,
        beginning: Int32? = nil,
        limit: Int = 1000,
        _ change: (inout TrainingRowOptions) -> Void = { _ in }
    ) throws -> TrainingRows {
        let path = FileManager.default.temporaryDirectory.appending(path: "rows-\(UUID()).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
        var options = TrainingRowOptions(maximumTokens: limit)
        change(&options)
        var rows = TrainingRows()
        let tokenizer = LetterTokenizer(beginning: beginning)
        try TrainingRowReader(kind: kind, tokenizer: tokenizer, options: options).read(path, into: &rows)
        return rows
    }

    /// A text as its letters, with what is learnt in brackets.
    private func shown(_ example: TrainingExample) -> String {
        switch example {
        case .text(let text):
            var shown = ""
            var next = 0
            for range in text.trained {
                shown += LetterTokenizer.text(text.tokens[next..<range.lowerBound])
                shown += "[" + LetterTokenizer.text(text.tokens[range]) + "]"
                next = range.upperBound
            }
            return shown + LetterTokenizer.text(text.tokens[next...])
        case .preference(let prompt, let chosen, let rejected):
            return [prompt, chosen, rejected].map(LetterTokenizer.text).joined(separator: "|")
        case .judged(let prompt, let answer, let isDesirable):
            return [prompt, answer].map(LetterTokenizer.text).joined(separator: "|") + (isDesirable ? "+" : "-")
        }
    }

    @Test(arguments: [
        (
            #"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yo"}]}"#,
            "UhiA[yo.]"
        ),
        (
            #"{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}, {"role": "user", "content": "r"}, {"role": "assistant", "content": "b"}]}"#,
            "SsUqA[a.]UrA[b.]"
        ),
        (#"{"prompt": "hi", "completion": "yo"}"#, "UhiA[yo.]"),
        (
            #"{"prompt": [{"role": "user", "content": "hi"}], "completion": [{"role": "assistant", "content": "yo"}]}"#,
            "UhiA[yo.]"
        ),
        (
            #"{"prompt": "q", "completion": [{"role": "assistant", "content": "a"}, {"role": "user", "content": "r"}, {"role": "assistant", "content": "b"}]}"#,
            "UqA[a.]UrA[b.]"
        ),
        (#"{"text": "abc"}"#, "a[bc.]"),
        (
            #"{"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}, {"role": "assistant", "content": "yo"}]}"#,
            "UhiA[yo.]"
        ),
    ])
    func `of texts the answers alone are learnt`(line: String, expected: String) throws {
        let rows = try read([line], .fineTuning)
        #expect(rows.rows.map { shown($0.example) } == [expected], "\(rows.firstBroken)")
    }

    @Test(arguments: [
        (#"{"prompt": "q", "chosen": "y", "rejected": "n"}"#, "UqA|y.|n."),
        (
            #"{"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "y"}], "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "n"}]}"#,
            "UqA|y.|n."
        ),
        (
            #"{"prompt": [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}], "chosen": [{"role": "assistant", "content": "y"}], "rejected": [{"role": "assistant", "content": "n"}]}"#,
            "SsUqA|y.|n."
        ),
    ])
    func `pairs come with their prompt or share it`(line: String, expected: String) throws {
        let rows = try read([line], .preference)
        #expect(rows.rows.map { shown($0.example) } == [expected], "\(rows.firstBroken)")
    }

    @Test func `raw text is read as it is`() throws {
        let rows = try read([#"{"chosen": "a b c", "rejected": "a b d"}"#], .preference) { $0.isRawText = true }
        #expect(rows.rows.map { shown($0.example) } == ["a b| c.| d."], "\(rows.firstBroken)")
        let texts = try read([#"{"prompt": "x", "completion": "y"}"#], .fineTuning) { $0.isRawText = true }
        #expect(texts.rows.map { shown($0.example) } == ["x[y.]"])
    }

    @Test(arguments: [("true", "+"), ("false", "-"), ("1", "+"), ("0", "-")])
    func `single answers have a label`(label: String, sign: String) throws {
        let rows = try read([#"{"prompt": "q", "completion": "a", "label": \#(label)}"#], .unpaired)
        #expect(rows.rows.map { shown($0.example) } == ["UqA|a." + sign], "\(rows.firstBroken)")
    }

    @Test(arguments: [
        (TrainingRowReader.Kind.fineTuning, "nonsense", "is not JSON"),
        (.fineTuning, "[1]", "no object"),
        (.fineTuning, #"{"question": "x"}"#, "question"),
        (.fineTuning, #"{"messages": []}"#, "empty list"),
        (.fineTuning, #"{"messages": [{"role": "robot", "content": "x"}]}"#, "robot"),
        (.fineTuning, #"{"messages": [{"role": "user"}]}"#, "content"),
        (.fineTuning, #"{"prompt": "x"}"#, "completion"),
        (.fineTuning, #"{"text": ""}"#, "empty"),
        (.preference, #"{"prompt": "x", "chosen": "y"}"#, "rejected"),
        (.preference, #"{"prompt": "x", "chosen": "y", "rejected": "y"}"#, "same text"),
        (.preference, #"{"chosen": "a b", "rejected": "a c"}"#, "no prompt"),
        (
            .preference,
            #"{"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "y"}], "rejected": [{"role": "user", "content": "p"}, {"role": "assistant", "content": "n"}]}"#,
            "begin alike"
        ),
        (.unpaired, #"{"prompt": "x", "completion": "y"}"#, "label"),
        (.unpaired, #"{"prompt": "x", "completion": "y", "label": "good"}"#, "true or false"),
    ])
    func `a broken row is named with its line and what it lacks`(
        kind: TrainingRowReader.Kind,
        line: String,
        word: String
    ) throws {
        let rows = try read(["", line], kind)
        #expect(rows.rows.isEmpty && rows.broken == 1)
        let told = try #require(rows.firstBroken.first)
        #expect(told.contains(".jsonl:2: ") && told.contains(word), "\(told)")
    }

    @Test func `a file may have a mark at its start, blank lines and the line ends of Windows`() throws {
        let line = #"{"prompt": "q", "completion": "a"}"#
        let rows = try read(["\u{FEFF}" + line + "\r", "", " ", line + "\r"], .fineTuning)
        #expect(rows.rows.count == 2 && rows.broken == 0, "\(rows.firstBroken)")
        #expect(rows.rows[1].name.hasSuffix(":4"))
    }

    @Test func `other columns are the row's provenance`() throws {
        let rows = try read([#"{"prompt": "q", "completion": "a", "source": "set 1", "n": 3}"#], .fineTuning)
        #expect(rows.rows[0].provenance == #"{"n":3,"source":"set 1"}"#)
    }

    @Test func `long rows are left out, shortened or refused, and counted`() throws {
        let lines = [#"{"prompt": "abcdef", "completion": "xy"}"#, #"{"prompt": "a", "completion": "xy"}"#]
        let skipped = try read(lines, .fineTuning, beginning: 7, limit: 8)
        #expect(skipped.rows.count == 1 && skipped.tooLong == 1 && skipped.truncated == 0)
        let cut = try read(lines, .fineTuning, beginning: 7, limit: 8) { $0.overLong = .truncate }
        #expect(cut.truncated == 1 && cut.tooLong == 0)
        // The first token stays, the prompt loses its beginning, the answer nothing.
        #expect(shown(cut.rows[0].example) == "\u{7}defA[xy.]")
        let hopeless = try read(lines, .fineTuning, beginning: 7, limit: 4) { $0.overLong = .truncate }
        #expect(hopeless.rows.isEmpty && hopeless.tooLong == 2)
        #expect(throws: AssizeTrainingError.self) {
            try read(lines, .fineTuning, limit: 8) { $0.overLong = .error }
        }
        let pair = try read([#"{"prompt": "abcd", "chosen": "xyz", "rejected": "w"}"#], .preference, limit: 7) {
            $0.overLong = .truncate
        }
        #expect(shown(pair.rows[0].example) == "cdA|xyz.|w.")
    }

    @Test func `held-out rows share no prompt and no group with the others`() throws {
        var rows = TrainingRows()
        for index in 0..<60 {
            try rows.add(
                .init(
                    example: .text(TokenText(prompt: [1, Int32(index / 3)], answer: [2])),
                    name: "\(index)",
                    group: index < 30 ? "g\(index / 5)" : nil
                ),
                TrainingRowOptions(maximumTokens: 10),
                keeping: nil
            )
        }
        let split = try rows.split(heldOut: .share(0.2), seed: 3)
        #expect(split.heldOut.count >= 12 && split.heldOut.count < 17)
        #expect(split.training.count + split.heldOut.count == 60)
        func keys(_ rows: [TrainingRows.Row]) -> Set<String> {
            Set(rows.map { $0.group ?? "\($0.example.prompt)" })
        }
        #expect(keys(split.training).isDisjoint(with: keys(split.heldOut)))
        let again = try rows.split(heldOut: .share(0.2), seed: 3)
        #expect(again.heldOut == split.heldOut)
        let other = try rows.split(heldOut: .share(0.2), seed: 4)
        #expect(other.heldOut != split.heldOut)
        #expect(throws: AssizeTrainingError.self) { try rows.split(heldOut: .rows(60), seed: 1) }
    }

    @Test func `a run's rows are listed with where they come from`() throws {
        let rows = try read(
            [#"{"prompt": "q", "completion": "a", "id": "x1"}"#, #"{"prompt": "r", "completion": "b"}"#],
            .fineTuning
        )
        let folder = FileManager.default.temporaryDirectory.appending(path: "split-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try rows.split(heldOut: nil, seed: 1).writeRows(in: folder)
        let lines = try String(contentsOfFile: folder + "/rows.jsonl", encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix(#"{"part":"train","provenance":{"id":"x1"},"row":""#))
        #expect(lines[0].hasSuffix(#":1","tokens":5}"#) && !lines[1].contains("provenance"))
    }
}
