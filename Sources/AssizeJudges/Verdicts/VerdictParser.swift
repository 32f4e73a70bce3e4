public import AssizeCore

/// Finds the verdict in a free text, for models that can't be held to a label and for outputs of other tools.
///
/// Only an explicit marker counts: `[RESULT] 4`, `**Score:** 4/5`, `[[A]]`, `\boxed{4}`, `{"score": 4}`, "the final score is
/// 4", "I prefer Response B". A digit in the prose is no score. The plainest marker wins, of equally plain ones the last;
/// when those near it say something else, the text is ambiguous and no guess is made. What stands in a thinking block
/// (`<think>`) is not read.
public struct VerdictParser: Sendable {
    /// What a text says.
    public enum Result: Sendable, Hashable {
        /// One of the scale's labels, and the text before its marker (behind it, when the text begins with the verdict).
        case label(String, rationale: String)
        /// Nothing announces a verdict.
        case noLabel
        /// Two or more verdicts, in the order of the text.
        case ambiguous([String])
        /// A verdict that the scale does not have: 7 or 4.5 on a scale of 1 to 5, 4/10.
        case outOfScale(String)
        /// The text ends where the verdict should have come, or inside its thinking.
        case truncated
    }

    /// The scale whose labels are looked for.
    public let scale: Scale

    /// A parser for one scale.
    public init(scale: Scale) {
        self.scale = scale
    }

    /// Markers within a sentence count in the last bytes only: there a judge concludes.
    private static let sentenceTail = 400
    /// A different verdict this close before the last one makes the text ambiguous.
    private static let conflictTail = 240

    /// Reads a text.
    public func parse(_ raw: String) -> Result {
        let text = VerdictText(raw)
        guard !text.isAllThinking else { return .truncated }
        let reader = VerdictValueReader(text: text, scale: scale)
        let finder = VerdictMarkerFinder(text: text, isOrdinal: isOrdinal, isChoice: isChoice)
        var hits: [Hit] = []
        var isCutOff = false
        for marker in finder.markers() {
            if marker.strength == .sentence, marker.start < text.count - VerdictParser.sentenceTail { continue }
            let (reading, ended) = reader.read(marker)
            if ended { isCutOff = true }
            if let reading { hits.append(Hit(marker: marker, reading: reading)) }
        }
        guard let strongest = hits.map(\.marker.strength).max(),
            let last = hits.last(where: { $0.marker.strength == strongest })
        else {
            guard let reading = reader.readAll() else { return isCutOff ? .truncated : .noLabel }
            return result(of: reading.value, rationale: "")
        }
        let near = hits.filter { hit in
            if hit.marker.strength == strongest {
                return hit.marker.start >= last.marker.start - VerdictParser.conflictTail
            }
            return hit.marker.strength >= .label && hit.marker.start > last.marker.start
        }
        let values = near.map(\.reading.value)
        guard values.allSatisfy({ $0 == last.reading.value }) else {
            return .ambiguous(VerdictParser.distinct(values.flatMap(\.texts)))
        }
        return result(of: last.reading.value, rationale: rationale(in: text, of: last))
    }

    private struct Hit {
        let marker: VerdictMarker
        let reading: VerdictValueReader.Reading
    }

    private var isOrdinal: Bool { if case .ordinal = scale { true } else { false } }
    private var isChoice: Bool { if case .choice = scale { true } else { false } }

    private func result(of value: VerdictValueReader.Value, rationale: String) -> Result {
        switch value {
        case .label(let label): .label(label, rationale: rationale)
        case .outside(let text): .outOfScale(text)
        case .several(let texts): .ambiguous(texts)
        }
    }

    private func rationale(in text: VerdictText, of hit: Hit) -> String {
        var end = hit.marker.start
        while end > 0, text[end - 1].isMarkup || text[end - 1].isBlank || text[end - 1].isNewline { end -= 1 }
        if end > 0 { return text.original(0..<end) }
        var start = hit.reading.end
        while start < text.count, !text[start].isLetter, text[start] < 0x80 { start += 1 }
        return text.original(start..<text.count)
    }

    private static func distinct(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}

extension VerdictValueReader.Value {
    /// The value as it is reported.
    fileprivate var texts: [String] {
        switch self {
        case .label(let text), .outside(let text): [text]
        case .several(let texts): texts
        }
    }
}
