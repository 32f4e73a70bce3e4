import AssizeCore
import AssizeRuns
import AssizeStore
import Foundation
import Testing

struct RunAgreementTests {
    private func judgment(_ id: Int, _ verdict: Verdict, gold: GoldLabel?) throws -> StoredJudgment {
        try StoredJudgment(
            ordinal: id,
            criterionIndex: 0,
            judgment: Judgment(
                id: ItemID(rawValue: "i\(id)"),
                criterion: "overall",
                recipe: "r",
                verdict: verdict,
                samples: [],
                usage: Usage(),
                judge: ModelIdentity(model: "m", engine: "e"),
                seed: 1,
                gold: gold
            )
        )
    }

    @Test func `figures come from verdicts with labels, and failures are counted apart`() async throws {
        let bench = try Workbench(rows: Workbench.rows(1))
        let run = try await bench.open()
        try await bench.store.append(
            [
                judgment(0, .scored(label: "1", score: 1, expected: 1), gold: .score(2)),
                judgment(1, .scored(label: "2", score: 2, expected: 2), gold: .score(4)),
                judgment(2, .scored(label: "3", score: 3, expected: 3), gold: .score(6)),
                judgment(3, .scored(label: "9", score: 9, expected: 9), gold: nil),
                judgment(4, .failed(.unparsed, raw: ""), gold: .score(1)),
                judgment(5, .preferred(choice: .a, probability: 0.9, consistent: true), gold: .choice(.a)),
                judgment(6, .preferred(choice: .b, probability: 0.6, consistent: false), gold: .choice(.a)),
                judgment(7, .preferred(choice: .tie, probability: 0.6, consistent: true), gold: .choice(.tie)),
            ],
            to: run.id
        )
        let agreement = try await RunAgreement(run: run.id, of: bench.store, seed: 1)
        #expect(agreement.scored == 3)
        #expect(abs((agreement.pearson?.value ?? 0) - 1) < 1e-12)
        #expect(agreement.compared == 3)
        #expect(abs((agreement.accuracy?.value ?? 0) - 2.0 / 3) < 1e-12)
        #expect(agreement.accuracyWithoutTies?.value == 0.5)
        #expect(agreement.comparedWithoutTies == 2)
        #expect(abs((agreement.orderConsistency?.value ?? 0) - 2.0 / 3) < 1e-12)
        #expect(agreement.failed == 1)
        #expect(agreement.judgments == 8)
    }
}
