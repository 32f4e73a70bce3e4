internal import AssizeCore

extension RowReader {
    /// A text, or a list of strings joined with blank lines.
    mutating func takeJoined(_ role: FieldRole) throws(RowFault) -> String? {
        guard let field = first(role) else { return nil }
        guard let elements = field.value.arrayValue else {
            take(field.name, as: role)
            return try text(of: field)
        }
        let texts = elements.compactMap(\.scalarText)
        guard texts.count == elements.count else {
            throw RowFault("has a list in the field '\(field.name)' that doesn't hold texts only")
        }
        take(field.name, as: role)
        return texts.isEmpty ? nil : texts.joined(separator: "\n\n")
    }

    /// The context: a text, or a list of documents joined with blank lines.
    ///
    /// A document that is an object gives its `text`, `content` or `page_content`, or itself as JSON.
    mutating func takeContext() throws(RowFault) -> String? {
        guard let field = first(.context) else { return nil }
        take(field.name, as: .context)
        switch field.value {
        case .array(let elements):
            let texts = elements.filter { $0 != .null }.map(RowReader.document)
            return texts.isEmpty ? nil : texts.joined(separator: "\n\n")
        case .object:
            return RowReader.document(field.value)
        default:
            return try text(of: field)
        }
    }

    private static func document(_ value: JSONValue) -> String {
        if let text = value.scalarText { return text }
        if let members = value.objectValue {
            for name in ["text", "content", "page_content"] {
                if let text = members[name]?.stringValue { return text }
            }
        }
        return value.compactText
    }
}
