import AssizeCore
import Foundation
import Testing

@testable import AssizeHub

@Suite struct PreparedFolderTests {
    private let engine = "llama.cpp 1"

    private func source(_ content: String = "weights") -> PreparedRecord.Source {
        PreparedRecord.Source(name: "tiny", path: "/models/tiny.gguf", sha256: ContentHash(of: content), size: 7)
    }

    private func record(
        _ source: PreparedRecord.Source,
        _ files: [PreparedRecord.File],
        recommended: String
    ) -> PreparedRecord {
        let measured = PreparedRecord.Measured(
            name: "q8_0",
            size: 3,
            prefill: 100,
            decode: 10,
            decodeTogether: 30,
            rate: 2,
            meanDivergence: 0.01,
            labelAgreement: 1,
            nearAgreement: 1,
            scoreDifference: nil,
            isFiner: false
        )
        return PreparedRecord(
            source: source,
            engine: engine,
            processor: "a processor",
            threads: 2,
            processorShare: 1,
            date: Date(timeIntervalSince1970: 1_700_000_000),
            prompts: 50,
            formats: [measured],
            recommended: recommended,
            files: files
        )
    }

    private func keep(
        _ formats: [String],
        in folder: PreparedFolder,
        source: PreparedRecord.Source,
        recommended: String
    ) async throws -> PreparedFolder.Entry {
        let workshop = try await PreparedWorkshop.open(folder) {}
        for format in formats {
            try Data(format.utf8).write(to: URL(filePath: try workshop.place(for: format, size: 10)))
        }
        return try await workshop.keep(formats, of: source) { record(source, $0, recommended: recommended) }
    }

    @Test func `what was kept is found by the digest of its source`() async throws {
        let home = try TemporaryHome()
        let folder = PreparedFolder(home: home.home)
        let kept = try await keep(["q8_0"], in: folder, source: source(), recommended: "q8_0")
        #expect(folder.list() == [kept])
        let (entry, file) = try await folder.recommended(
            for: source().sha256,
            name: "tiny",
            path: "/models/tiny.gguf",
            engine: engine
        )
        #expect(entry == kept)
        let found = try #require(file)
        #expect(found.sha256 == ContentHash(of: "q8_0"))
        #expect(FileManager.default.contents(atPath: entry.path(of: found)) == Data("q8_0".utf8))
        #expect(FileSystem.names(in: folder.path) == ["tiny-\(source().sha256.hexadecimal.prefix(12))"])
    }

    @Test func `prepared files are not among the models`() async throws {
        let home = try TemporaryHome()
        _ = try await keep(["q8_0"], in: PreparedFolder(home: home.home), source: source(), recommended: "q8_0")
        #expect(ModelFolder(home: home.home).list().isEmpty)
    }

    @Test func `a new preparation takes the place of the old one`() async throws {
        let home = try TemporaryHome()
        let folder = PreparedFolder(home: home.home)
        _ = try await keep(["q8_0", "bf16"], in: folder, source: source(), recommended: "q8_0")
        let kept = try await keep([], in: folder, source: source(), recommended: PreparedRecord.asGiven)
        #expect(FileSystem.names(in: kept.folder) == ["prepared.json"])
        let (_, file) = try await folder.recommended(
            for: source().sha256,
            name: "tiny",
            path: "/models/tiny.gguf",
            engine: engine
        )
        #expect(file == nil)
    }

    @Test func `no record, another source, another engine and a missing file are sentences`() async throws {
        let home = try TemporaryHome()
        let folder = PreparedFolder(home: home.home)
        func message(_ content: String, engine: String) async -> String? {
            let error = await #expect(throws: AssizeHubError.self) {
                try await folder.recommended(
                    for: ContentHash(of: content),
                    name: "tiny",
                    path: "/models/tiny.gguf",
                    engine: engine
                )
            }
            #expect(error?.code == .notPrepared)
            return error?.message
        }
        #expect(await message("weights", engine: engine)?.contains("run 'assize models prepare tiny' first") == true)
        let kept = try await keep(["q8_0"], in: folder, source: source(), recommended: "q8_0")
        #expect(await message("others", engine: engine)?.contains("is not the file that was prepared") == true)
        #expect(await message("weights", engine: "llama.cpp 2")?.contains("llama.cpp 1") == true)
        for file in kept.record.files { FileSystem.remove(kept.path(of: file)) }
        #expect(await message("weights", engine: engine)?.contains("no longer in") == true)
    }

    @Test func `what was not kept is gone with the workshop, and after a crash with the next`() async throws {
        let home = try TemporaryHome()
        let folder = PreparedFolder(home: home.home)
        let left = "\(folder.path)/.making/bf16.gguf"
        do {
            let workshop = try await PreparedWorkshop.open(folder) {}
            try Data([1]).write(to: URL(filePath: try workshop.place(for: "bf16", size: 1)))
            #expect(FileStamp(path: left) != nil)
        }
        #expect(FileSystem.names(in: folder.path).isEmpty)
        try FileSystem.makeFolder("\(folder.path)/.making")
        try Data([1]).write(to: URL(filePath: left))
        let workshop = try await PreparedWorkshop.open(folder) {}
        #expect(FileStamp(path: left) == nil)
        withExtendedLifetime(workshop) {}
    }

    @Test func `too little room is an error before anything is written`() async throws {
        let home = try TemporaryHome()
        let folder = PreparedFolder(home: home.home)
        let workshop = try await PreparedWorkshop.open(folder, waiting: {}, freeBytes: { _ in 1000 })
        let error = #expect(throws: AssizeHubError.self) { try workshop.place(for: "bf16", size: 2000) }
        #expect(error?.code == .diskFull)
        #expect(error?.message.contains("1.0 kB") == true)
    }
}
