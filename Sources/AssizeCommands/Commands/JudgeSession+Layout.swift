internal import AssizeCore
internal import AssizeData
internal import AssizeJudges
internal import AssizeLocal
internal import AssizeRuns

extension JudgeSession {
    /// The configurations that the run may have: more than one where the layout is left to the count.
    func configurations(_ base: RunConfiguration) -> [RunConfiguration] {
        let layouts = if let layout = settings.layout { [Recipe.Layout?.some(layout)] } else { settings.recipe.layouts }
        return layouts.map { layout in
            var configuration = base
            configuration.layout = layout
            return configuration
        }
    }

    /// The layout of a new run: the one asked for, else the one that reads fewer tokens of this model, else the recipe's.
    func chooseLayout(_ found: ModelLoader.Found) throws -> Recipe.Layout? {
        let preferred = settings.layout ?? settings.recipe.preferredLayout
        guard settings.layout == nil, preferred != nil, let path = found.path else { return preferred }
        let start = ContinuousClock().now
        let counter = try PromptCounter(path: path, options: model.engineOptions())
        var counts = try LayoutCounts(settings: settings, counter: counter)
        var reader = try openItems()
        do {
            while !counts.isSampled, counts.items < running.limit ?? .max, let row = try reader.next() {
                if case .item(let item, _, _) = row { try counts.add(item) }
            }
        } catch is LanguageModelError {
            // The run will say of each item what is wrong with its prompts.
            return preferred
        }
        if running.verbose {
            let reads = counts.counts.map { count in
                "\(count.layout?.flag ?? "") reads \(Format.count(count.prefixes.readTokens))"
            }
            terminal.note(
                "assize: of \(Format.count(counts.counts[0].prefixes.askedTokens)) prompt tokens of the first "
                    + "\(counts.items) items, \(reads.joined(separator: ", ")) "
                    + "(counted in \(Format.rate((ContinuousClock().now - start).seconds)) s)"
            )
        }
        return counts.choice
    }

    /// The settings with the layout that the run has.
    func settings(_ layout: Recipe.Layout?) -> JudgingSettings {
        var settings = settings
        settings.layout = layout
        return settings
    }
}
