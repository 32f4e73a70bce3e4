import AssizeCore
import AssizeData
import AssizeJudges
import AssizeRuns
import AssizeScripted
import AssizeStore
import Foundation

/// A folder with an items file and a store, gone with the last reference to it.
final class Workbench: Sendable {
    let folder: String
    let items: String
    let store: RunStore

    init(rows: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "runs-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        items = "\(folder)/items.jsonl"
        try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: items))
        store = try RunStore(path: "\(folder)/store.sqlite")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    static func rows(_ count: Int) -> [String] {
        (0..<count)
            .map { #"{"id": "i\#($0)", "instruction": "Say \#($0).", "response": "\#($0)!", "score": \#($0 % 5 + 1)}"# }
    }

    func configuration(seed: UInt64 = 1, limit: Int? = nil, layout: Recipe.Layout? = nil) throws -> RunConfiguration {
        RunConfiguration(
            input: items,
            inputSHA256: try ContentHash(ofFileAt: items),
            limit: limit,
            fields: [:],
            recipe: "assize-pointwise",
            recipeSHA256: ContentHash(of: "r"),
            rubric: nil,
            judge: ModelIdentity(model: "scripted", engine: "scripted"),
            chatTemplate: nil,
            labelOnly: true,
            samples: 1,
            orders: nil,
            layout: layout,
            sampling: Sampling(),
            maximumTokens: nil,
            overflow: .fail,
            contextTokens: nil,
            seed: seed,
            isDeterministic: true
        )
    }

    func open(name: String? = "run", resumed: Bool = false, seed: UInt64 = 1) async throws -> RunRecord {
        try await open([try configuration(seed: seed)], name: name, resumed: resumed).run
    }

    /// Opens a run that may have any of several configurations; a new one has the first, or what `choose` says.
    func open(
        _ configurations: [RunConfiguration],
        name: String? = "run",
        resumed: Bool = false,
        choose: (() throws -> RunConfiguration)? = nil
    ) async throws -> RunOpening.Opened {
        try await RunOpening(
            store: store,
            configurations: configurations,
            name: name,
            isResumed: resumed,
            items: 1,
            now: Date(timeIntervalSince1970: 1_700_000_000)
        )
        .open(choose: choose ?? { configurations[0] }, note: { _ in })
    }

    func judge(
        _ run: RunID,
        width: Int = 4,
        limit: Int? = nil,
        model: any LanguageModel = ScriptedModel.hashed(),
        isGrouped: Bool = false,
        progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
    ) async throws -> RunProgress {
        let judging = try JudgingSettings(recipe: RecipeLibrary.recipe(named: "assize-pointwise"), labelOnly: true)
            .makeProtocol()
        let items = items
        let byInstruction: @Sendable (Item) -> [Int] = { [$0.instruction.hashValue] }
        let beginnings = isGrouped ? byInstruction : nil
        let run = JudgingRun(id: run, store: store, width: width, beginnings: beginnings) { item in
            try await judging.judge(item, with: model)
        }
        return try await run.run(
            openItems: { try ItemReader(path: items, shape: .single) },
            limit: limit,
            total: 0,
            progress: progress
        )
    }

    func exported(_ run: RunID) async throws -> [String] {
        let path = "\(folder)/out-\(UUID()).jsonl"
        _ = try await JudgmentExport.write(run: run, of: store, to: path)
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}
