import AssizeCore
import Foundation
import Subprocess
import Testing

@testable import AssizeTraining

/// `assize train` as a process, on a tiny model.
@Suite(.timeLimit(.minutes(15)))
struct TrainCommandTests {
    private func program() throws -> Program {
        let program = try Program()
        try TinyJudge.write(to: "\(program.folder)/tiny.gguf")
        try program.write("pairs.jsonl", TrainCommandTests.pairs(24))
        try program.write(
            "answers.jsonl",
            (0..<16).map { #"{"prompt": "Say \#($0).", "completion": "\#($0)!", "label": \#($0.isMultiple(of: 2))}"# }
        )
        try program.write(
            "labelled.jsonl",
            (0..<20)
                .map {
                    #"{"id": "i\#($0)", "instruction": "Say \#($0).", "response": "\#($0)!", "score": \#($0 % 4 + 1), "rationale": "It says \#($0)."}"#
                }
        )
        return program
    }

    private static func pairs(_ count: Int) -> [String] {
        (0..<count)
            .map {
                #"{"prompt": "What is \#($0 / 2) and one?", "chosen": "It is \#($0 / 2 + 1).", "rejected": "No idea \#($0)."}"#
            }
    }

    private func bytes(_ program: Program, _ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: "\(program.folder)/\(name)"))
    }

    private let dpo = ["train", "dpo", "--base", "tiny.gguf", "--data", "pairs.jsonl", "--batch", "4", "--quiet"]

    @Test(arguments: [
        (["train", "sft", "--data", "pairs.jsonl", "--out", "a.gguf"], ["--base"]),
        (["train", "dpo", "--base", "tiny.gguf", "--data", "pairs.jsonl"], ["--out"]),
        (["train", "dpo", "--base", "tiny.gguf", "--out", "a.gguf"], ["--data"]),
        (["train", "dpo", "--base", "none.gguf", "--data", "pairs.jsonl", "--out", "a.gguf"], ["none.gguf"]),
        (["train", "dpo", "--base", "pairs.jsonl", "--data", "pairs.jsonl", "--out", "a.gguf"], ["pairs.jsonl"]),
        (["train", "dpo", "--base", "tiny.gguf", "--data", "none.jsonl", "--out", "a.gguf"], ["none.jsonl"]),
        (
            ["train", "dpo", "--base", "tiny.gguf", "--data", "answers.jsonl", "--out", "a.gguf"],
            ["answers.jsonl:1", "chosen", "--skip-broken"]
        ),
        (
            ["train", "dpo", "--base", "tiny.gguf", "--data", "pairs.jsonl", "--out", "a.gguf", "--targets", "attn_x"],
            ["attn_x", "attn_q"]
        ),
        (
            ["train", "dpo", "--base", "tiny.gguf", "--data", "pairs.jsonl", "--out", "a.gguf", "--beta", "-1"],
            ["beta"]
        ),
        (
            ["train", "dpo", "--base", "tiny.gguf", "--data", "pairs.jsonl", "--out", "a.gguf", "--held-out", "1.5"],
            ["--held-out"]
        ),
        (
            ["train", "dpo", "--base", "tiny.gguf", "--data", "pairs.jsonl", "--out", "a.gguf", "--dropout", "1"],
            ["dropout"]
        ),
        (
            ["train", "dpo", "--base", "tiny.gguf", "--data", "pairs.jsonl", "--out", "none/a.gguf"],
            ["none"]
        ),
        (
            [
                "train", "sft", "--base", "tiny.gguf", "--data", "answers.jsonl", "--items", "labelled.jsonl", "--out",
                "a.gguf",
            ],
            ["--data", "--items"]
        ),
        (
            ["train", "sft", "--base", "tiny.gguf", "--items", "labelled.jsonl", "--out", "a.gguf"],
            ["--no-lead"]
        ),
        (["train", "sft", "--base", "scripted:hash", "--data", "answers.jsonl", "--out", "a.gguf"], ["scripted:hash"]),
        (["models", "merge", "none.gguf", "--out", "a.gguf"], ["none.gguf"]),
        (["models", "merge", "tiny.gguf", "--out", "a.gguf"], ["tiny.gguf"]),
        (["models", "import-adapter", "nowhere", "--base", "tiny.gguf", "--out", "a.gguf"], ["nowhere"]),
    ])
    func `bad use is answered with a sentence and status 2, and nothing is written`(
        arguments: [String],
        words: [String]
    ) async throws {
        let program = try program()
        defer { program.remove() }
        let result = try await program.run(arguments)
        #expect(result.status == 2 && !result.isSignalled, "\(result.status) \(result.errors)")
        for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
        #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/a.gguf"))
    }

    @Test func `killed three times and resumed, training gives the same bytes`() async throws {
        let program = try program()
        defer { program.remove() }
        let flags = dpo + ["--epochs", "40", "--checkpoint-interval", "7", "--dropout", "0.1", "--held-out", "4"]
        let straight = try await program.run(flags + ["--out", "straight.gguf"])
        #expect(straight.status == 0, "\(straight.errors)")
        let log = "\(program.folder)/cut.gguf.run/log.jsonl"
        for kill in 1...3 {
            let result = try await program.run(flags + ["--out", "cut.gguf", "--resume"], signal: .kill) {
                let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                return text.split(separator: "\n").count >= 30 * kill
            }
            try #require(result.isSignalled, "the run ended before it was killed: \(result.status) \(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/cut.gguf"))
        }
        let last = try await program.run(flags + ["--out", "cut.gguf", "--resume"])
        #expect(last.status == 0, "\(last.errors)")
        #expect(try bytes(program, "cut.gguf") == bytes(program, "straight.gguf"))
        let steps = try program.lines("cut.gguf.run/log.jsonl").filter { $0.contains("\"step\":{") }.count
        #expect(steps == 200)
    }

    @Test func `Ctrl-C keeps a checkpoint, says how to go on, and the rest gives the same bytes`() async throws {
        let program = try program()
        defer { program.remove() }
        let flags = dpo + ["--epochs", "30", "--checkpoint-interval", "1000"]
        let straight = try await program.run(flags + ["--out", "straight.gguf"])
        #expect(straight.status == 0, "\(straight.errors)")
        let log = "\(program.folder)/cut.gguf.run/log.jsonl"
        let cut = try await program.run(flags + ["--out", "cut.gguf"], signal: .interrupt) {
            ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").count >= 20
        }
        #expect(cut.status == 130 && !cut.isSignalled, "\(cut.errors)")
        #expect(cut.errors.contains("--resume"))
        let refused = try await program.run(flags + ["--out", "cut.gguf"])
        #expect(refused.status == 2 && refused.errors.contains("--resume") && refused.errors.contains("--force"))
        let other = try await program.run(flags + ["--out", "cut.gguf", "--resume", "--seed", "2"])
        #expect(other.status == 2, "\(other.errors)")
        let rest = try await program.run(flags + ["--out", "cut.gguf", "--resume"])
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(try bytes(program, "cut.gguf") == bytes(program, "straight.gguf"))
    }

    @Test func `a judge is taught from labelled items, merged, and judges with its adapter`() async throws {
        let program = try program()
        defer { program.remove() }
        let sft = [
            "train", "sft", "--base", "tiny.gguf", "--items", "labelled.jsonl", "--no-lead", "--balance", "--quiet",
            "--batch", "4", "--learning-rate", "1e-3",
        ]
        let counted = try await program.run(sft + ["--dry-run"])
        #expect(counted.status == 0, "\(counted.errors)")
        #expect(counted.output.contains("1: 5, 2: 5, 3: 5, 4: 5"), "\(counted.output)")
        #expect(counted.output.contains("20, and 0 held out"), "\(counted.output)")
        let taught = try await program.run(sft + ["--epochs", "2", "--out", "judge.gguf"])
        #expect(taught.status == 0, "\(taught.errors)")
        #expect(taught.output.contains("10 of 10"), "\(taught.output)")
        let adapter = try LoraAdapter(readingGGUF: "\(program.folder)/judge.gguf")
        #expect(adapter.modules.count == 14)
        #expect(adapter.provenance["assize.training.objective"] == "sft")
        #expect(adapter.provenance["assize.base.sha256"]?.count == 64)

        let further = try await program.run(
            dpo + ["--adapter", "judge.gguf", "--out", "better.gguf", "--max-steps", "3"]
        )
        #expect(further.status == 0, "\(further.errors)")
        let merged = try await program.run("models", "merge", "judge.gguf=0.5", "better.gguf=0.5", "--out", "both.gguf")
        #expect(merged.status == 0, "\(merged.errors)")
        #expect(try LoraAdapter(readingGGUF: "\(program.folder)/both.gguf").modules[0].rank == 32)
        let whole = try await program.run(
            "models",
            "merge",
            "both.gguf",
            "--into",
            "tiny.gguf",
            "--out",
            "whole.gguf"
        )
        #expect(whole.status == 0, "\(whole.errors)")

        try program.write("items.jsonl", Program.items(3))
        let judge = ["judge", "-i", "items.jsonl", "--label-only", "--no-cache", "--quiet"]
        let one = try await program.run(judge + ["-m", "tiny.gguf", "--adapter", "both.gguf", "-o", "one.jsonl"])
        #expect(one.status == 0, "\(one.errors)")
        let two = try await program.run(judge + ["-m", "whole.gguf", "-o", "two.jsonl"])
        #expect(two.status == 0, "\(two.errors)")
        let probabilities = try ["one.jsonl", "two.jsonl"]
            .map { name in
                try program.lines(name)
                    .map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)).probabilities }
            }
        for (first, second) in zip(probabilities[0], probabilities[1]) {
            #expect(first.keys == second.keys)
            for (label, share) in first { #expect(abs(share - (second[label] ?? -1)) < 2e-3) }
        }
    }

    private struct Row: Decodable {
        let probabilities: [String: Double]
    }

    @Test func `an adapter goes out to PEFT's form and comes back the same`() async throws {
        let program = try program()
        defer { program.remove() }
        let trained = try await program.run(dpo + ["--out", "a.gguf", "--max-steps", "2"])
        #expect(trained.status == 0, "\(trained.errors)")
        let out = try await program.run("models", "export-adapter", "a.gguf", "--base", "tiny.gguf", "--out", "peft")
        #expect(out.status == 0, "\(out.errors)")
        let again = try await program.run("models", "export-adapter", "a.gguf", "--base", "tiny.gguf", "--out", "peft")
        #expect(again.status == 2 && again.errors.contains("--force"))
        let back = try await program.run("models", "import-adapter", "peft", "--base", "tiny.gguf", "--out", "b.gguf")
        #expect(back.status == 0, "\(back.errors)")
        let (a, b) = (
            try LoraAdapter(readingGGUF: "\(program.folder)/a.gguf"),
            try LoraAdapter(readingGGUF: "\(program.folder)/b.gguf")
        )
        #expect(a.modules == b.modules && a.alpha == b.alpha)
    }

    @Test func `kto trains too, and the log has a line a step`() async throws {
        let program = try program()
        defer { program.remove() }
        let result = try await program.run(
            "train",
            "kto",
            "--base",
            "tiny.gguf",
            "--data",
            "answers.jsonl",
            "--out",
            "k.gguf",
            "--batch",
            "8",
            "--epochs",
            "3",
            "--held-out",
            "0.25",
            "--evaluation-interval",
            "1"
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("held-out loss"))
        let lines = try program.lines("k.gguf.run/log.jsonl")
        #expect(lines.filter { $0.contains("\"step\":{") }.count == 6)
        #expect(lines.filter { $0.contains("\"evaluation\":{") }.count == 6)
        let page = try program.lines("k.gguf.run/report.html").joined(separator: "\n")
        let words = ["KTO of tiny.gguf", "Held-out loss", "6 of 6", "Rewards"]
        for word in words {
            #expect(page.contains(word), "\(word)")
        }
        let again = try await program.run("train", "report", "k.gguf.run", "--out", "again.html")
        #expect(again.status == 0, "\(again.errors)")
        #expect(try program.lines("again.html").joined().contains("<polyline class=\"s0\""))
        let missing = try await program.run("train", "report", "nowhere")
        #expect(missing.status == 2 && missing.errors.contains("nowhere"))
    }
}
