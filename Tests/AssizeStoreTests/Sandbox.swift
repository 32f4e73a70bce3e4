import AssizeCore
import AssizeStore
import Foundation

/// A folder of a test's own, removed with the last reference to it.
final class Sandbox: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "assize-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// The path of a file in the folder.
    func path(_ name: String = "runs.sqlite") -> String {
        folder.appending(path: name).path
    }
}

extension RunRecord {
    static func sample(_ id: RunID = "first", created: Double = 0, fingerprint: String = "same") -> RunRecord {
        RunRecord(
            id: id,
            created: Date(timeIntervalSince1970: 1_700_000_000.125 + created),
            recipe: "prometheus-absolute",
            model: "smollm2",
            fingerprint: ContentHash(of: fingerprint),
            configuration: .object(["samples": .integer(3), "rubric": .null, "path": .string("a/b")]),
            judge: ModelIdentity(model: "smollm2", sha256: ContentHash(of: "weights"), engine: "scripted"),
            inputPath: "items.jsonl",
            items: 100,
            seed: .max
        )
    }
}

extension Judgment {
    static func sample(_ id: ItemID, verdict: Verdict? = nil, rationale: String = "It is fine / good.") -> Judgment {
        let verdict = verdict ?? .scored(label: "4", score: 4, expected: 3.82)
        return Judgment(
            id: id,
            criterion: "helpfulness",
            recipe: "prometheus-absolute",
            verdict: verdict,
            probabilities: ["1": 0.01, "4": 0.8, "5": 0.19],
            rationale: rationale,
            samples: [
                Sample(sample: 0, verdict: verdict, rationale: rationale, text: "\(rationale)\n[RESULT] 4", seed: 7)
            ],
            usage: Usage(prompt: 812, cached: 640, generated: 96),
            judge: ModelIdentity(model: "smollm2", engine: "scripted"),
            seed: 1
        )
    }
}

extension StoredJudgment {
    static func sample(
        _ ordinal: Int,
        criterion: Int = 0,
        verdict: Verdict? = nil,
        rationale: String = "It is fine / good."
    ) throws -> StoredJudgment {
        let judgment = Judgment.sample(
            ItemID(rawValue: "item-\(ordinal)"),
            verdict: verdict,
            rationale: rationale
        )
        return try StoredJudgment(ordinal: ordinal, criterionIndex: criterion, judgment: judgment)
    }
}

extension Answer {
    static func sample(_ text: String) -> Answer {
        Answer(rationale: text, label: "4", text: text, usage: Usage(prompt: 10, generated: 4), finish: .stop)
    }
}

/// The code of the error that `body` throws; `nil` when it throws none or another kind.
func code(_ body: () async throws -> Void) async -> AssizeStoreError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? AssizeStoreError)?.code
    }
}
