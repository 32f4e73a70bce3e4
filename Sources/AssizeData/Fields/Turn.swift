internal import AssizeCore

/// One turn of a conversation that stands in a row.
struct Turn: Sendable, Hashable {
    let role: String
    let content: String

    /// Whether the judged model speaks.
    var isAssistant: Bool { role == "assistant" || role == "gpt" || role == "model" }

    /// The messages of a list; `nil` when the value is no list of objects with a role.
    ///
    /// - Throws: ``RowFault`` when it is one, and a message in it can't be read.
    static func list(_ value: JSONValue) throws(RowFault) -> [Turn]? {
        guard let elements = value.arrayValue, elements.first?.objectValue?["role"] != nil else { return nil }
        var turns: [Turn] = []
        turns.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard let members = element.objectValue, let role = members["role"]?.stringValue else {
                throw RowFault("has no role in message \(index + 1)")
            }
            turns.append(Turn(role: role, content: try content(of: members, number: index + 1)))
        }
        return turns
    }

    /// The turns written out, one after the other.
    ///
    /// A single turn of the user's is just its text.
    static func text(of turns: [Turn]) -> String {
        if turns.count == 1, let only = turns.first, only.role == "user" { return only.content }
        return turns.map { "\($0.speaker): \($0.content)" }.joined(separator: "\n\n")
    }

    private var speaker: String {
        guard !isAssistant else { return "Assistant" }
        return role.prefix(1).uppercased() + role.dropFirst()
    }

    private static func content(of message: [String: JSONValue], number: Int) throws(RowFault) -> String {
        switch message["content"] {
        case .array(let parts):
            // OpenAI's content parts: what isn't text can't be shown to a judge of text, but must not vanish either.
            return
                parts.map { part in
                    let type = part.objectValue?["type"]?.stringValue ?? "part"
                    return part.objectValue?["text"]?.stringValue ?? part.stringValue ?? "[\(type)]"
                }
                .joined(separator: "\n")
        case nil, .null:
            guard let calls = message["tool_calls"], calls != .null else {
                throw RowFault("has no content in message \(number)")
            }
            return calls.compactText
        case .some(let value):
            guard let text = value.scalarText else {
                throw RowFault("has an object as the content of message \(number)")
            }
            return text
        }
    }
}
