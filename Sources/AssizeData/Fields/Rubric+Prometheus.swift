public import AssizeCore

extension Rubric {
    /// Prometheus's dictionary: `criteria`, and `scoreN_description` for each level N.
    ///
    /// Other keys are passed over.
    ///
    /// - Parameters:
    ///   - members: The dictionary.
    ///   - name: What the one criterion is called.
    /// - Throws: ``AssizeDataError`` without a question, with fewer than two levels, or with a level that is no text.
    public init(prometheus members: [String: JSONValue], named name: String = "overall") throws(AssizeDataError) {
        var levels: [Int: String] = [:]
        for (key, value) in members where value != .null {
            guard let level = PrometheusForm.level(ofKey: key) else { continue }
            guard case .string(let text) = value else {
                throw AssizeDataError(code: .invalidRubric, message: "'\(key)' is no text; describe the level in words")
            }
            if !text.isBlank { levels[level] = text.trimmed }
        }
        try self.init(question: members["criteria"]?.stringValue ?? "", levels: levels, name: name)
    }

    /// Prometheus's text: the question in square brackets, then a line `Score N: ...` for each level.
    ///
    /// A description may go on for several lines; levels need not start at 1.
    ///
    /// - Parameters:
    ///   - text: The rubric.
    ///   - name: What the one criterion is called.
    /// - Throws: ``AssizeDataError`` without a question, with fewer than two levels, or with a level twice.
    public init(prometheus text: String, named name: String = "overall") throws(AssizeDataError) {
        var question: [String] = []
        var levels: [Int: String] = [:]
        var current: Int?
        for line in PrometheusForm.lines(of: text) {
            if let (level, rest) = PrometheusForm.level(ofLine: line) {
                guard levels.updateValue(rest, forKey: level) == nil else {
                    throw AssizeDataError(code: .invalidRubric, message: "it describes the score \(level) twice")
                }
                current = level
            } else if let current {
                levels[current, default: ""] += "\n" + line
            } else {
                question.append(line)
            }
        }
        var sentence = question.joined(separator: "\n").trimmed
        if sentence.utf8.first == UInt8(ascii: "["), sentence.utf8.last == UInt8(ascii: "]") {
            sentence = String(sentence.dropFirst().dropLast())
        }
        try self.init(question: sentence, levels: levels.mapValues(\.trimmed).filter { !$0.value.isEmpty }, name: name)
    }

    private init(question: String, levels: [Int: String], name: String) throws(AssizeDataError) {
        guard !question.isBlank else {
            throw AssizeDataError(code: .invalidRubric, message: "it has no question; put one in 'criteria' or in [ ]")
        }
        guard let lower = levels.keys.min(), let upper = levels.keys.max(), lower < upper else {
            throw AssizeDataError(
                code: .invalidRubric,
                message: "it describes \(levels.count) level\(levels.count == 1 ? "" : "s"); describe two or more"
            )
        }
        let scale = Scale.ordinal(lower: lower, upper: upper, levels: levels)
        do {
            try scale.validate()
        } catch {
            throw AssizeDataError(code: .invalidRubric, message: error.message)
        }
        self.init(criteria: [Criterion(name: name, text: question.trimmed, scale: scale)])
    }
}
