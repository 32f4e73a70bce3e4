import AssizeCore
import Foundation
import Testing

@testable import AssizeHub

@Suite struct ModelFolderTests {
    @Test(arguments: [
        (["ASSIZE_HOME": "/a", "XDG_DATA_HOME": "/x", "HOME": "/h"], "/a"),
        (["XDG_DATA_HOME": "/x", "HOME": "/h"], "/x/assize"),
        (["XDG_DATA_HOME": "x", "HOME": "/h"], "/h/.local/share/assize"),
        (["ASSIZE_HOME": "", "HOME": "/h"], "/h/.local/share/assize"),
    ])
    func `the home comes from the environment`(_ environment: [String: String], _ path: String) {
        let home = AssizeHome(environment: environment)
        #expect(home.path == path)
        #expect(home.models == "\(path)/models")
        #expect(home.store == "\(path)/assize.sqlite")
    }

    @Test func `models are listed with and without a record, and unfinished ones are not`() throws {
        let home = try TemporaryHome()
        let record = ModelRecord(
            sha256: ContentHash(of: "x"),
            size: 3,
            source: "hub a",
            pulled: Date(timeIntervalSince1970: 1_700_000_000),
            verification: .hub
        )
        let path = try home.put([1, 2, 3], as: "hf/a/b/m.gguf")
        try FileSystem.write(record, to: "\(path).json")
        try home.put([1], as: "mine.gguf")
        try home.put([1], as: "other.gguf.part")
        let models = ModelFolder(home: home.home).list()
        #expect(models.map(\.file) == ["hf/a/b/m.gguf", "mine.gguf"])
        #expect(models.map(\.record) == [record, nil])
        let text = String(decoding: try #require(home.bytes("hf/a/b/m.gguf.json")), as: UTF8.self)
        #expect(text.contains("\"pulled\" : \"2023-11-14T22:13:20Z\""))
    }

    @Test func `a model counts as here only with its record, its length and its digest`() throws {
        let home = try TemporaryHome()
        let folder = ModelFolder(home: home.home)
        let content = sample(10)
        let wanted = entry(content)
        let path = try home.put(content, as: wanted.file)
        #expect(folder.info(of: wanted) == nil)
        func write(_ hash: ContentHash, _ size: Int) throws {
            let record = ModelRecord(sha256: hash, size: size, source: "", pulled: Date(), verification: .catalogue)
            try FileSystem.write(record, to: "\(path).json")
        }
        try write(ContentHash(of: content), 10)
        #expect(folder.info(of: wanted)?.path == path)
        try write(ContentHash(of: content), 11)
        #expect(folder.info(of: wanted) == nil)
        try write(ContentHash(of: "another"), 10)
        #expect(folder.info(of: wanted) == nil)
    }

    @Test func `a digest is remembered until the file changes`() async throws {
        let home = try TemporaryHome()
        let hashes = FileHashes(home: home.home)
        let path = try home.put([1, 2, 3], as: "m.gguf")
        #expect(try await hashes.hash(of: path) == ContentHash(of: [1, 2, 3]))
        hashes.remember(ContentHash(of: "remembered"), of: path)
        #expect(try await hashes.hash(of: path) == ContentHash(of: "remembered"))
        try home.put([1, 2, 4], as: "m.gguf")
        #expect(try await hashes.hash(of: path) == ContentHash(of: [1, 2, 4]))
    }

    @Test func `a broken file of digests counts as empty and is written anew`() async throws {
        let home = try TemporaryHome()
        let hashes = FileHashes(home: home.home)
        try Data("{\"a\": tru".utf8).write(to: URL(filePath: home.home.hashes))
        let path = try home.put([9], as: "m.gguf")
        #expect(try await hashes.hash(of: path) == ContentHash(of: [9]))
        let kept = FileManager.default.contents(atPath: home.home.hashes)
        #expect(kept.map { String(decoding: $0, as: UTF8.self).contains(path) } == true)
        #expect(FileSystem.names(in: home.home.path).sorted() == ["hashes.json", "models"])
    }

    @Test func `hashing at the same time keeps the file whole`() async throws {
        let home = try TemporaryHome()
        let hashes = FileHashes(home: home.home)
        let paths = try (0..<20).map { try home.put([UInt8($0)], as: "m\($0).gguf") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, path) in paths.enumerated() {
                group.addTask {
                    let hash = try await hashes.hash(of: path)
                    #expect(hash == ContentHash(of: [UInt8(index)]))
                }
            }
            try await group.waitForAll()
        }
        let data = try #require(FileManager.default.contents(atPath: home.home.hashes))
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: data) }
    }

    @Test func `a file that is not there has no digest`() async throws {
        let home = try TemporaryHome()
        await #expect(throws: AssizeHubError.self) { try await FileHashes(home: home.home).hash(of: "/nowhere/m.gguf") }
    }
}
