import AssizeCore
import AssizeData
import AssizeJudges
import AssizeRuns
import AssizeScripted
import AssizeStore
import Foundation
import Synchronization
import Testing

struct JudgingRunTests {
    @Test func `every item is judged once, in the order of the file`() async throws {
        let bench = try Workbench(rows: Workbench.rows(300))
        let run = try await bench.open()
        let progress = try await bench.judge(run.id, width: 16)
        #expect(progress.done == 300)
        #expect(progress.failed == 0)
        let rows = try await bench.exported(run.id)
        let ids = try rows.map { try JudgmentCoding.decode($0).id.rawValue }
        #expect(ids == (0..<300).map { "i\($0)" })
    }

    @Test func `a run cut off at any item goes on without repeating or losing one`() async throws {
        let whole = try Workbench(rows: Workbench.rows(120))
        let wholeRun = try await whole.open()
        _ = try await whole.judge(wholeRun.id)
        let expected = try await whole.exported(wholeRun.id)

        for cut in [1, 17, 64] {
            let bench = try Workbench(rows: Workbench.rows(120))
            let run = try await bench.open()
            let asked = Mutex<[String: Int]>([:])
            let counted = ScriptedModel(name: "scripted:hash") { (ask) throws(LanguageModelError) in
                asked.withLock { $0[ask.messages.last?.content ?? "", default: 0] += 1 }
                return try await ScriptedModel.hashed().answer(ask)
            }
            let handle = Mutex<Task<Void, Never>?>(nil)
            let task = Task {
                _ = try? await bench.judge(run.id, model: counted) { progress in
                    if progress.done == cut { handle.withLock { $0?.cancel() } }
                }
            }
            handle.withLock { $0 = task }
            await task.value
            let stored = try await bench.store.judgedItems(of: run.id)
            #expect(stored >= 1)
            let resumed = try await bench.open(resumed: true)
            #expect(resumed.id == run.id)
            let progress = try await bench.judge(run.id, model: counted)
            #expect(progress.resumed == stored)
            #expect(try await bench.exported(run.id) == expected)
            // Items in flight at the cut may be asked again; a stored one never is.
            let repeated = asked.withLock { $0.values.filter { $0 > 1 }.count }
            #expect(repeated <= 4)
        }
    }

    @Test func `broken rows are recorded and the rest goes on`() async throws {
        var rows = Workbench.rows(5)
        rows.insert("{not json", at: 2)
        rows.append(#"{"id": "x", "instruction": "no response"}"#)
        let bench = try Workbench(rows: rows)
        let run = try await bench.open()
        let progress = try await bench.judge(run.id)
        #expect(progress.done == 5)
        #expect(progress.broken == 2)
        let broken = try await bench.store.brokenRows(of: run.id)
        #expect(broken.map(\.line) == [3, 7])
    }

    @Test func `a failing model leaves failures behind, never scores`() async throws {
        let bench = try Workbench(rows: Workbench.rows(6))
        let run = try await bench.open()
        let model = ScriptedModel { (ask) throws(LanguageModelError) in
            if ask.messages.contains(where: { $0.content.contains("Say 3.") }) {
                throw LanguageModelError(code: .transport, message: "the line is dead")
            }
            return try await ScriptedModel.hashed().answer(ask)
        }
        let progress = try await bench.judge(run.id, model: model)
        #expect(progress.failed == 1)
        let failed = try await bench.exported(run.id).map { try JudgmentCoding.decode($0) }.filter(\.verdict.isFailure)
        #expect(failed.map(\.id) == ["i3"])
        guard case .failed(.transport, let raw)? = failed.first?.verdict else {
            Issue.record("the verdict is \(String(describing: failed.first?.verdict))")
            return
        }
        #expect(raw.contains("the line is dead"))

        // Asked for again on a model that works, it is judged.
        #expect(try await bench.store.removeFailures(of: run.id) == 1)
        let second = try await bench.judge(run.id)
        #expect(second.resumed == 5)
        #expect(try await bench.store.judgmentCountsByKind(of: run.id)[.failed] == nil)
    }

    @Test func `an item of several criteria with one failure is judged again as a whole`() async throws {
        let bench = try Workbench(rows: Workbench.rows(3))
        let run = try await bench.open()
        let criteria = ["one", "two"].map { Criterion(name: $0, text: "Is it \($0)?", scale: .yesNo) }
        let settings = try JudgingSettings(
            recipe: RecipeLibrary.recipe(named: "assize-pointwise"),
            rubric: Rubric(criteria: criteria),
            labelOnly: true
        )
        let judging = try settings.makeProtocol()
        let items = bench.items
        func judge(with model: any LanguageModel) async throws -> RunProgress {
            try await JudgingRun(id: run.id, store: bench.store, width: 2) { try await judging.judge($0, with: model) }
                .run(openItems: { try ItemReader(path: items, shape: .single) }, limit: nil, total: 3) { _ in }
        }
        let flaky = ScriptedModel { (ask) throws(LanguageModelError) in
            let text = ask.messages.last?.content ?? ""
            if text.contains("Say 1."), text.contains("Is it two?") {
                throw LanguageModelError(code: .transport, message: "the line is dead")
            }
            return try await ScriptedModel.hashed().answer(ask)
        }
        #expect(try await judge(with: flaky).failed == 1)
        #expect(try await bench.store.removeFailures(of: run.id) == 2)
        #expect(try await judge(with: ScriptedModel.hashed()).resumed == 2)
        #expect(try await bench.store.judgmentCount(of: run.id) == 6)
        #expect(try await bench.store.judgmentCountsByKind(of: run.id)[.failed] == nil)
    }

    @Test func `no more than the width is in flight`() async throws {
        let bench = try Workbench(rows: Workbench.rows(60))
        let run = try await bench.open()
        let flight = Mutex((now: 0, most: 0))
        let model = ScriptedModel { (ask) throws(LanguageModelError) in
            flight.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            await Task.yield()
            defer { flight.withLock { $0.now -= 1 } }
            return try await ScriptedModel.hashed().answer(ask)
        }
        _ = try await bench.judge(run.id, width: 3, model: model)
        #expect(flight.withLock { $0.most } <= 3)
    }

    @Test func `a limit takes the first items`() async throws {
        let bench = try Workbench(rows: Workbench.rows(20))
        let run = try await bench.open()
        let progress = try await bench.judge(run.id, limit: 7)
        #expect(progress.done == 7)
        #expect(try await bench.exported(run.id).count == 7)
    }

    /// Rows of three instructions in turn.
    private func mixedRows(_ count: Int) -> [String] {
        (0..<count).map { #"{"id": "i\#($0)", "instruction": "Say \#($0 % 3).", "response": "\#($0)!"}"# }
    }

    @Test func `items that begin alike are judged one after another, and written in the order of the file`()
        async throws
    {
        let bench = try Workbench(rows: mixedRows(30))
        let run = try await bench.open()
        let asked = Mutex<[String]>([])
        let model = ScriptedModel { (ask) throws(LanguageModelError) in
            let text = ask.messages.last?.content ?? ""
            asked.withLock { $0.append(String(text.firstMatch(of: /Say (\d)/)?.1 ?? "")) }
            return try await ScriptedModel.hashed().answer(ask)
        }
        _ = try await bench.judge(run.id, width: 1, model: model, isGrouped: true)
        #expect(asked.withLock { $0 } == ["0", "1", "2"].flatMap { Array(repeating: $0, count: 10) })
        let ids = try await bench.exported(run.id).map { try JudgmentCoding.decode($0).id.rawValue }
        #expect(ids == (0..<30).map { "i\($0)" })
    }

    @Test func `grouped or not, a run has the same judgments, whatever is broken, limited or cut off`() async throws {
        var rows = mixedRows(700)
        rows.insert("{not json", at: 300)
        let plain = try Workbench(rows: rows)
        let plainRun = try await plain.open()
        let plainProgress = try await plain.judge(plainRun.id, limit: 600)
        let expected = try await plain.exported(plainRun.id)
        #expect(expected.count == 600)

        let grouped = try Workbench(rows: rows)
        let run = try await grouped.open()
        let handle = Mutex<Task<Void, Never>?>(nil)
        let task = Task {
            _ = try? await grouped.judge(run.id, limit: 600, isGrouped: true) { progress in
                if progress.done == 290 { handle.withLock { $0?.cancel() } }
            }
        }
        handle.withLock { $0 = task }
        await task.value
        let stored = try await grouped.store.judgedItems(of: run.id)
        let progress = try await grouped.judge(run.id, limit: 600, isGrouped: true)
        #expect(progress.resumed == stored)
        #expect(progress.done == 600)
        #expect(progress.broken == plainProgress.broken)
        #expect(try await grouped.exported(run.id) == expected)
        #expect(try await grouped.store.brokenRows(of: run.id).map(\.line) == [301])
    }
}
