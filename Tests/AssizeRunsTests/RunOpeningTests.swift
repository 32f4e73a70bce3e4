import AssizeCore
import AssizeJudges
import AssizeRuns
import AssizeStore
import Foundation
import Testing

struct RunOpeningTests {
    @Test func `a name that is taken needs --resume`() async throws {
        let bench = try Workbench(rows: Workbench.rows(2))
        _ = try await bench.open()
        let error = await #expect(throws: AssizeRunsError.self) { try await bench.open() }
        #expect(error?.code == .notResumable)
        #expect(error?.message.contains("--resume") == true)
        #expect(try await bench.open(resumed: true).id == "run")
    }

    @Test func `other settings are named when a run can't be gone on with`() async throws {
        let bench = try Workbench(rows: Workbench.rows(2))
        _ = try await bench.open(seed: 1)
        let error = await #expect(throws: AssizeRunsError.self) { try await bench.open(resumed: true, seed: 2) }
        #expect(error?.message.contains("(seed)") == true)
    }

    @Test func `without a name the last unfinished run of the same configuration is found`() async throws {
        let bench = try Workbench(rows: Workbench.rows(2))
        let first = try await bench.open(name: nil)
        #expect(first.id.rawValue.hasPrefix("assize-pointwise-20231114-"))
        let other = try await bench.open(name: nil, seed: 9)
        #expect(other.id != first.id)
        #expect(try await bench.open(name: nil, resumed: true).id == first.id)
        try await bench.store.setState(.finished, of: first.id, finished: Date())
        // A finished one is found too: there is nothing left to do, and nothing is done twice.
        #expect(try await bench.open(name: nil, resumed: true).id == first.id)
    }

    @Test func `a changed items file is another run`() async throws {
        let bench = try Workbench(rows: Workbench.rows(2))
        let first = try await bench.open(name: nil)
        try Data("{\"id\": \"z\", \"instruction\": \"\", \"response\": \"\"}\n".utf8)
            .write(to: URL(fileURLWithPath: bench.items))
        #expect(try await bench.open(name: nil, resumed: true).id != first.id)
    }

    @Test func `the fingerprint leaves out where the file lies`() throws {
        let bench = try Workbench(rows: Workbench.rows(2))
        var configuration = try bench.configuration()
        let before = try configuration.fingerprint()
        configuration.input = "/elsewhere.jsonl"
        #expect(try configuration.fingerprint() == before)
        configuration.samples = 2
        #expect(try configuration.fingerprint() != before)
    }

    @Test(arguments: ["run", nil])
    func `a run is gone on with in the layout it began with, and the layout is not chosen anew`(name: String?)
        async throws
    {
        let bench = try Workbench(rows: Workbench.rows(2))
        let layouts = try Recipe.Layout.allCases.map { try bench.configuration(layout: $0) }
        let first = try await bench.open(layouts, name: name) { layouts[1] }
        #expect(first.configuration.layout == .rubricFirst)
        let again = try await bench.open(layouts, name: name, resumed: true) {
            Issue.record("a found run's layout was chosen again")
            return layouts[0]
        }
        #expect(again.run.id == first.run.id)
        #expect(again.configuration.layout == .rubricFirst)
        // Asked for by name, it is found too; the other layout is another run.
        #expect(try await bench.open([layouts[1]], name: name, resumed: true).run.id == first.run.id)
        if name == nil {
            #expect(try await bench.open([layouts[0]], name: name, resumed: true).run.id != first.run.id)
        } else {
            let error = await #expect(throws: AssizeRunsError.self) {
                try await bench.open([layouts[0]], name: name, resumed: true)
            }
            #expect(error?.message.contains("(layout)") == true)
        }
    }

    @Test func `of what differs, a layout that was never asked for is not named`() async throws {
        let bench = try Workbench(rows: Workbench.rows(2))
        _ = try await bench.open([try bench.configuration(layout: .rubricFirst)])
        let others = try Recipe.Layout.allCases.map { try bench.configuration(seed: 2, layout: $0) }
        let error = await #expect(throws: AssizeRunsError.self) { try await bench.open(others, resumed: true) }
        #expect(error?.message.contains("(seed)") == true, "\(error?.message ?? "")")
    }

    @Test func `a pinned prompt leaves no layout in the record`() throws {
        let bench = try Workbench(rows: Workbench.rows(2))
        let pinned = try bench.configuration()
        #expect(try pinned.json().objectValue?["layout"] == nil)
        let laidOut = try bench.configuration(layout: .rubricFirst)
        #expect(try laidOut.json().objectValue?["layout"] == .string("rubric_first"))
        #expect(try laidOut.fingerprint() != pinned.fingerprint())
        #expect(try laidOut.fingerprint() != bench.configuration(layout: .itemFirst).fingerprint())
    }
}
