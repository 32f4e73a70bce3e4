internal import AssizeCore
internal import AssizeMetrics
internal import AssizeRuns
internal import AssizeStore

/// How a run came out, for the screen.
struct JudgeResult {
    let run: RunID
    let progress: RunProgress
    let counts: [VerdictKind: Int]
    let agreement: RunAgreement
    let output: String?
    let rows: Int?
    let elapsed: Duration
    let statistics: JudgeStatistics
    let store: RunStore

    func show(on terminal: Terminal) {
        if let output, let rows {
            terminal.note(
                "\(Format.count(rows)) judgments in \(output)  (run '\(run)', \(Format.duration(elapsed.seconds)))"
            )
        }
        let kinds = VerdictKind.allCases.compactMap { kind in
            counts[kind].map { "\(Format.count($0)) \(kind.rawValue)" }
        }
        terminal.note("verdicts: \(kinds.joined(separator: ", "))")
        if progress.usage.prompt > 0 { terminal.note("tokens: \(JudgeResult.words(progress.usage))") }
        if progress.replayed > 0 {
            terminal.note(
                "\(progress.replayed) of \(progress.answers) answers came from the cache (--no-cache asks anew)"
            )
        }
        for line in JudgeResult.lines(agreement) { terminal.note(line) }
        if progress.failed > 0 { terminal.note("\(progress.failed) judgments failed: see 'assize runs show \(run)'") }
        if progress.broken > 0 { terminal.note("\(progress.broken) rows of the input are broken and were left out") }
    }

    /// Tokens asked, read and written, as one line.
    static func words(_ usage: Usage) -> String {
        let read = usage.prompt - usage.cached
        let saved =
            usage.cached > 0 ? " (\(Format.share(usage.cached, of: usage.prompt)) saved by shared prefixes)" : ""
        return "\(Format.count(usage.prompt)) of prompts, \(Format.count(read)) read\(saved), "
            + "\(Format.count(usage.generated)) written"
    }

    /// Agreement with the labels that the items carried, one figure a line.
    static func lines(_ agreement: RunAgreement) -> [String] {
        var lines: [String] = []
        func add(_ name: String, _ figure: RunAgreement.Figure?, _ count: Int) {
            guard let figure else { return }
            let interval = figure.interval.map { " [\(Format.fixed($0.lower, 2)), \(Format.fixed($0.upper, 2))]" } ?? ""
            lines.append("  \(name): \(Format.fixed(figure.value, 2))\(interval) on \(Format.count(count)) items")
        }
        add("Pearson", agreement.pearson, agreement.scored)
        add("Spearman", agreement.spearman, agreement.scored)
        add("accuracy", agreement.accuracy, agreement.compared)
        add("accuracy where people see no tie", agreement.accuracyWithoutTies, agreement.comparedWithoutTies)
        if !lines.isEmpty { lines.insert("agreement with the labels in the file (95% intervals):", at: 0) }
        var consistency: [String] = []
        if let figure = agreement.orderConsistency {
            consistency.append(
                "both orders chose the same: \(Format.fixed(figure.value, 2)) of \(Format.count(agreement.bothOrders)) pairs"
            )
        }
        return lines + consistency
    }
}
