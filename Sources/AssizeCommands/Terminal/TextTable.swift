/// Rows of text in columns; the last column is wrapped to the terminal's width.
struct TextTable {
    private let header: [String]
    private var rows: [[String]] = []

    init(_ header: [String]) {
        self.header = header
    }

    mutating func append(_ row: [String]) {
        precondition(row.count == header.count, "a cell for every column")
        rows.append(row.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") })
    }

    var isEmpty: Bool { rows.isEmpty }

    /// The lines of the table, none wider than `width` columns unless the narrow columns alone are.
    func lines(width: Int, bold: (String) -> String = { $0 }) -> [String] {
        let narrow = header.indices.dropLast()
            .map { column in
                rows.reduce(TextTable.columns(header[column])) { max($0, TextTable.columns($1[column])) }
            }
        let used = narrow.reduce(0) { $0 + $1 + 2 }
        let last = max(24, width - used)
        func line(_ cells: [String], style: (String) -> String) -> [String] {
            let wrapped = TextTable.wrap(cells.last ?? "", width: last)
            return wrapped.enumerated()
                .map { index, text in
                    var start = ""
                    for (column, size) in narrow.enumerated() {
                        let cell = index == 0 ? cells[column] : ""
                        start += cell + String(repeating: " ", count: size - TextTable.columns(cell) + 2)
                    }
                    return style(TextTable.trimmingEnd(start + text))
                }
        }
        return line(header, style: bold) + rows.flatMap { line($0, style: { $0 }) }
    }

    /// Breaks text at spaces into lines of at most `width` columns; a longer word is cut.
    static func wrap(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in text.split(separator: " ") {
            var rest = word[...]
            while true {
                let size = columns(String(rest))
                if used + (used > 0 ? 1 : 0) + size <= width {
                    line += (used > 0 ? " " : "") + rest
                    used += (used > 0 ? 1 : 0) + size
                    break
                }
                if used > 0 {
                    lines.append(line)
                    (line, used) = ("", 0)
                } else {
                    var head = rest.prefix(width)
                    while columns(String(head)) > width, head.count > 1 { head.removeLast() }
                    lines.append(String(head))
                    rest = rest.dropFirst(head.count)
                    if rest.isEmpty { break }
                }
            }
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line) }
        return lines
    }

    /// The columns that text takes: two for East Asian wide characters and emoji, one for the rest.
    static func columns(_ text: String) -> Int {
        text.reduce(0) { sum, character in
            guard let scalar = character.unicodeScalars.first else { return sum }
            let wide =
                scalar.properties.isEmojiPresentation || (0x1100...0x115F).contains(scalar.value)
                || (0x2E80...0xA4CF).contains(scalar.value) || (0xAC00...0xD7A3).contains(scalar.value)
                || (0xF900...0xFAFF).contains(scalar.value) || (0xFE30...0xFE6F).contains(scalar.value)
                || (0xFF00...0xFF60).contains(scalar.value) || (0x20000...0x3FFFD).contains(scalar.value)
            return sum + (wide ? 2 : 1)
        }
    }

    private static func trimmingEnd(_ text: String) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }
}
