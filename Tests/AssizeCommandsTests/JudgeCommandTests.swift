import AssizeCore
import AssizeStore
import Foundation
import Testing

struct JudgeCommandTests {
    @Test func `a file is judged and one row a judgment is written`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(40))
        let result = try await program.run("judge", "-m", "scripted:hash", "-i", "items.jsonl", "-o", "out.jsonl")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("40 judgments in out.jsonl"))
        #expect(result.errors.contains("Pearson"))
        let judgments = try program.lines("out.jsonl").map { try JudgmentCoding.decode($0) }
        #expect(judgments.map(\.id.rawValue) == (0..<40).map { "i\($0)" })
        #expect(
            judgments.allSatisfy { $0.recipe == "assize-pointwise" && $0.samples.count == 1 && $0.rationale != nil }
        )
    }

    @Test func `broken rows are named, the rest is judged, and the status is 3`() async throws {
        let program = try Program()
        defer { program.remove() }
        var rows = Program.items(3)
        rows.insert("{broken", at: 1)
        try program.write("items.jsonl", rows)
        let result = try await program.run("judge", "-m", "scripted:hash", "-i", "items.jsonl", "-o", "out.jsonl")
        #expect(result.status == 3)
        #expect(result.errors.contains("items.jsonl:2:"))
        #expect(try program.lines("out.jsonl").count == 3)
    }

    @Test func `pairs are judged in both orders, CSV as well`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("pairs.csv", ["id,prompt,a,b,label", "1,Say hi,\"hi,\nthere\",no,A", "2,Say ho,x,ho,B"])
        let result = try await program.run(
            "judge",
            "-m",
            "scripted:hash",
            "-p",
            "assize-pairwise",
            "-i",
            "pairs.csv",
            "-o",
            "out.jsonl",
            "--label-only"
        )
        #expect(result.status == 0, "\(result.errors)")
        let judgments = try program.lines("out.jsonl").map { try JudgmentCoding.decode($0) }
        #expect(judgments.map { $0.samples.map(\.order) } == [[.forward, .swapped], [.forward, .swapped]])
        #expect(result.errors.contains("both orders chose the same"))
    }

    @Test func `samples differ by seed and are all kept`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(5))
        let arguments = ["judge", "-m", "scripted:hash", "-i", "items.jsonl", "--samples", "6", "--temperature", "1"]
        _ = try await program.run(arguments + ["-o", "a.jsonl", "--seed", "1"])
        _ = try await program.run(arguments + ["-o", "b.jsonl", "--seed", "1"])
        _ = try await program.run(arguments + ["-o", "c.jsonl", "--seed", "2"])
        #expect(try program.lines("a.jsonl") == program.lines("b.jsonl"))
        #expect(try program.lines("a.jsonl") != program.lines("c.jsonl"))
        let judgments = try program.lines("a.jsonl").map { try JudgmentCoding.decode($0) }
        #expect(judgments.allSatisfy { $0.samples.count == 6 })
        #expect(judgments.contains { Set($0.samples.map(\.verdict)).count > 1 })
    }

    @Test func `a dry run counts and writes nothing`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(7))
        let result = try await program.run(
            "judge",
            "-m",
            "scripted:hash",
            "-i",
            "items.jsonl",
            "--dry-run",
            "--samples",
            "3",
            "--temperature",
            "1"
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("asks            21"))
        #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/home/assize.sqlite"))
    }

    @Test func `flags come from a YAML file, and those on the command line win`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(9))
        try program.write(
            "run.yaml",
            ["model: scripted:hash", "items: items.jsonl", "output: out.jsonl", "label_only: true", "limit: 4"]
        )
        #expect(try await program.run("judge", "--config", "run.yaml").status == 0)
        #expect(try program.lines("out.jsonl").count == 4)
        #expect(try await program.run("judge", "--config", "run.yaml", "--limit", "2").status == 0)
        let judgments = try program.lines("out.jsonl").map { try JudgmentCoding.decode($0) }
        #expect(judgments.count == 2)
        #expect(judgments.allSatisfy { $0.rationale == nil })
    }

    @Test func `runs are listed, shown, exported and deleted`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(12))
        _ = try await program.run(
            "judge",
            "-m",
            "scripted:hash",
            "-i",
            "items.jsonl",
            "-o",
            "out.jsonl",
            "--run",
            "mine"
        )
        let list = try await program.run("runs", "list")
        #expect(list.output.contains("mine"))
        #expect(list.output.contains("12/12"))
        let shown = try await program.run("runs", "show", "mine")
        #expect(shown.output.contains("verdicts  12 scored"))
        let exported = try await program.run("runs", "export", "mine")
        #expect(exported.output.split(separator: "\n").map(String.init) == (try program.lines("out.jsonl")))
        // A reader that stops reading is a normal end.
        let piped = try await program.shell("\"$ASSIZE\" runs export mine | head -n 1 | wc -l")
        #expect(piped.output.contains("1"))
        #expect(piped.errors.isEmpty)
        #expect(try await program.run("runs", "delete", "mine").status == 0)
        #expect(try await program.run("runs", "show", "mine").status == 2)
    }
}
