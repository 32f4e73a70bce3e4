internal import AssizeCore
internal import AssizeJudges
internal import AssizeRuns
internal import Foundation

/// What one use of `judge` took, for a script to read: `--stats`.
///
/// It counts what was judged now; what an earlier part of the run judged is left out.
struct JudgeStatistics {
    /// The run.
    let run: RunID
    /// The model as it was asked for.
    let model: String
    /// The recipe's name.
    let recipe: String
    /// The layout of the prompts; `nil` where the recipe pins it.
    let layout: Recipe.Layout?
    /// The counts when the last item was judged.
    let progress: RunProgress
    /// From the start of the model's loading until it could be asked.
    let loading: Duration
    /// From the first ask to the last stored judgment.
    let judging: Duration

    /// The figures by their names in the file.
    var values: [String: JSONValue] {
        let usage = progress.usage
        let seconds = judging.seconds
        return [
            "run": .string(run.rawValue),
            "model": .string(model),
            "recipe": .string(recipe),
            "layout": layout.map { .string($0.rawValue) } ?? .null,
            "items": .integer(progress.done - progress.resumed),
            "judgments": .integer(progress.judgments),
            "failed": .integer(progress.failed),
            "answers": .integer(progress.answers),
            "replayed_answers": .integer(progress.replayed),
            "load_seconds": .number(loading.seconds),
            "judging_seconds": .number(seconds),
            "judgments_per_second": .number(seconds > 0 ? Double(progress.judgments) / seconds : 0),
            "prompt_tokens": .integer(usage.prompt),
            "read_tokens": .integer(usage.prompt - usage.cached),
            "saved_tokens": .integer(usage.cached),
            "written_tokens": .integer(usage.generated),
            "peak_rss_bytes": .integer(ProcessMemory.peak),
        ]
    }

    /// Writes one JSON object with sorted keys.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try (encoder.encode(JSONValue.object(values)) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure(
                "the statistics can't be written to \(path) (\(error)); the judgments are safe: 'assize runs show \(run)'"
            )
        }
    }
}
