/// One pack of a training step, and which of its targets belong to which row.
struct StepPack {
    /// A row's targets.
    enum Item {
        case text(row: Int, Range<Int>)
        case preference(row: Int, chosen: Range<Int>, rejected: Range<Int>)
        case judged(row: Int, Range<Int>, isDesirable: Bool)
    }

    private(set) var pack = Pack()
    private(set) var items: [Item] = []

    /// Lays groups into as few packs as a simple rule finds: the longest first, each into the first pack with room.
    ///
    /// - Parameters:
    ///   - groups: What to lay down.
    ///   - examples: The data that the groups number.
    ///   - limit: The most tokens of a pack; a group that is longer gets one for itself.
    /// - Returns: The packs.
    static func packs(of groups: [ExampleGroup], examples: [TrainingExample], limit: Int) -> [StepPack] {
        let order = groups.indices.sorted {
            (groups[$0].tokenCount, $1) > (groups[$1].tokenCount, $0)
        }
        var packs: [StepPack] = []
        for place in order {
            let group = groups[place]
            if let free = packs.firstIndex(where: { $0.pack.count + group.tokenCount <= limit }) {
                packs[free].add(group, examples)
            } else {
                var pack = StepPack()
                pack.add(group, examples)
                packs.append(pack)
            }
        }
        return packs
    }

    private mutating func add(_ group: ExampleGroup, _ examples: [TrainingExample]) {
        if group.answers.isEmpty {
            for row in group.rows {
                if case .text(let text) = examples[row] { items.append(.text(row: row, pack.add(text))) }
            }
            return
        }
        let ranges = pack.add(prompt: group.prompt, answers: group.answers)
        for row in group.rows {
            switch examples[row] {
            case .text: preconditionFailure("a text has no prompt to share")
            case .preference(_, let chosen, let rejected):
                items.append(
                    .preference(
                        row: row,
                        chosen: ranges[group.place(of: chosen)],
                        rejected: ranges[group.place(of: rejected)]
                    )
                )
            case .judged(_, let answer, let isDesirable):
                items.append(.judged(row: row, ranges[group.place(of: answer)], isDesirable: isDesirable))
            }
        }
    }
}
