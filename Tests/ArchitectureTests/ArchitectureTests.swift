import Foundation
import Testing

struct ArchitectureTests {
    private static func folders() throws -> [String] {
        let sources = SourceFile.packageRoot.appending(path: "Sources")
        return try FileManager.default.contentsOfDirectory(at: sources, includingPropertiesForKeys: [.isDirectoryKey])
            .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
            .map(\.lastPathComponent)
            .sorted()
    }

    @Test func `every room has a row in the table, and every row a room`() throws {
        #expect(try Self.folders() == House.assize.rooms.keys.sorted())
    }

    @Test func `no room imports or does what its row forbids`() throws {
        for folder in try Self.folders() {
            for file in try SourceFile.all(below: "Sources/\(folder)") {
                #expect(House.assize.faults(of: file, in: folder) == [])
            }
        }
    }

    @Test func `the arrows between rooms make no circle`() {
        var open = House.assize.rooms.mapValues(\.rooms)
        while let free = open.first(where: { $0.value.isEmpty })?.key {
            open[free] = nil
            open = open.mapValues { $0.subtracting([free]) }
        }
        #expect(open.isEmpty)
    }

    @Test func `no file is longer than 400 lines`() throws {
        for file in try SourceFile.all(below: "Sources") + SourceFile.all(below: "Tests") {
            #expect(House.faultsOfLength(file) == [])
        }
    }
}

struct ArchitectureCheckerTests {
    private func faults(_ text: String, in room: String) -> [String] {
        House.assize.faults(of: SourceFile(path: "Sources/\(room)/Wrong.swift", text: text), in: room)
    }

    @Test(arguments: [
        ("import GRDB", "GRDB"),
        ("public import GRDB", "GRDB"),
        ("@testable import AssizeStore", "AssizeStore"),
        ("  @preconcurrency internal import struct AssizeStore.RunStore", "AssizeStore"),
        ("@_spi(Testing) import AssizeCore // for tests", "AssizeCore"),
        ("import\tFoundation;", "Foundation"),
    ])
    func `an import line is read in every form`(line: String, module: String) {
        #expect(SourceFile.importedModule(line[...]) == module)
    }

    @Test(arguments: ["// import GRDB", "let important = 1", "importGRDB", "", "/// import it", "func `import`() {}"])
    func `another line is no import`(line: String) {
        #expect(SourceFile(path: "a", text: line).imports.isEmpty)
    }

    @Test func `a wrong import is found where it stands`() {
        let text = """
            internal import AssizeCore

            #if os(Linux)
            internal import GRDB
            #endif
            import FoundationNetworking
            """
        let found = faults(text, in: "AssizeJudges")
        #expect(found.count == 2)
        #expect(found.first == "Sources/AssizeJudges/Wrong.swift:4: AssizeJudges may not import GRDB")
        #expect(found.last?.contains(":6:") == true)
        #expect(faults(text, in: "AssizeStore").count == 1)
        #expect(faults("import AssizeTesting", in: "AssizeCommands").count == 1)
        #expect(faults("import AssizeCore", in: "assize").count == 1)
    }

    @Test func `a room without a row is a fault`() {
        #expect(faults("", in: "AssizeElsewhere").count == 1)
    }

    @Test func `input and output in a pure room are found`() {
        let text = """
            let handle = FileHandle.standardOutput
            let file = fopen("a", "w")
            // FileManager is only talked about here.
            let fingerprint = fingerprint(of: file)
            Swift.print("x")
            debugPrint("x"); print("x")
            """
        #expect(faults(text, in: "AssizeMetrics").count == 4)
        #expect(faults(text, in: "AssizeData").count == 2)
        #expect(faults(text, in: "AssizeCommands").isEmpty)
    }

    @Test func `code within a text is no code`() {
        let fence = String(repeating: "\"", count: 3)
        let text = "let help = \(fence)\n    import GRDB\n    print(1)\n    \(fence)\nimport GRDB\n"
        #expect(faults(text, in: "AssizeData") == ["Sources/AssizeData/Wrong.swift:5: AssizeData may not import GRDB"])
    }

    @Test func `a file of 401 lines is too long`() {
        let text = String(repeating: "// line\n", count: 400)
        #expect(House.faultsOfLength(SourceFile(path: "a", text: text)) == [])
        #expect(House.faultsOfLength(SourceFile(path: "a", text: text + "// more")).count == 1)
    }
}
