import AssizeCore
import AssizeJudges
import Foundation
import Testing

@testable import AssizeCommands

struct LayoutChoiceTests {
    @Test(arguments: [
        (1_000, 500, Recipe.Layout.rubricFirst), (500, 1_000, .itemFirst), (1_000, 979, .rubricFirst),
        // Within two per cent the recipe's own stays.
        (1_000, 980, .itemFirst), (1_000, 1_000, .itemFirst), (0, 0, .itemFirst),
    ])
    func `the layout that reads less is chosen, unless it saves next to nothing`(
        own: Int,
        other: Int,
        chosen: Recipe.Layout
    ) {
        #expect(LayoutCounts.choice(of: [(.itemFirst, own), (.rubricFirst, other)]) == chosen)
    }

    @Test func `a pinned prompt has no layout to choose`() {
        #expect(LayoutCounts.choice(of: [(nil, 100)]) == nil)
    }

    @Test(arguments: [("item-first", LayoutOption.itemFirst), ("rubric_first", .rubricFirst), ("auto", .auto)])
    func `a layout may be spelled as a flag or as in a recipe`(text: String, option: LayoutOption) {
        #expect(LayoutOption(argument: text) == option)
    }

    @Test func `tokens are said as asked, read, saved and written`() {
        let usage = Usage(prompt: 89_288, cached: 77_183, generated: 7_310)
        #expect(
            JudgeResult.words(usage)
                == "89,288 of prompts, 12,105 read (86% saved by shared prefixes), 7,310 written"
        )
        #expect(JudgeResult.words(Usage(prompt: 5, generated: 0)) == "5 of prompts, 5 read, 0 written")
    }

    @Test(arguments: [(0, 0, "0%"), (0, 9, "0%"), (1, 1_000, "1%"), (999, 1_000, "99%"), (1, 3, "33%"), (4, 4, "100%")])
    func `a share is whole per cent, and never claims nothing or all`(part: Int, whole: Int, text: String) {
        #expect(Format.share(part, of: whole) == text)
    }
}

struct LayoutCommandTests {
    private func record(_ program: Program, _ run: String) async throws -> String {
        try await program.run("runs", "show", run).output
    }

    @Test func `the layout decides what is asked, and stands in the record`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(6))
        let judge = ["judge", "-m", "scripted:hash", "-i", "items.jsonl"]
        for (name, flags) in [
            ("auto", []), ("item", ["--layout", "item-first"]), ("rubric", ["--layout", "rubric-first"]),
        ] {
            let result = try await program.run(judge + ["-o", "\(name).jsonl", "--run", name, "-v"] + flags)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("layout \(name == "rubric" ? "rubric-first" : "item-first")"))
        }
        // A model without a vocabulary is asked in the recipe's own layout.
        #expect(try program.lines("auto.jsonl") == program.lines("item.jsonl"))
        #expect(try program.lines("auto.jsonl") != program.lines("rubric.jsonl"))
        #expect(try await record(program, "auto").contains(#"layout: "item_first""#))
        #expect(try await record(program, "rubric").contains(#"layout: "rubric_first""#))
    }

    @Test func `a run that is gone on with keeps its layout, and another is refused`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(6))
        let judge = ["judge", "-m", "scripted:hash", "-i", "items.jsonl", "-o", "out.jsonl", "--run", "mine"]
        #expect(try await program.run(judge + ["--layout", "rubric-first"]).status == 0)
        let again = try await program.run(judge + ["--resume", "-v"])
        #expect(again.status == 0)
        #expect(again.errors.contains("6 of 6 items are judged"))
        #expect(again.errors.contains("layout rubric-first"))
        let other = try await program.run(judge + ["--resume", "--layout", "item-first"])
        #expect(other.status == 2)
        #expect(other.errors.contains("(layout)"))
    }

    @Test func `a pinned recipe refuses a layout, and its record has none`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(2))
        let judge = [
            "judge", "-m", "scripted:hash", "-i", "items.jsonl", "-o", "out.jsonl", "-p", "prometheus-absolute",
            "--run", "p",
        ]
        let refused = try await program.run(judge + ["--layout", "item-first"])
        #expect(refused.status == 2)
        #expect(refused.errors.contains("pins its prompt"))
        #expect(try await program.run(judge).status == 0)
        #expect(try await !record(program, "p").contains("layout:"))
    }

    @Test func `statistics are one JSON object that adds up`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(9))
        let judge = ["judge", "-m", "scripted:hash", "-i", "items.jsonl", "-o", "out.jsonl", "--run", "s"]
        let result = try await program.run(judge + ["--stats", "stats.json"])
        #expect(result.status == 0, "\(result.errors)")
        let text = try program.lines("stats.json").joined(separator: "\n")
        let stats = try #require(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)).objectValue)
        #expect(stats["items"] == .integer(9))
        #expect(stats["judgments"] == .integer(9))
        #expect(stats["answers"] == .integer(9))
        #expect(stats["failed"] == .integer(0))
        #expect(stats["layout"] == .string("item_first"))
        let prompt = try #require(stats["prompt_tokens"]?.integerValue)
        #expect(prompt > 0)
        #expect(stats["read_tokens"]?.integerValue == prompt)
        #expect(stats["saved_tokens"] == .integer(0))
        #expect(try #require(stats["judging_seconds"]?.numberValue) > 0)
        #expect(try #require(stats["judgments_per_second"]?.numberValue) > 0)
        #expect(try #require(stats["load_seconds"]?.numberValue) >= 0)
        #expect(try #require(stats["peak_rss_bytes"]?.integerValue) > 1 << 20)
        let keys = text.matches(of: /"([a-z_]+)" :/).map { String($0.1) }
        #expect(keys == keys.sorted())
        #expect(keys.count == stats.count)
        // What is judged already is not counted again.
        _ = try await program.run(judge + ["--resume", "--stats", "again.json"])
        #expect(try program.lines("again.json").contains { $0.contains("\"judgments\" : 0") })
    }

    @Test func `statistics that can't be written are refused before anything is judged`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(1))
        let result = try await program.run(
            ["judge", "-m", "scripted:hash", "-i", "items.jsonl", "-o", "out.jsonl", "--stats", "nowhere/stats.json"]
        )
        #expect(result.status == 2)
        #expect(result.errors.contains("nowhere"))
        #expect((try? program.lines("out.jsonl")) == nil)
    }
}

/// Where the small model is when it has been pulled.
private enum SmallModel {
    static let path: String = {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"] ?? "\(environment["HOME"] ?? "")/.local/share"
        return "\(environment["ASSIZE_HOME"] ?? "\(data)/assize")/models/SmolLM2-135M-Instruct.Q4_1.gguf"
    }()
}

/// What needs a vocabulary: SmolLM2's, when it has been pulled.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: SmallModel.path)), .timeLimit(.minutes(15)))
struct LayoutCountTests {
    private static let rubric = [
        "criteria:",
        "  - {name: one, text: Is it true?, scale: yes-no}",
        "  - {name: two, text: Is it kind?, scale: yes-no}",
        "  - {name: three, text: Is it needed?, scale: yes-no}",
    ]

    private func dryRun(_ flags: [String]) async throws -> [String] {
        let program = try Program()
        defer { program.remove() }
        let words = String(repeating: "a long story about a fox and a dog ", count: 20)
        try program.write(
            "items.jsonl",
            (0..<5).map { #"{"id": "i\#($0)", "instruction": "Tell \#($0) \#(words)", "response": "\#(words)"}"# }
        )
        try program.write("rubric.yaml", Self.rubric)
        let result = try await program.run(
            ["judge", "-m", SmallModel.path, "-i", "items.jsonl", "--dry-run"] + flags
        )
        #expect(result.status == 0, "\(result.errors)")
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test func `many criteria on long items are read with the item first`() async throws {
        let lines = try await dryRun(["--rubric", "rubric.yaml"])
        #expect(lines.contains { $0.hasPrefix("prompt tokens   item-first    ") && $0.contains(" asked, ") })
        #expect(lines.contains { $0.hasPrefix("                rubric-first  ") && $0.contains(" read (") })
        #expect(lines.contains("layout          item-first, which reads less"))
        #expect(lines.contains { $0.hasPrefix("longest prompt  ") })
    }

    @Test func `one criterion for all items is read with the rubric first`() async throws {
        let lines = try await dryRun([])
        #expect(lines.contains("layout          rubric-first, which reads less"))
        #expect(try await dryRun(["--layout", "item-first"]).contains("layout          item-first, as asked for"))
    }

    @Test func `a pinned prompt has one count and no layout`() async throws {
        let lines = try await dryRun(["-p", "prometheus-absolute"])
        #expect(lines.contains { $0.hasPrefix("prompt tokens   ") && $0.contains(" saved by shared prefixes)") })
        #expect(!lines.contains { $0.hasPrefix("layout") || $0.contains("rubric-first") })
    }
}
