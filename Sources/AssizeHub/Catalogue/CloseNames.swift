/// Finds the names someone may have meant.
enum CloseNames {
    /// At most three names that are near to a mistyped one, nearest first.
    static func of(_ name: String, among candidates: [String]) -> [String] {
        let wanted = Array(name.lowercased().utf8)
        let limit = max(2, wanted.count / 3)
        let scored = candidates.compactMap { candidate -> (distance: Int, name: String)? in
            let letters = Array(candidate.lowercased().utf8)
            let distance = editDistance(wanted, letters)
            // A beginning such as "qwen" is far in edits yet says plainly what was meant.
            let begins = wanted.count >= 3 && letters.starts(with: wanted)
            guard distance <= limit || begins else { return nil }
            return (begins ? min(distance, limit) : distance, candidate)
        }
        return scored.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
    }

    /// The Levenshtein distance: insertions, deletions and replacements from one to the other.
    static func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var previous = Array(0...second.count)
        for (row, letter) in first.enumerated() {
            var current = [row + 1]
            for (column, other) in second.enumerated() {
                let replaced = previous[column] + (letter == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[second.count]
    }
}
