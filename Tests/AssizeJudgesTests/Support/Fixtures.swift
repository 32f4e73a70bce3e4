import AssizeCore
import Foundation
import Testing

/// Files beside the tests.
enum Fixtures {
    static func text(_ path: String) throws -> String {
        let url = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/\(path)")
        return String(decoding: try Data(contentsOf: url), as: UTF8.self)
    }

    /// Messages as one readable text.
    static func transcript(_ messages: [Message]) -> String {
        messages.map { "<\($0.role.rawValue)>\n\($0.content)\n" }.joined() + "<end>\n"
    }

    /// Compares with `Fixtures/Prompts/NAME.txt`; `RECORD_SNAPSHOTS=1` writes it anew.
    static func expectSnapshot(
        _ actual: String,
        _ name: String,
        filePath: String = #filePath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            let folder = URL(fileURLWithPath: filePath).deletingLastPathComponent().deletingLastPathComponent()
            try Data(actual.utf8).write(to: folder.appendingPathComponent("Fixtures/Prompts/\(name).txt"))
            return
        }
        let expected = try text("Prompts/\(name).txt")
        // Canonically equal strings may differ in bytes, and a model reads bytes.
        #expect(
            Array(actual.utf8) == Array(expected.utf8),
            "\(difference(actual, expected))",
            sourceLocation: sourceLocation
        )
    }

    private static func difference(_ actual: String, _ expected: String) -> String {
        let pair = (actual.components(separatedBy: "\n"), expected.components(separatedBy: "\n"))
        for (line, (left, right)) in zip(pair.0, pair.1).enumerated() where left != right {
            return "line \(line + 1) is '\(left)', expected '\(right)'"
        }
        return "\(pair.0.count) lines, expected \(pair.1.count)"
    }
}
