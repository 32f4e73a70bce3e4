internal import AssizeCore

/// How many rows are kept apart to measure the loss on.
public enum HeldOutShare: Hashable, Sendable {
    /// A share of all rows, above 0 and below 1.
    case share(Double)
    /// This many rows.
    case rows(Int)

    func count(of rows: Int) -> Int {
        switch self {
        case .share(let share): max(1, Int((share * Double(rows)).rounded()))
        case .rows(let count): count
        }
    }
}

extension TrainingRows {
    /// The rows in two parts, those to learn from and those held out.
    ///
    /// Rows of one group, or with the same prompt, stand on one side. Groups are drawn until there are at least as many held
    /// out as asked for.
    ///
    /// - Parameters:
    ///   - heldOut: How many rows are held out; `nil` for none.
    ///   - seed: Decides which.
    /// - Returns: Both parts, each in the file's order.
    /// - Throws: ``AssizeTrainingError`` when no row would be left to train on.
    public func split(heldOut: HeldOutShare?, seed: UInt64) throws(AssizeTrainingError) -> TrainingSplit {
        guard let heldOut, !rows.isEmpty else { return TrainingSplit(training: rows, heldOut: []) }
        let wanted = heldOut.count(of: rows.count)
        var groups: [[Int]] = []
        var places: [Group: Int] = [:]
        for (index, row) in rows.enumerated() {
            let key = row.group.map(Group.named) ?? .prompt(Array(row.example.prompt))
            if let place = places[key] {
                groups[place].append(index)
            } else {
                places[key] = groups.count
                groups.append([index])
            }
        }
        var random = SplitMix64(seed: SplitMix64.derive(seed, "held out"))
        random.shuffle(&groups)
        var apart: Set<Int> = []
        for group in groups where apart.count < wanted { apart.formUnion(group) }
        guard apart.count < rows.count else {
            throw AssizeTrainingError(
                code: .invalidData,
                message:
                    "with \(wanted) of \(rows.count) rows held out none is left to train on (rows with the same prompt stay together); hold out fewer"
            )
        }
        return TrainingSplit(
            training: rows.indices.filter { !apart.contains($0) }.map { rows[$0] },
            heldOut: apart.sorted().map { rows[$0] }
        )
    }

    private enum Group: Hashable {
        case named(String)
        case prompt([Int32])
    }
}

extension SplitMix64 {
    /// Puts elements into an even random order: Fisher and Yates's, the same on every platform and version.
    package mutating func shuffle<Element>(_ elements: inout [Element]) {
        for place in elements.indices.reversed().dropLast() {
            elements.swapAt(place, Int(next(upperBound: UInt64(place + 1))))
        }
    }
}
