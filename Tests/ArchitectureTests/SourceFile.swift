import Foundation

/// A Swift file as the checks see it: its lines, without comments and without what stands in text over several lines.
struct SourceFile {
    /// The path from the package's root.
    let path: String
    /// The number of all its lines.
    let lineCount: Int
    /// Lines of code by their numbers, from 1.
    let code: [(number: Int, text: Substring)]

    /// Opens and closes text over several lines.
    private static let fence = String(repeating: "\"", count: 3)

    init(path: String, text: String) {
        self.path = path
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        lineCount = text.last?.isNewline == true ? lines.count - 1 : lines.count
        var isInText = false
        var code: [(Int, Substring)] = []
        for (index, line) in lines.enumerated() {
            let wasInText = isInText
            if line.components(separatedBy: Self.fence).count % 2 == 0 { isInText.toggle() }
            guard !wasInText, !line.drop(while: \.isWhitespace).hasPrefix("//") else { continue }
            code.append((index + 1, line))
        }
        self.code = code
    }

    /// The modules that it imports, with the lines' numbers.
    var imports: [(number: Int, module: String)] {
        code.compactMap { number, text in Self.importedModule(text).map { (number, $0) } }
    }

    /// The numbers of the lines where `word` begins as a word of its own.
    func lines(calling word: String) -> [Int] {
        code.compactMap { number, text in
            var rest = text
            while let range = rest.range(of: word) {
                if range.lowerBound == text.startIndex { return number }
                let before = text[text.index(before: range.lowerBound)]
                if !before.isLetter, !before.isNumber, before != "_" { return number }
                rest = rest[range.upperBound...]
            }
            return nil
        }
    }

    /// The module of an import line: `import M`, `public import M`, `@testable import M`, `import struct M.Name`.
    static func importedModule(_ line: Substring) -> String? {
        let before: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
        let kinds: Set<String> = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let", "actor"]
        var words = line.split { $0 == " " || $0 == "\t" || $0 == ";" }[...]
        while let word = words.first, word.hasPrefix("@") || before.contains(String(word)) { words.removeFirst() }
        guard words.popFirst() == "import" else { return nil }
        if let word = words.first, kinds.contains(String(word)) { words.removeFirst() }
        return words.first?.split(separator: ".").first.map(String.init)
    }

    /// The folder that holds `Package.swift`.
    static var packageRoot: URL {
        URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// Every Swift file below a folder of the package, by path.
    static func all(below folder: String) throws -> [SourceFile] {
        let base = packageRoot.appending(path: folder)
        guard let names = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return try names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted()
            .map { name in
                let text = try String(contentsOf: base.appending(path: name), encoding: .utf8)
                return SourceFile(path: "\(folder)/\(name)", text: text)
            }
    }
}
