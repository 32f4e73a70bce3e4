import AssizeCore
import FlyingFox
import Foundation
import Testing

@testable import AssizeHub

@Suite(.timeLimit(.minutes(15))) struct ResumeTests {
    private let content = sample(400_000)

    @Test func `after a broken connection only the rest is asked for`() async throws {
        let content = content
        let gate = Gate()
        try await StandInHub.run({ hub, request in
            hub.file(content, for: request, end: request.headers[.range] == nil ? .cut(after: 200_000, gate) : .whole)
        }) { hub in
            let home = try TemporaryHome()
            let clock = RecordingClock()
            let log = ProgressLog()
            _ = try await ModelDownloader(home, hub: hub, clock: clock)
                .pull(entry(content)) {
                    log.add($0)
                    if $0.bytesDone >= 100_000 { gate.open() }
                }
            #expect(home.bytes("small.gguf") == content)
            #expect(hub.requests.count == 2)
            #expect(hub.requests.first?.headers[.range] == nil)
            let offset = try #require(hub.requests.last?.rangeStart)
            #expect((100_000...200_000).contains(offset))
            #expect(hub.served == 200_000 + 400_000 - offset)
            #expect(hub.requests.last?.headers[HTTPHeader("If-Range")] == "\"v1\"")
            #expect(clock.pauses == [.seconds(1)])
            #expect(log.stages.contains { if case .retrying(.seconds(1), _) = $0 { true } else { false } })
        }
    }

    @Test func `a server that ignores ranges makes it begin anew`() async throws {
        let content = content
        let gate = Gate()
        try await StandInHub.run({ hub, request in
            let end: StandInHub.End = hub.requests.count == 1 ? .cut(after: 200_000, gate) : .whole
            return HTTPResponse(statusCode: .ok, headers: [.eTag: "\"v1\""], body: hub.body(content, end))
        }) { hub in
            let home = try TemporaryHome()
            _ = try await ModelDownloader(home, hub: hub)
                .pull(entry(content)) {
                    if $0.bytesDone >= 100_000 { gate.open() }
                }
            #expect(home.bytes("small.gguf") == content)
            #expect(hub.requests.last?.rangeStart != nil)
            #expect(hub.served == 600_000)
        }
    }

    @Test(arguments: [true, false])
    func `a changed tag makes it begin anew, even if the server does not look at If-Range`(_ polite: Bool) async throws
    {
        let old = sample(400_000, seed: 9)
        let content = content
        let gate = Gate()
        try await StandInHub.run({ hub, request in
            guard hub.requests.count > 1 else { return hub.file(old, for: request, end: .cut(after: 100_000, gate)) }
            var request = request
            if !polite { request.headers[HTTPHeader("If-Range")] = nil }
            return hub.file(content, for: request, etag: "\"v2\"")
        }) { hub in
            let home = try TemporaryHome()
            _ = try await ModelDownloader(home, hub: hub)
                .pull(entry(content)) {
                    if $0.bytesDone >= 50_000 { gate.open() }
                }
            #expect(home.bytes("small.gguf") == content)
            #expect(hub.requests.map { $0.rangeStart != nil } == (polite ? [false, true] : [false, true, false]))
        }
    }

    @Test func `cancelling keeps the part, and the next pull goes on from it`() async throws {
        let content = content
        let never = Gate()
        try await StandInHub.run({ hub, request in
            hub.file(content, for: request, end: request.headers[.range] == nil ? .cut(after: 150_000, never) : .whole)
        }) { hub in
            let home = try TemporaryHome()
            let downloader = ModelDownloader(home, hub: hub)
            let arrived = Gate()
            let pull = Task {
                try await downloader.pull(entry(content)) { if $0.bytesDone >= 100_000 { arrived.open() } }
            }
            await arrived.pass()
            pull.cancel()
            await #expect(throws: CancellationError.self) { try await pull.value }
            #expect(home.names == ["small.gguf.part", "small.gguf.part.json"])
            let kept = try #require(home.bytes("small.gguf.part")?.count)
            #expect(kept >= 100_000)
            _ = try await downloader.pull(entry(content))
            #expect(home.bytes("small.gguf") == content)
            #expect(hub.requests.last?.rangeStart == kept)
            #expect(hub.served == 150_000 + 400_000 - kept)
        }
    }

    @Test func `a part that is whole already is only verified`() async throws {
        let content = content
        try await StandInHub.run({ hub, request in hub.file(content, for: request) }) { hub in
            let home = try TemporaryHome()
            let part = try home.put(content, as: "small.gguf.part")
            let source = try #require(entry(content).sources.first)
            try PartState(source: source.description, etag: "\"v1\"").save(for: part)
            _ = try await ModelDownloader(home, hub: hub).pull(entry(content))
            #expect(home.bytes("small.gguf") == content)
            #expect(hub.served == 0)
        }
    }

    @Test func `a part of unknown origin is not built upon`() async throws {
        let content = content
        try await StandInHub.run({ hub, request in hub.file(content, for: request) }) { hub in
            let home = try TemporaryHome()
            try home.put([1, 2, 3], as: "small.gguf.part")
            _ = try await ModelDownloader(home, hub: hub).pull(entry(content))
            #expect(home.bytes("small.gguf") == content)
            #expect(hub.requests.map { $0.headers[.range] } == [nil])
        }
    }

    @Test func `a second pull waits for the first and finds it done`() async throws {
        let content = content
        try await StandInHub.run({ hub, request in hub.file(content, for: request) }) { hub in
            let home = try TemporaryHome()
            let downloader = ModelDownloader(home, hub: hub)
            try FileSystem.makeFolder(home.home.models)
            let path = downloader.folder.path(of: entry(content)) + ".lock"
            var lock: PullLock? = try await PullLock.acquire(path, clock: RecordingClock()) {}
            #expect(lock != nil)
            let waiting = Gate()
            let second = Task {
                try await downloader.pull(entry(content)) { if $0.stage == .waitingForOtherPull { waiting.open() } }
            }
            await waiting.pass()
            #expect(hub.requests.isEmpty)
            lock = nil
            _ = try await second.value
            #expect(home.names == ["small.gguf", "small.gguf.json"])
        }
    }

    @Test func `pulls at the same time fetch the file once`() async throws {
        let content = content
        try await StandInHub.run({ hub, request in hub.file(content, for: request) }) { hub in
            let home = try TemporaryHome()
            let downloader = ModelDownloader(home, hub: hub)
            try await withThrowingTaskGroup(of: StoredModel.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await downloader.pull(entry(content)) }
                }
                for try await model in group {
                    #expect(model.record?.sha256 == ContentHash(of: content))
                }
            }
            #expect(hub.served == 400_000)
            #expect(home.names == ["small.gguf", "small.gguf.json"])
        }
    }
}

extension HTTPRequest {
    /// Where the range begins that is asked for; `nil` when all is.
    fileprivate var rangeStart: Int? {
        headers[.range].flatMap { Int($0.dropFirst(6).dropLast()) }
    }
}
