/// Log-probabilities by the model that training began with.
extension Trainer {
    /// Those of all rows, from the run's folder if they are there.
    ///
    /// - Returns: `nil` when it was interrupted; what was computed is kept.
    func references(
        _ file: ReferenceFile,
        isInterrupted: () -> Bool,
        report: (TrainingEvent) -> Void
    ) throws(AssizeTrainingError) -> (training: [Int: ReferenceSums], heldOut: [Int: ReferenceSums])? {
        guard options.objective.needsReference else { return ([:], [:]) }
        let examples = data.examples + data.heldOut
        var known = try file.read(count: examples.count)
        let missing = examples.indices.filter { known[$0] == nil }
        if !missing.isEmpty {
            let saved = parameters.values
            if let start { parameters.values = start }
            defer { parameters.values = saved }
            let groups = ExampleGroup.groups(
                of: missing.map { examples[$0] },
                sharesPrompts: options.sharesPrompts,
                limit: options.packTokens
            )
            let packs = StepPack.packs(of: groups, examples: missing.map { examples[$0] }, limit: options.packTokens)
            var done = examples.count - missing.count
            var unsaved = 0
            for step in packs {
                if isInterrupted() {
                    try file.write(known)
                    return nil
                }
                let found = try network.logProbabilities(
                    of: step.pack,
                    adapter: start == nil ? .off : .on,
                    forGradients: false
                )
                for item in step.items {
                    let (row, sums) = item.sums(found)
                    known[missing[row]] = sums
                }
                done += step.items.count
                unsaved += step.items.count
                if unsaved >= 500 {
                    try file.write(known)
                    unsaved = 0
                }
                report(.references(done: done, total: examples.count))
            }
            try file.write(known)
        }
        var training: [Int: ReferenceSums] = [:]
        var heldOut: [Int: ReferenceSums] = [:]
        for (row, sums) in known.enumerated() {
            if row < data.examples.count { training[row] = sums } else { heldOut[row - data.examples.count] = sums }
        }
        return (training, heldOut)
    }

    /// How far the policy is from the reference, by answers read behind other rows' prompts.
    ///
    /// Each row's prompt gets the answer of the row before it, as in TRL.
    ///
    /// - Returns: `nil` when it was interrupted.
    func divergence(rows: [Int], of examples: [TrainingExample], isInterrupted: () -> Bool)
        throws(AssizeTrainingError) -> Double?
    {
        var mismatched: [TrainingExample] = []
        for (place, row) in rows.enumerated() {
            let before = rows[place == 0 ? rows.count - 1 : place - 1]
            guard case .judged(let prompt, _, _) = examples[row], case .judged(_, let answer, _) = examples[before]
            else {
                continue
            }
            mismatched.append(.judged(prompt: prompt, answer: answer, isDesirable: true))
        }
        let groups = mismatched.enumerated().map { ExampleGroup(row: $0.offset, $0.element) }
        var ratios: [Double] = []
        for step in StepPack.packs(of: groups, examples: mismatched, limit: options.packTokens) {
            if isInterrupted() { return nil }
            let policy = try network.logProbabilities(of: step.pack, adapter: .on, forGradients: false)
            var reference: [Float]
            if let start {
                let saved = parameters.values
                parameters.values = start
                defer { parameters.values = saved }
                reference = try network.logProbabilities(of: step.pack, adapter: .on, forGradients: false)
            } else {
                reference = try network.logProbabilities(of: step.pack, adapter: .off, forGradients: false)
            }
            for item in step.items { ratios.append(item.sums(policy).1.first - item.sums(reference).1.first) }
        }
        return UnpairedLoss.divergence(ratios)
    }

    /// Measures the held-out rows, and remembers the parameters if they are the best so far.
    ///
    /// - Returns: `nil` when it was interrupted.
    func evaluate(_ state: inout State, references: [Int: ReferenceSums], isInterrupted: () -> Bool)
        throws(AssizeTrainingError) -> EvaluationRecord?
    {
        let groups = ExampleGroup.groups(
            of: data.heldOut,
            sharesPrompts: options.sharesPrompts,
            limit: options.packTokens
        )
        let packs = StepPack.packs(of: groups, examples: data.heldOut, limit: options.packTokens)
        var totals = StepTotals(packs.lazy.flatMap(\.items))
        if case .unpaired = options.objective {
            let rows = Array(data.heldOut.indices)
            guard let divergence = try divergence(rows: rows, of: data.heldOut, isInterrupted: isInterrupted) else {
                return nil
            }
            totals.divergence = divergence
        }
        let measure = StepLoss(objective: options.objective, totals: totals, references: references)
        var loss = 0.0
        var rewards = RewardSums()
        for step in packs {
            if isInterrupted() { return nil }
            let found = try network.logProbabilities(of: step.pack, adapter: .on, forGradients: false)
            let part = measure.contribution(of: step, logProbabilities: found)
            loss += part.loss
            rewards.add(part.rewards)
        }
        guard loss.isFinite else { throw notFinite("held-out loss", step: state.step, rows: []) }
        let isBest = state.best.map { loss < $0.loss } ?? true
        let record = EvaluationRecord(step: state.step, loss: loss, rewards: rewards.summary, isBest: isBest)
        if isBest {
            state.best = record
            state.bestParameters = parameters.values
            state.waited = 0
        } else {
            state.waited += 1
        }
        state.last = record
        return record
    }
}

extension StepPack {
    /// The rows with targets in this pack.
    var rows: [Int] {
        items.map { item in
            switch item {
            case .text(let row, _), .preference(let row, _, _), .judged(let row, _, _): row
            }
        }
    }
}

extension StepPack.Item {
    /// The row, and its log-probabilities' sums.
    func sums(_ values: [Float]) -> (Int, ReferenceSums) {
        func sum(_ range: Range<Int>) -> Double { values[range].reduce(0) { $0 + Double($1) } }
        return switch self {
        case .text(let row, let range): (row, ReferenceSums(first: sum(range), second: 0))
        case .preference(let row, let chosen, let rejected):
            (row, ReferenceSums(first: sum(chosen), second: sum(rejected)))
        case .judged(let row, let range, _): (row, ReferenceSums(first: sum(range), second: 0))
        }
    }
}

extension TrainingExample {
    /// Tokens computed were each answer read behind a prompt of its own.
    var separateTokens: Int {
        switch self {
        case .text(let text): text.tokens.count
        case .preference(let prompt, let chosen, let rejected): 2 * prompt.count + chosen.count + rejected.count
        case .judged(let prompt, let answer, _): prompt.count + answer.count
        }
    }
}
