internal import AssizeCore

/// Which groups of rows each step takes, for a whole run: known before it starts, so that a run can go on anywhere.
struct StepPlan {
    /// A step's groups and the pass it belongs to.
    struct Step: Hashable {
        let epoch: Int
        let groups: [Int]
    }

    let steps: [Step]

    init(groups: [ExampleGroup], options: TrainingOptions) {
        var steps: [Step] = []
        let limit = options.maximumSteps
        var epoch = 0
        passes: while limit.map({ steps.count < $0 }) ?? (epoch < options.epochs) {
            var order = Array(groups.indices)
            if options.isShuffled {
                var random = SplitMix64(seed: SplitMix64.derive(options.seed, "order", "\(epoch)"))
                for place in order.indices.reversed().dropLast() {
                    order.swapAt(place, Int(random.next(upperBound: UInt64(place + 1))))
                }
            }
            var current: [Int] = []
            var rows = 0
            for group in order {
                current.append(group)
                rows += groups[group].rows.count
                if rows >= options.batchRows {
                    steps.append(Step(epoch: epoch, groups: current))
                    current = []
                    rows = 0
                    if steps.count == limit { break passes }
                }
            }
            if !current.isEmpty { steps.append(Step(epoch: epoch, groups: current)) }
            epoch += 1
            if groups.isEmpty { break }
        }
        self.steps = limit.map { Array(steps.prefix($0)) } ?? steps
    }
}
