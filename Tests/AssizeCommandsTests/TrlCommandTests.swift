import Foundation
import Subprocess
import Testing

@testable import AssizeTraining

/// `train --engine trl` as a process, with a stand-in for `accelerate` that leaves what TRL would.
@Suite(.timeLimit(.minutes(15)))
struct TrlCommandTests {
    /// Logs two steps and hands back the adapter that training began with.
    private static let trains = """
        echo "$@" > arguments.txt
        echo "$OMP_NUM_THREADS $HF_HUB_OFFLINE" > variables.txt
        echo '{"begin": {"device": "cpu", "done": 0, "parameters": 9, "processes": 2, "steps": 2}}' > log.jsonl
        for step in 1 2; do
          echo '{"step": {"epoch": 1, "gradientNorm": 1, "loss": 0.'$step', "rate": 0.001, "rows": 4, "seconds": 1, \
        "step": '$step', "steps": 2, "tokens": 40, "unsharedTokens": 40}}' >> log.jsonl
        done
        cp -r start adapter
        echo '{"reason": "finished", "steps": 2}' > result.json
        """

    private func program(_ script: String) async throws -> Program {
        let program = try Program()
        try TinyJudge.write(to: "\(program.folder)/tiny.gguf")
        try program.write(
            "pairs.jsonl",
            (0..<8).map { #"{"prompt": "Say \#($0).", "chosen": "\#($0)!", "rejected": "No."}"# }
        )
        try FileManager.default.createDirectory(
            atPath: "\(program.folder)/env/bin",
            withIntermediateDirectories: true
        )
        try program.write("env/bin/accelerate", ["#!/bin/sh", script])
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: "\(program.folder)/env/bin/accelerate"
        )
        let begun = try await program.run(
            "train",
            "dpo",
            "--base",
            "tiny.gguf",
            "--data",
            "pairs.jsonl",
            "--out",
            "start.gguf",
            "--max-steps",
            "1",
            "--quiet"
        )
        try #require(begun.status == 0, "\(begun.errors)")
        return program
    }

    private let trl = [
        "train", "dpo", "--base", "tiny.gguf", "--data", "pairs.jsonl", "--adapter", "start.gguf", "--engine", "trl",
        "--python", "env", "--batch", "4",
    ]

    @Test func `the data goes out, the log is followed, the adapter comes back`() async throws {
        let program = try await program(TrlCommandTests.trains)
        defer { program.remove() }
        let result = try await program.run(trl + ["--processes", "2", "--threads", "4", "--out", "after.gguf"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("by TRL on cpu in 2 processes"), "\(result.errors)")
        #expect(result.output.contains("0.1000 at first, 0.2000 at last"), "\(result.output)")
        let (before, after) = (
            try LoraAdapter(readingGGUF: "\(program.folder)/start.gguf"),
            try LoraAdapter(readingGGUF: "\(program.folder)/after.gguf")
        )
        #expect(before.modules == after.modules && before.alpha == after.alpha)
        #expect(after.provenance["assize.training.engine"] == "trl")
        let arguments = try program.lines("after.gguf.run/arguments.txt")[0]
        #expect(arguments.hasPrefix("launch --config_file ") && arguments.hasSuffix("/job.json"), "\(arguments)")
        #expect(try program.lines("after.gguf.run/variables.txt") == ["2 1"])
        #expect(try program.lines("after.gguf.run/data.jsonl").count == 8)
        #expect(try program.lines("after.gguf.run/accelerate.yaml").contains("num_processes: 2"))
        #expect(try program.lines("after.gguf.run/report.html").joined().contains("<polyline"))
        let again = try await program.run(trl + ["--out", "other.gguf", "--run-folder", "after.gguf.run"])
        #expect(again.status == 2 && again.errors.contains("--resume"), "\(again.errors)")
    }

    @Test func `a failure shows the end of what TRL said, and leaves no adapter`() async throws {
        let program = try await program("echo loading; echo 'CUDA out of memory' >&2; exit 3")
        defer { program.remove() }
        let result = try await program.run(trl + ["--out", "after.gguf"])
        #expect(result.status != 0 && !result.isSignalled)
        for word in ["status 3", "CUDA out of memory", "output.txt"] { #expect(result.errors.contains(word)) }
        #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/after.gguf"))
    }

    @Test func `one that ends well without an adapter is a failure too`() async throws {
        let program = try await program("exit 0")
        defer { program.remove() }
        let result = try await program.run(trl + ["--out", "after.gguf"])
        #expect(result.status != 0 && result.errors.contains("without an adapter"), "\(result.errors)")
    }

    @Test func `Ctrl-C reaches all processes and says how to go on`() async throws {
        let program = try await program(
            "trap 'echo caught > caught.txt; exit 130' INT; touch begun; while :; do sleep 0.1; done"
        )
        defer { program.remove() }
        let result = try await program.run(trl + ["--out", "after.gguf"], signal: .interrupt) {
            FileManager.default.fileExists(atPath: "\(program.folder)/after.gguf.run/begun")
        }
        #expect(result.status == 130 && !result.isSignalled, "\(result.status) \(result.errors)")
        #expect(result.errors.contains("--resume"))
        #expect(try program.lines("after.gguf.run/caught.txt") == ["caught"])
    }

    @Test(arguments: [
        (["--python", "nowhere"], ["nowhere", "accelerate"]),
        (["--processes", "3"], ["3 processes", "multiple of 3"]),
        (["--engine", "assize", "--processes", "2"], ["goes with --engine trl"]),
        (["--engine", "deepspeed"], ["deepspeed"]),
        (["--hf-base", "env"], ["env", "config.json"]),
    ])
    func `bad use is answered with a sentence and status 2`(flags: [String], words: [String]) async throws {
        let program = try await program(TrlCommandTests.trains)
        defer { program.remove() }
        let result = try await program.run(trl + flags + ["--out", "after.gguf"])
        #expect(result.status == 2, "\(result.status) \(result.errors)")
        for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
    }

    @Test func `a model goes out as a folder of Hugging Face's, once`() async throws {
        let program = try await program("exit 0")
        defer { program.remove() }
        // A vocabulary of SentencePiece: its tokenizer can't be written, and nothing is.
        let refused = try await program.run("models", "export-hf", "tiny.gguf", "--out", "folder")
        #expect(refused.status == 2, "\(refused.status) \(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/folder"))
        let present = try await program.run("models", "export-hf", "tiny.gguf", "--out", "env")
        #expect(present.status == 2 && present.errors.contains("env is there already"), "\(present.errors)")
    }
}
