internal import AssizeReports
internal import AssizeTraining
internal import Foundation

/// A training run's log as a page of curves.
struct TrainingCurves {
    let history: TrainingHistory

    /// - Parameters:
    ///   - path: Where the page goes.
    ///   - title: What it is called.
    ///   - facts: What is to be said besides what the log holds.
    /// - Throws: ``CommandFailure`` when the file can't be written.
    func write(to path: String, title: String, facts: [TrainingReport.Fact] = []) throws {
        let report = TrainingReport(title: title, facts: facts + counted, charts: charts)
        do {
            try Data(report.html().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandFailure("\(path) can't be written: \(error.localizedDescription)")
        }
    }

    private var counted: [TrainingReport.Fact] {
        let steps = history.steps
        guard let first = steps.first, let last = steps.last else { return [] }
        let seconds = steps.reduce(0) { $0 + $1.seconds }
        let tokens = steps.reduce(0) { $0 + $1.tokens }
        let unshared = steps.reduce(0) { $0 + $1.unsharedTokens }
        var facts = [
            TrainingReport.Fact("Steps", "\(last.step) of \(last.steps)"),
            .init("Loss", "\(Format.fixed(first.loss, 4)) at first, \(Format.fixed(last.loss, 4)) at last"),
        ]
        if let best = history.evaluations.min(by: { $0.loss < $1.loss }) {
            facts.append(.init("Held-out loss", "\(Format.fixed(best.loss, 4)) after step \(best.step), its lowest"))
        }
        if let rewards = last.rewards, let margin = rewards.margin {
            let accuracy = rewards.accuracy.map { ", accuracy \(Format.fixed($0, 2))" } ?? ""
            facts.append(.init("Reward margin", "\(Format.fixed(margin, 3)) at last\(accuracy)"))
        }
        facts.append(
            .init(
                "Time",
                "\(Format.duration(seconds)) for \(Format.count(tokens)) tokens; "
                    + "\(Format.share(unshared - tokens, of: unshared)) saved by shared prompts"
            )
        )
        return facts
    }

    private var charts: [LineChart] {
        let held = history.evaluations
        return [
            LineChart(
                title: "Loss",
                series: [
                    steps("training", .smoothed) { $0.loss },
                    Series("held out", style: .marks, points: held.map { .init(x: Double($0.step), y: $0.loss) }),
                ]
            ),
            LineChart(
                title: "Rewards",
                series: [
                    steps("chosen", .smoothed) { $0.rewards?.chosen },
                    steps("rejected", .smoothed) { $0.rewards?.rejected },
                    steps("margin", .smoothed) { $0.rewards?.margin },
                ]
            ),
            LineChart(
                title: "Reward accuracy",
                series: [
                    steps("training", .smoothed) { $0.rewards?.accuracy },
                    Series(
                        "held out",
                        style: .marks,
                        points: held.compactMap { record in
                            record.rewards?.accuracy.map { .init(x: Double(record.step), y: $0) }
                        }
                    ),
                ]
            ),
            LineChart(title: "Gradient norm before clipping", series: [steps("norm", .smoothed) { $0.gradientNorm }]),
            LineChart(title: "Learning rate", series: [steps("rate", .line) { $0.rate }]),
            LineChart(
                title: "Tokens a second",
                series: [steps("tokens", .smoothed) { $0.seconds > 0 ? Double($0.tokens) / $0.seconds : nil }]
            ),
        ]
    }

    private func steps(_ name: String, _ style: Series.Style, _ value: (StepRecord) -> Double?) -> Series {
        Series(
            name,
            style: style,
            points: history.steps.compactMap { step in value(step).map { .init(x: Double(step.step), y: $0) } }
        )
    }
}
