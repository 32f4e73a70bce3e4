internal import AssizeCore
internal import Foundation

/// One line of a training file, read as JSON.
struct TrainingRow {
    /// Why a row is broken.
    struct Fault: Error {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// A side of a row: a string, or messages.
    enum Side: Equatable {
        case text(String)
        case messages([Message])
    }

    private let columns: [String: JSONValue]

    init(_ bytes: [UInt8]) throws(Fault) {
        let value: JSONValue
        do {
            value = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        } catch {
            throw Fault("is not JSON; write one object a line")
        }
        guard case .object(let columns) = value else { throw Fault("is JSON, but no object {...}") }
        self.columns = columns.filter { $0.value != .null }
    }

    /// The columns' names, sorted.
    var names: [String] { columns.keys.sorted() }

    func has(_ name: String) -> Bool { columns[name] != nil }

    /// A string, or a list of messages.
    func side(_ name: String) throws(Fault) -> Side {
        switch columns[name] {
        case .string(let text): return .text(text)
        case .array(let values): return .messages(try TrainingRow.messages(values, name))
        case nil: throw Fault("has no '\(name)'")
        default: throw Fault("has a '\(name)' that is neither a string nor a list of messages")
        }
    }

    /// A string.
    func text(_ name: String) throws(Fault) -> String {
        guard case .text(let text) = try side(name) else { throw Fault("has a '\(name)' that is no string") }
        return text
    }

    /// A list of messages.
    func messages(_ name: String) throws(Fault) -> [Message] {
        guard case .messages(let messages) = try side(name) else {
            throw Fault("has a '\(name)' that is no list of messages")
        }
        return messages
    }

    /// True or false, or 1 or 0.
    func truth(_ name: String) throws(Fault) -> Bool {
        switch columns[name] {
        case .bool(let flag): return flag
        case .number(1): return true
        case .number(0): return false
        case nil: throw Fault("has no '\(name)'; write true for a wanted answer, false for an unwanted one")
        default: throw Fault("has a '\(name)' that is not true or false")
        }
    }

    /// The columns that were not used, as one JSON object; empty for none.
    func rest(without used: Set<String>) -> String {
        let left = columns.filter { !used.contains($0.key) }
        return left.isEmpty ? "" : JSONValue.object(left).description
    }

    private static func messages(_ values: [JSONValue], _ name: String) throws(Fault) -> [Message] {
        guard !values.isEmpty else { throw Fault("has an empty list as its '\(name)'") }
        var messages: [Message] = []
        for (index, value) in values.enumerated() {
            let place = "message \(index + 1) of '\(name)'"
            guard let members = value.object, let role = members["role"]?.string else {
                throw Fault("has no role in \(place); write {\"role\": ..., \"content\": ...}")
            }
            guard let known = TrainingRow.role(role) else {
                throw Fault("has the role '\(role)' in \(place); there are system, user and assistant")
            }
            messages.append(Message(role: known, content: try content(members["content"], place)))
        }
        return messages
    }

    private static func role(_ name: String) -> Message.Role? {
        switch name {
        case "system", "developer": .system
        case "user", "human": .user
        case "assistant", "gpt", "model": .assistant
        default: nil
        }
    }

    /// A string, or parts that are all text.
    private static func content(_ value: JSONValue?, _ place: String) throws(Fault) -> String {
        switch value {
        case .string(let text): return text
        case .array(let parts):
            let texts = parts.compactMap { $0.object?["text"]?.string }
            guard texts.count == parts.count else { throw Fault("has something else than text in \(place)") }
            return texts.joined(separator: "\n")
        default: throw Fault("has no text as the content of \(place)")
        }
    }
}
