/// Finds the markers of a text.
struct VerdictMarkerFinder {
    let text: VerdictText
    let isOrdinal: Bool
    let isChoice: Bool

    private static let scoreWords = words("score rating grade result verdict judgment judgement evaluation assessment")
    private static let choiceWords =
        words("result verdict winner judgment judgement")
        + ["better response", "better answer", "best response", "better one"].map { Array($0.utf8) }
    /// Words that are common in prose: they count with a colon only.
    private static let colonWords = words(
        "answer overall choice preference preferred decision conclusion better best label category classification"
    )
    private static let qualifiers = words("final overall total holistic my the your given assigned official")
    private static let finalWords = words("final overall total holistic")
    private static let pronouns = words("i i'd would will i'll we we'd")
    private static let scoreVerbs = words("give assign award rate grade score")
    private static let choiceVerbs = words("choose select prefer pick favor favour")
    private static let cjkWords = ["评分", "得分", "分数", "評分", "スコア", "評価", "점수", "结果", "結果", "결과", "结论", "获胜者"]
        .map { Array($0.utf8) }
    private static let cjkFinal = ["最终", "最終", "综合", "総合", "總", "总", "최종"].map { Array($0.utf8) }
    private static let cjkLinks = ["是", "为", "は", "="].map { Array($0.utf8) }
    private static let box = Array("\\boxed{".utf8)

    private static func words(_ list: String) -> [[UInt8]] { list.split(separator: " ").map { Array($0.utf8) } }

    /// All markers, in the order of the text.
    func markers() -> [VerdictMarker] {
        var found: [VerdictMarker] = []
        let nouns =
            isOrdinal
            ? Self.scoreWords + Self.words("answer overall") : Self.scoreWords + Self.choiceWords + Self.colonWords
        let verbs = isOrdinal ? Self.scoreVerbs : isChoice ? Self.choiceVerbs : []
        for index in 0..<text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "["), text[index + 1] == byte {
                found.append(VerdictMarker(start: index, end: index + 2, strength: .form, isEnclosing: true))
            } else if byte == UInt8(ascii: "["), isChoice, endsText(inBracketsFrom: index) {
                found.append(VerdictMarker(start: index, end: index + 1, strength: .form))
            } else if byte == UInt8(ascii: "\\"), text.has(Self.box, at: index) {
                found.append(
                    VerdictMarker(start: index, end: index + Self.box.count, strength: .form, isEnclosing: true)
                )
            } else if byte >= 0x80 {
                if let marker = cjkMarker(at: index) { found.append(marker) }
            } else if byte.isLetter, !text[index - 1].isWordByte || text[index - 1] == UInt8(ascii: "_") {
                // A better response holds "response" only; the longest noun counts.
                let noun = nouns.filter { text.has($0, at: index) && !text[index + $0.count].isWordByte }
                    .max { $0.count < $1.count }
                if let noun, let marker = marker(noun, at: index) {
                    found.append(marker)
                } else if verbs.contains(where: { text.word(at: index).elementsEqual($0) }) {
                    if let marker = verbMarker(at: index) { found.append(marker) }
                } else if isChoice, let marker = betterMarker(at: index) {
                    found.append(marker)
                }
            }
        }
        return found
    }

    /// Whether "[Response B]" ends the text; elsewhere it is a heading.
    private func endsText(inBracketsFrom index: Int) -> Bool {
        guard text.has(Array("[response ".utf8), at: index), text[index + 11] == UInt8(ascii: "]") else { return false }
        return text.bytes[(index + 12)...].allSatisfy { !$0.isWordByte && $0 < 0x80 }
    }

    /// A noun with what stands before and behind it.
    private func marker(_ noun: [UInt8], at index: Int) -> VerdictMarker? {
        let end = index + noun.count
        var start = index
        var isFinal = false
        while true {
            var before = start
            while text[before - 1].isBlank || text[before - 1] == UInt8(ascii: "_") { before -= 1 }
            let word = text.word(endingAt: before)
            guard before < start, !word.isEmpty, let qualifier = Self.qualifiers.first(where: word.elementsEqual) else {
                break
            }
            if Self.finalWords.contains(qualifier) { isFinal = true }
            start = before - word.count
        }
        // "accuracy_score" is a score of something else.
        guard text[start - 1] != UInt8(ascii: "_") || !text[start - 2].isWordByte else { return nil }
        let open = text[start - 1]
        guard !(open == UInt8(ascii: "/") && text[start - 2] == UInt8(ascii: "<")) else { return nil }
        if open == UInt8(ascii: "<"), text[end] == UInt8(ascii: ">") {
            return VerdictMarker(start: start - 1, end: end + 1, strength: .form, isEnclosing: true)
        }
        let link = position(afterMarkup: end)
        if open == UInt8(ascii: "\""), text[end] == UInt8(ascii: "\""), text[skipBlanks(end + 1)] == UInt8(ascii: ":") {
            return VerdictMarker(start: start - 1, end: end + 1, strength: .form)
        }
        if open == UInt8(ascii: "[") {
            let isClosed = text[end] == UInt8(ascii: "]")
            return VerdictMarker(
                start: start - 1,
                end: end + (isClosed ? 1 : 0),
                strength: .form,
                isEnclosing: !isClosed
            )
        }
        // On a scale of numbers "the answer is 4" is mostly the judged answer, not the verdict.
        guard !(isOrdinal && noun.elementsEqual("answer".utf8)) else { return nil }
        if open == UInt8(ascii: "("), text[end].isBlank {
            return VerdictMarker(start: start - 1, end: end, strength: .sentence, isEnclosing: true)
        }
        let isLinked =
            text[link] == UInt8(ascii: ":") || text[link] == UInt8(ascii: "=") || text[link] == UInt8(ascii: "|")
        let isGrouped = text[link] == UInt8(ascii: "(") || text[link] == UInt8(ascii: "[")
        let isApart = startsLine(start) || endsSentence(before: start)
        if isFinal, !Self.colonWords.contains(noun) { return VerdictMarker(start: start, end: end, strength: .final) }
        if isLinked, isApart { return VerdictMarker(start: start, end: end, strength: isFinal ? .final : .label) }
        if isGrouped, isApart { return VerdictMarker(start: start, end: end, strength: .label) }
        guard !Self.colonWords.contains(noun) else { return nil }
        if isApart, startsLine(start), !linkWords.contains(where: { text.word(at: link).elementsEqual($0) }) {
            return VerdictMarker(start: start, end: end, strength: .label, needsLoneValue: true)
        }
        guard isLinked || linkWords.contains(where: { text.word(at: link).elementsEqual($0) }) else { return nil }
        return isHypothetical(before: start) ? nil : VerdictMarker(start: start, end: end, strength: .sentence)
    }

    private var linkWords: [[UInt8]] { Self.words("is of was would should here at") }

    private func cjkMarker(at index: Int) -> VerdictMarker? {
        guard let word = Self.cjkWords.first(where: { text.has($0, at: index) }) else { return nil }
        let end = index + word.count
        let link = position(afterMarkup: end)
        guard
            [":", "=", "(", "|"].contains(Unicode.Scalar(text[link]))
                || Self.cjkLinks.contains(where: { text.has($0, at: link) })
        else { return nil }
        let isFinal = Self.cjkFinal.contains { text.has($0, at: index - $0.count) }
        return VerdictMarker(start: index, end: end, strength: isFinal ? .final : .label)
    }

    /// A verb behind "I", "would" and the like.
    private func verbMarker(at index: Int) -> VerdictMarker? {
        let before = text.word(endingAt: skipBlanksBack(index))
        guard Self.pronouns.contains(where: { before.elementsEqual($0) }), !isHypothetical(before: index) else {
            return nil
        }
        return VerdictMarker(start: index, end: index + text.word(at: index).count, strength: .sentence)
    }

    /// "Response B is clearly better", "Response A wins": a marker whose value stands before it.
    private func betterMarker(at index: Int) -> VerdictMarker? {
        guard text.has(Array("response ".utf8), at: index) || text.has(Array("assistant ".utf8), at: index) else {
            return nil
        }
        let letter = index + text.word(at: index).count + 1
        guard text[letter] == UInt8(ascii: "a") || text[letter] == UInt8(ascii: "b"), !text[letter + 1].isWordByte
        else { return nil }
        var position = skipBlanks(self.position(afterMarkup: letter + 1))
        if text.word(at: position).elementsEqual("wins".utf8) {
            return VerdictMarker(start: index, end: index, strength: .sentence)
        }
        guard text.word(at: position).elementsEqual("is".utf8) else { return nil }
        position = skipBlanks(position + 2)
        let adverbs = Self.words(
            "clearly slightly much overall the significantly generally definitely therefore thus marginally"
        )
        while adverbs.contains(where: { text.word(at: position).elementsEqual($0) }) {
            position = skipBlanks(position + text.word(at: position).count)
        }
        let adjectives = Self.words("better superior winner preferred best stronger preferable")
        guard adjectives.contains(where: { text.word(at: position).elementsEqual($0) }) else { return nil }
        return VerdictMarker(start: index, end: index, strength: .sentence)
    }
}
