internal import AssizeCore

extension VerdictParser {
    /// The verdict that prometheus-eval itself would find in an absolute grading, 1 to 5.
    ///
    /// As published: without regard to case, anchored at the end of the text, a marker (`[RESULT]`, `[SCORE]`, `Score:`,
    /// `Result:`, `[Result]:`, `score of`; the colons may lack), opening brackets, an integer, and at most a closing bracket,
    /// `/5` or `out of 5`. Anything else has no verdict.
    public static func prometheusStrictAbsolute(_ text: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        let end = PrometheusScan.trim(scalars, scalars.count)
        for numberEnd in PrometheusScan.numberEnds(scalars, end) {
            var start = numberEnd
            while start > 0, PrometheusScan.digit(scalars[start - 1]) != nil { start -= 1 }
            guard start < numberEnd,
                PrometheusScan.endsInMarker(scalars, PrometheusScan.trim(scalars, start, brackets: true))
            else {
                continue
            }
            let value = scalars[start..<numberEnd].reduce(0) { min($0 * 10 + (PrometheusScan.digit($1) ?? 0), 1000) }
            return (1...5).contains(value) ? String(value) : nil
        }
        return nil
    }

    /// The verdict that prometheus-eval itself would find in a relative grading, `A` or `B`.
    ///
    /// As published: without regard to case, the first marker (`[RESULT]`, `[RESULT: `, `[Response `, `[Result] Response`, or
    /// `Result:` at the start of a line) with A or B and at most a closing bracket behind it at the end of a line.
    public static func prometheusStrictRelative(_ text: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        for start in scalars.indices {
            let atLineStart = start == 0 || scalars[start - 1] == "\n"
            guard scalars[start] == "[" || atLineStart else { continue }
            for end in PrometheusScan.relativeMarkerEnds(scalars, start, atLineStart: atLineStart) {
                let letter = PrometheusScan.skip(scalars, end)
                guard letter < scalars.count, ["a", "b"].contains(PrometheusScan.lower(scalars[letter])) else {
                    continue
                }
                var next = letter + 1
                if next < scalars.count, scalars[next] == "]" { next += 1 }
                while next < scalars.count, scalars[next] != "\n", PrometheusScan.isSpace(scalars[next]) { next += 1 }
                if next >= scalars.count || scalars[next] == "\n" {
                    return PrometheusScan.lower(scalars[letter]) == "a" ? "A" : "B"
                }
            }
        }
        return nil
    }
}

/// The pieces of the published patterns, over Unicode scalars as Python has them.
private enum PrometheusScan {
    static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
    }

    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }

    static func digit(_ scalar: Unicode.Scalar) -> Int? {
        guard scalar.properties.generalCategory == .decimalNumber else { return nil }
        return scalar.properties.numericValue.map { Int($0) }
    }

    /// The end without the white space, and on demand the opening brackets, before it.
    static func trim(_ scalars: [Unicode.Scalar], _ end: Int, brackets: Bool = false) -> Int {
        var end = end
        while end > 0, isSpace(scalars[end - 1]) || (brackets && (scalars[end - 1] == "(" || scalars[end - 1] == "[")) {
            end -= 1
        }
        return end
    }

    static func skip(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
        var start = start
        while start < scalars.count, isSpace(scalars[start]) { start += 1 }
        return start
    }

    static func has(_ word: String, _ scalars: [Unicode.Scalar], at start: Int) -> Bool {
        let word = Array(word.unicodeScalars)
        guard start >= 0, start + word.count <= scalars.count else { return false }
        return word.indices.allSatisfy { lower(scalars[start + $0]) == word[$0] }
    }

    static func ends(_ word: String, _ scalars: [Unicode.Scalar], _ end: Int) -> Bool {
        has(word, scalars, at: end - word.unicodeScalars.count)
    }

    /// Where the number may end, given the end of the text.
    static func numberEnds(_ scalars: [Unicode.Scalar], _ end: Int) -> [Int] {
        guard end > 0 else { return [] }
        if scalars[end - 1] == ")" || scalars[end - 1] == "]" { return [end - 1] }
        var ends = [end]
        guard scalars[end - 1] == "5" else { return ends }
        let before = trim(scalars, end - 1)
        if before > 0, scalars[before - 1] == "/" { ends.append(before - 1) }
        if Self.ends("of", scalars, before) {
            let out = trim(scalars, before - 2)
            if Self.ends("out", scalars, out) { ends.append(trim(scalars, out - 3)) }
        }
        return ends
    }

    /// Whether a marker ends before a position.
    static func endsInMarker(_ scalars: [Unicode.Scalar], _ end: Int) -> Bool {
        let uncoloned = end > 0 && scalars[end - 1] == ":" ? end - 1 : end
        if ["score", "result", "[result]"].contains(where: { ends($0, scalars, uncoloned) }) { return true }
        if ends("[score]", scalars, end) { return true }
        guard ends("of", scalars, end) else { return false }
        let of = end - 2
        let score = trim(scalars, of)
        return score < of && ends("score", scalars, score)
    }

    /// Where markers of a relative grading that start at a position end.
    static func relativeMarkerEnds(_ scalars: [Unicode.Scalar], _ start: Int, atLineStart: Bool) -> [Int] {
        var found: [Int] = []
        if has("[result]", scalars, at: start) {
            found.append(start + 8)
            let word = skip(scalars, start + 8)
            if word > start + 8, has("response", scalars, at: word) { found.append(word + 8) }
        }
        if has("[result:", scalars, at: start) { found.append(start + 8) }
        if has("[response", scalars, at: start), start + 9 < scalars.count, isSpace(scalars[start + 9]) {
            found.append(start + 9)
        }
        if atLineStart, has("result", scalars, at: start) {
            found.append(has("result:", scalars, at: start) ? start + 7 : start + 6)
        }
        return found
    }
}
