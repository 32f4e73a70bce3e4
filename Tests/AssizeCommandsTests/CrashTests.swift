import AssizeCore
import AssizeStore
import Foundation
import Subprocess
import Testing

/// A run ends by `kill -9`, Ctrl-C or a full disk, and goes on as if it had not.
@Suite(.timeLimit(.minutes(15)))
struct CrashTests {
    private static let count = 30_000

    private func arguments(_ output: String, run: String, store: String) -> [String] {
        [
            "judge", "-m", "scripted:hash", "-i", "items.jsonl", "-o", output, "--label-only", "--run", run, "--store",
            store,
            "--quiet",
        ]
    }

    private func judged(_ program: Program, run: String) async throws -> Int {
        guard FileManager.default.fileExists(atPath: "\(program.folder)/store.sqlite") else { return 0 }
        // The file may be half-made yet.
        guard let store = try? RunStore(path: "\(program.folder)/store.sqlite") else { return 0 }
        return (try? await store.judgmentCount(of: RunID(rawValue: run))) ?? 0
    }

    @Test func `killed three times and resumed, a run has every judgment once and the same ones`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(Self.count))
        let straight = try await program.run(arguments("straight.jsonl", run: "straight", store: "other.sqlite"))
        #expect(straight.status == 0, "\(straight.errors)")

        var kills = 0
        var before = 0
        while kills < 3 {
            let threshold = before + 500
            let result = try await program.run(
                arguments("cut.jsonl", run: "cut", store: "store.sqlite") + ["--resume"],
                signal: .kill
            ) {
                try await judged(program, run: "cut") >= threshold
            }
            try #require(
                result.isSignalled && result.status == 9,
                "the run ended before it was killed: \(result.errors)"
            )
            kills += 1
            let after = try await judged(program, run: "cut")
            #expect(after > before && after < Self.count)
            before = after
            #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/cut.jsonl"))
        }
        let last = try await program.run(arguments("cut.jsonl", run: "cut", store: "store.sqlite") + ["--resume"])
        #expect(last.status == 0, "\(last.errors)")
        let rows = try program.lines("cut.jsonl")
        #expect(rows.count == Self.count)
        #expect(rows == (try program.lines("straight.jsonl")))
    }

    @Test func `Ctrl-C stores what is judged, writes it, says how to go on, and ends with 130`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(Self.count))
        let result = try await program.run(
            arguments("out.jsonl", run: "cut", store: "store.sqlite"),
            signal: .interrupt
        ) {
            try await judged(program, run: "cut") >= 300
        }
        #expect(result.status == 130 && !result.isSignalled)
        #expect(result.errors.contains("--resume"))
        let stored = try await judged(program, run: "cut")
        #expect(try program.lines("out.jsonl").count == stored)
        let store = try RunStore(path: "\(program.folder)/store.sqlite")
        #expect(try await store.run("cut")?.state == .interrupted)
        let rest = try await program.run(arguments("out.jsonl", run: "cut", store: "store.sqlite") + ["--resume"])
        #expect(rest.status == 0)
        #expect(try program.lines("out.jsonl").count == Self.count)
    }

    @Test func `a file that can't grow ends the run with a sentence, and nothing judged is lost`() async throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("items.jsonl", Program.items(Self.count))
        // 4,000 blocks of 512 bytes: about 2 MB a file.
        let line = arguments("out.jsonl", run: "cut", store: "store.sqlite").map { "'\($0)'" }.joined(separator: " ")
        let result = try await program.shell("ulimit -f 4000; exec \"$ASSIZE\" \(line)")
        #expect(result.status == 3 && !result.isSignalled, "\(result.status) \(result.errors)")
        #expect(result.errors.contains("--resume"))
        let stored = try await judged(program, run: "cut")
        #expect(stored > 0 && stored < Self.count)
        let rest = try await program.run(arguments("out.jsonl", run: "cut", store: "store.sqlite") + ["--resume"])
        #expect(rest.status == 0, "\(rest.errors)")
        let rows = try program.lines("out.jsonl")
        #expect(rows.count == Self.count)
        #expect(Set(rows).count == Self.count)
    }
}
