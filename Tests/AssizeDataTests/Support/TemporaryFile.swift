import AssizeCore
import AssizeData
import Foundation

/// A file that is there for as long as a test's closure runs.
func withFile<Result>(
    _ bytes: some Sequence<UInt8>,
    named name: String = "items.jsonl",
    _ body: (String) throws -> Result
) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "assize-data-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(bytes).write(to: file)
    return try body(file.path)
}

func withFile<Result>(
    _ text: String,
    named name: String = "items.jsonl",
    _ body: (String) throws -> Result
) throws -> Result {
    try withFile(text.utf8, named: name, body)
}

/// All rows of a file that holds this text.
func rows(
    _ text: String,
    named name: String = "items.jsonl",
    shape: ItemShape = .any,
    fields: [FieldRole: String] = [:]
) throws -> [ItemRow] {
    try withFile(text, named: name) { path in
        var reader = try ItemReader(path: path, shape: shape, fields: FieldMap.Overrides(fields))
        var rows: [ItemRow] = []
        while let row = try reader.next() {
            rows.append(row)
        }
        return rows
    }
}

/// The item of a row written as JSON.
func item(_ json: String, shape: ItemShape = .any, fields: [FieldRole: String] = [:]) throws -> Item {
    var map = FieldMap(shape: shape, overrides: FieldMap.Overrides(fields))
    return try map.item(from: try members(json), line: 1)
}

/// Why a row written as JSON is broken; `nil` when it isn't.
func fault(_ json: String, shape: ItemShape = .any, fields: [FieldRole: String] = [:]) throws -> String? {
    var map = FieldMap(shape: shape, overrides: FieldMap.Overrides(fields))
    do throws(RowFault) {
        _ = try map.item(from: try members(json), line: 1)
        return nil
    } catch {
        return error.reason
    }
}

private func members(_ json: String) throws(RowFault) -> [String: JSONValue] {
    do {
        return try JSONParser.parse(json).objectValue ?? [:]
    } catch {
        throw RowFault("test JSON: \(error.reason) at \(error.position)")
    }
}

/// The error that a survey of this text throws; `nil` when it throws none.
func surveyError(
    _ text: String,
    named name: String = "items.jsonl",
    shape: ItemShape = .any,
    fields: [FieldRole: String] = [:],
    limit: Int? = nil
) throws -> AssizeDataError? {
    try withFile(text, named: name) { path in
        do throws(AssizeDataError) {
            _ = try ItemFileSurvey(path: path, shape: shape, fields: FieldMap.Overrides(fields), limit: limit)
            return nil
        } catch {
            return error
        }
    }
}

extension ItemRow {
    var item: Item? {
        if case .item(let item, _, _) = self { item } else { nil }
    }

    var brokenRow: BrokenRow? {
        if case .broken(let row) = self { row } else { nil }
    }

    var line: Int {
        switch self {
        case .item(_, let line, _): line
        case .broken(let row): row.line
        }
    }
}
