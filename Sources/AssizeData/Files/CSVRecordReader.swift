internal import AssizeCore

/// The records of a CSV file (RFC 4180) one at a time, in memory that depends on the longest record only.
///
/// The first record that isn't blank is the header. Quoted fields may hold delimiters, line ends and doubled quotes; a
/// quote inside an unquoted field is taken as it stands. Takes `\r\n` and `\n`, a UTF-8 byte order mark and a last
/// record without an end; blank lines are counted and not returned. After a quote that is never closed the rest of the
/// file belongs to that one broken record. Not `Sendable`: one reader owns it.
package final class CSVRecordReader {
    /// One record.
    package struct Record: Sendable, Hashable {
        /// The line it starts on, counted from 1.
        package let line: Int
        /// As many fields as the header has, or what is wrong.
        package let fields: Result<[String], RowFault>
    }

    private enum State {
        case fieldStart, unquoted, quoted, closed, closedReturn, skipping
    }

    /// The names of the columns; one without a name is called `column_N`.
    package private(set) var header: [String] = []

    private let path: String
    private let file: FileBytes
    private let delimiter: UInt8
    private let maximumLength: Int
    private let blockSize: Int
    private var block: [UInt8] = []
    private var position = 0
    private var line = 1

    /// Opens a file and reads its header.
    ///
    /// - Throws: ``AssizeDataError`` when it can't be read, is empty, or has a header that can't be used.
    package init(
        path: String,
        delimiter: UInt8 = UInt8(ascii: ","),
        maximumLength: Int = LineReader.maximumLength,
        blockSize: Int = 1 << 18
    ) throws(AssizeDataError) {
        do {
            file = try FileBytes(path: path)
        } catch {
            throw AssizeDataError(code: .unreadableFile, message: error.message)
        }
        self.path = path
        self.delimiter = delimiter
        self.maximumLength = maximumLength
        self.blockSize = blockSize
        while block.count < 3, let more = try nextBlock() {
            block += more
        }
        if block.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
        }
        try readHeader()
    }

    /// The next record; `nil` at the end.
    ///
    /// - Throws: ``AssizeDataError`` when the file can't be read.
    package func next() throws(AssizeDataError) -> Record? {
        guard let record = try nextRecord() else { return nil }
        if case .success(let fields) = record.fields, fields.count != header.count {
            let fault = RowFault(
                "has \(fields.count) field\(fields.count == 1 ? "" : "s") where the header has \(header.count)"
            )
            return Record(line: record.line, fields: .failure(fault))
        }
        return record
    }

    private func readHeader() throws(AssizeDataError) {
        guard let record = try nextRecord() else {
            throw AssizeDataError(
                code: .emptyFile,
                message: "\(path) is empty; it needs a header with the names of its columns, and rows"
            )
        }
        switch record.fields {
        case .failure(let fault):
            throw AssizeDataError(code: .invalidHeader, message: "the header of \(path) \(fault.reason)")
        case .success(let names):
            header = names.enumerated()
                .map { index, name in
                    let trimmed = name.trimmed
                    return trimmed.isEmpty ? "column_\(index + 1)" : trimmed
                }
            var seen: Set<String> = []
            if let twice = header.first(where: { !seen.insert($0).inserted }) {
                throw AssizeDataError(
                    code: .invalidHeader,
                    message: "the header of \(path) has the column '\(twice)' twice; give each column its own name"
                )
            }
        }
    }

    private func nextRecord() throws(AssizeDataError) -> Record? {
        while true {
            let first = line
            guard let fields = try parseRecord() else { return nil }
            if case .success(let values) = fields, values.isEmpty { continue }
            return Record(line: first, fields: fields)
        }
    }

    /// One record; no fields at all for a blank line.
    private func parseRecord() throws(AssizeDataError) -> Result<[String], RowFault>? {
        var builder = RecordBuilder(maximumLength: maximumLength)
        var state = State.fieldStart
        var quoteLine = line
        while true {
            if position == block.count {
                guard try refill() else {
                    if state == .fieldStart, builder.isUntouched { return nil }
                    if state == .quoted {
                        builder.fail("opens a quote on line \(quoteLine) that is never closed")
                    }
                    return builder.finish(quoted: state == .closed || state == .closedReturn)
                }
            }
            let byte = block[position]
            if byte == UInt8(ascii: "\n") { line += 1 }
            switch state {
            case .fieldStart where byte == UInt8(ascii: "\""):
                quoteLine = line
                builder.sawQuote()
                state = .quoted
            case .fieldStart, .unquoted:
                switch byte {
                case UInt8(ascii: "\n"):
                    position += 1
                    return builder.finish(quoted: false)
                case delimiter:
                    builder.endField()
                    state = .fieldStart
                default:
                    takeRun(into: &builder, until: delimiter, or: UInt8(ascii: "\n"))
                    state = .unquoted
                    continue
                }
            case .quoted where byte == UInt8(ascii: "\""):
                state = .closed
            case .quoted where byte == UInt8(ascii: "\n"):
                builder.append(block[position...position])
            case .quoted:
                takeRun(into: &builder, until: UInt8(ascii: "\""), or: UInt8(ascii: "\n"))
                continue
            case .closed where byte == UInt8(ascii: "\""):
                builder.append(block[position...position])
                state = .quoted
            case .closed where byte == delimiter:
                builder.endField()
                state = .fieldStart
            case .closed where byte == UInt8(ascii: "\r"):
                state = .closedReturn
            case .closed where byte == UInt8(ascii: "\n"), .closedReturn where byte == UInt8(ascii: "\n"):
                position += 1
                return builder.finish(quoted: true)
            case .closed, .closedReturn:
                builder.fail("has text after a closing quote on line \(line); double the quotes inside a quoted field")
                state = .skipping
            case .skipping:
                if byte == UInt8(ascii: "\n") {
                    position += 1
                    return builder.finish(quoted: true)
                }
            }
            position += 1
        }
    }

    /// Appends all bytes of the block from here up to the first that is one of these two.
    private func takeRun(into builder: inout RecordBuilder, until first: UInt8, or second: UInt8) {
        // A local copy: the class's own property would be checked for exclusive access at every byte.
        let block = block
        var end = position + 1
        while end < block.count, block[end] != first, block[end] != second {
            end += 1
        }
        builder.append(block[position..<end])
        position = end
    }

    private func refill() throws(AssizeDataError) -> Bool {
        guard let next = try nextBlock() else { return false }
        block = next
        position = 0
        return true
    }

    private func nextBlock() throws(AssizeDataError) -> [UInt8]? {
        do {
            return try file.next(upTo: blockSize)
        } catch {
            throw AssizeDataError(code: .unreadableFile, message: error.message)
        }
    }
}
