internal import ArgumentParser
internal import AssizeCore
internal import AssizeHub
internal import AssizeRuns
internal import AssizeStore
internal import Foundation

/// `assize runs`: what was judged before.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List, show, export and delete runs.",
        subcommands: [List.self, Show.self, Export.self, Delete.self],
        defaultSubcommand: List.self
    )

    /// A setting as it stands in the run's record.
    private static func text(_ value: JSONValue) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Where the runs are.
    struct StoreOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp("The database of runs; default: assize.sqlite in the data folder.", valueName: "file")
        )
        var store: String?

        func open() throws -> RunStore {
            try RunStore(path: store ?? AssizeHome().store)
        }

        func run(_ name: String, in store: RunStore) async throws -> RunRecord {
            guard let run = try await store.run(RunID(rawValue: name)) else {
                throw CommandFailure(
                    "there is no run '\(name)' in \(store.path); 'assize runs list' shows those there are"
                )
            }
            return run
        }
    }

    /// `assize runs list`: the runs, the newest first.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the runs, the newest first.")

        @OptionGroup var options: StoreOptions
        @Option(help: ArgumentHelp("Show at most n runs.", valueName: "n")) var limit = 20

        func run() async throws {
            let terminal = Terminal()
            let store = try options.open()
            let runs = try await store.runs(limit: max(1, limit))
            guard !runs.isEmpty else {
                terminal.note("no runs yet in \(store.path); 'assize judge' makes one")
                return
            }
            var table = TextTable(["RUN", "STATE", "JUDGED", "FAILED", "MODEL", "ITEMS FROM"])
            for run in runs {
                let counts = try await store.judgmentCountsByKind(of: run.id)
                let judged = try await store.judgedItems(of: run.id)
                table.append([
                    run.id.rawValue, run.state.rawValue, "\(judged)/\(run.items)", "\(counts[.failed] ?? 0)", run.model,
                    run.inputPath,
                ])
            }
            for line in table.lines(width: terminal.width, bold: terminal.bold) { terminal.write(line) }
        }
    }

    /// `assize runs show RUN`: settings, verdicts, agreement and failures of one run.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a run: settings, verdicts, agreement, failures."
        )

        @Argument(help: "The run's name.") var name: String
        @OptionGroup var options: StoreOptions

        func run() async throws {
            let terminal = Terminal()
            let store = try options.open()
            let run = try await options.run(name, in: store)
            let counts = try await store.judgmentCountsByKind(of: run.id)
            terminal.write("run       \(run.id)  (\(run.state.rawValue), begun \(run.created.formatted(.iso8601)))")
            terminal.write(
                "items     \(try await store.judgedItems(of: run.id)) of \(run.items) judged, from \(run.inputPath)"
            )
            terminal.write(
                "judge     \(run.model)  sha256 \(run.judge.sha256?.hexadecimal ?? "-")  \(run.judge.engine)"
            )
            terminal.write("recipe    \(run.recipe)  seed \(run.seed)")
            for (key, value) in (run.configuration.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) {
                guard !["judge", "input", "recipe", "seed"].contains(key), value != .null else { continue }
                terminal.write("  \(key): \(try RunsCommand.text(value))")
            }
            let kinds = VerdictKind.allCases.compactMap { kind in counts[kind].map { "\($0) \(kind.rawValue)" } }
            terminal.write("verdicts  \(kinds.isEmpty ? "none yet" : kinds.joined(separator: ", "))")
            let agreement = try await RunAgreement(run: run.id, of: store, seed: run.seed)
            for line in JudgeResult.lines(agreement) { terminal.write(line) }
            let broken = try await store.brokenRows(of: run.id)
            for row in broken.prefix(20) { terminal.write("broken    \(row.file):\(row.line): \(row.reason)") }
            if broken.count > 20 { terminal.write("          and \(broken.count - 20) more broken rows") }
            try await showFailures(of: run.id, in: store, on: terminal)
        }

        private func showFailures(of run: RunID, in store: RunStore, on terminal: Terminal) async throws {
            var shown = 0
            var more = 0
            for try await stored in store.judgments(of: run) where stored.kind == .failed {
                guard shown < 20 else {
                    more += 1
                    continue
                }
                shown += 1
                let judgment = try stored.judgment()
                guard case .failed(let failure, let raw) = judgment.verdict else { continue }
                terminal.write(
                    "failed    \(judgment.id) (\(judgment.criterion)): \(failure.rawValue): \(raw.prefix(200))"
                )
            }
            if more > 0 { terminal.write("          and \(more) more failures") }
        }
    }

    /// `assize runs export RUN`: the judgments as JSONL.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a run's judgments as JSONL, to a file or to standard output."
        )

        @Argument(help: "The run's name.") var name: String
        @Option(
            name: [.short, .customLong("output")],
            help: ArgumentHelp("The file; default: standard output.", valueName: "file")
        )
        var output: String?
        @OptionGroup var options: StoreOptions

        func run() async throws {
            let store = try options.open()
            let run = try await options.run(name, in: store)
            guard let output else {
                _ = try await JudgmentExport.write(run: run.id, of: store) {
                    Terminal.put(bytes: Array($0), to: STDOUT_FILENO)
                }
                return
            }
            try JudgmentExport.check(path: output)
            let rows = try await JudgmentExport.write(run: run.id, of: store, to: output)
            Terminal().note("\(Format.count(rows)) judgments in \(output)")
        }
    }

    /// `assize runs delete RUN`: removes a run with its judgments, not the cached answers.
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a run and its judgments; cached answers stay."
        )

        @Argument(help: "The run's name.") var name: String
        @OptionGroup var options: StoreOptions

        func run() async throws {
            let store = try options.open()
            let run = try await options.run(name, in: store)
            try await store.deleteRun(run.id)
            Terminal().note("run '\(run.id)' is gone")
        }
    }
}
