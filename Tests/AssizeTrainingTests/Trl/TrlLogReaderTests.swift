import Foundation
import Testing

@testable import AssizeTraining

@Suite struct TrlLogReaderTests {
    private let step = """
        {"step": {"epoch": 0.5, "gradientNorm": 1.5, "loss": 2.25, "rate": 0.001, "rewards": {"chosen": 0.5}, "rows": 4, \
        "seconds": 3, "step": 1, "steps": 2, "tokens": 40, "unsharedTokens": 40}}

        """

    @Test func `a log is followed while it grows, whole lines at a time, from the run's own beginning`() throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("log.jsonl")
        var reader = TrlLogReader(path: path)
        #expect(try reader.next().isEmpty)
        let begin = #"{"begin": {"device": "cpu", "done": 1, "parameters": 9, "processes": 2, "steps": 2}}"#
        var text = step
        func grow(_ more: String) throws -> [TrlLogReader.Entry] {
            text += more
            _ = try scratch.write(Array(text.utf8), to: "log.jsonl")
            return try reader.next()
        }
        #expect(try grow(begin).isEmpty)
        let first = try grow("\n\(step.prefix(20))")
        guard case .beginning(let beginning) = first.first, first.count == 1 else {
            Issue.record("\(first)")
            return
        }
        #expect(beginning == TrlBeginning(steps: 2, done: 1, parameters: 9, device: "cpu", processes: 2))
        let rest = try grow(step.dropFirst(20) + "{\"checkpoint\": {\"step\": 1}}\n")
        #expect(rest.count == 2)
        guard case .step(let record) = rest[0], case .checkpoint(step: 1) = rest[1] else {
            Issue.record("\(rest)")
            return
        }
        #expect(record.loss == 2.25 && record.rewards?.chosen == 0.5 && record.rewards?.margin == nil)
        #expect(try reader.next().isEmpty)
        #expect(throws: AssizeTrainingError.self) { try grow("no JSON\n") }
    }
}
