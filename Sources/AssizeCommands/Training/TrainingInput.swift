internal import AssizeData
internal import AssizeJudges
internal import AssizeLocal
internal import AssizeTraining

/// The rows of a run, read, drawn and split, with what there is to say of them.
struct TrainingInput {
    let split: TrainingSplit
    let data: TrainingData
    /// Lines about rows that were left out or changed.
    private(set) var notes: [String] = []
    /// How many rows there are of each label; `nil` where rows have none.
    private(set) var histogram: String?

    /// Reads everything.
    ///
    /// - Parameters:
    ///   - kind: What rows of `--data` are for.
    ///   - options: The flags.
    ///   - items: The flags of labelled items; `nil` where there are none.
    ///   - tokenizer: The base model's.
    ///   - terminal: Where broken rows are told.
    /// - Throws: Whatever is wrong with flags, files or rows.
    init(
        kind: TrainingRowReader.Kind,
        options: TrainOptions,
        items: ItemOptions?,
        tokenizer: ConversationTokenizer,
        terminal: Terminal
    ) throws {
        var limits = TrainingRowOptions(maximumTokens: options.maxTokens ?? tokenizer.trainedContext)
        limits.isRawText = options.rawText
        limits.overLong = options.overLong
        var rows = TrainingRows()
        if let items, let path = items.items {
            var examples = try ItemExamples(
                settings: try items.settings(seed: options.seed),
                missing: items.missingRationale,
                tokenizer: tokenizer,
                options: limits
            )
            try examples.read(path, fields: FieldMap.Overrides(parsing: items.fields))
            notes += try TrainingInput.notes(examples, items)
            rows = examples.rows
            let places =
                items.balance
                ? LabelBalance.places(of: examples.labels, limit: options.limit, seed: options.seed)
                : LabelBalance.places(count: rows.rows.count, limit: options.limit, seed: options.seed)
            rows.keep(places)
            histogram = LabelBalance.histogram(places.map { examples.labels[$0] })
        } else {
            let reader = TrainingRowReader(kind: kind, tokenizer: ModelTokenizer(base: tokenizer), options: limits)
            for path in options.data { try reader.read(path, into: &rows) }
            rows.keep(LabelBalance.places(count: rows.rows.count, limit: options.limit, seed: options.seed))
        }
        try TrainingInput.check(rows, options, terminal)
        notes += TrainingInput.notes(rows, limits)
        split = try rows.split(heldOut: options.heldOut, seed: options.seed)
        data = split.data
    }

    /// Refuses broken rows unless they may be left out.
    private static func check(_ rows: TrainingRows, _ options: TrainOptions, _ terminal: Terminal) throws {
        for line in rows.firstBroken { terminal.note("assize: broken row \(line)") }
        if rows.broken > rows.firstBroken.count {
            terminal.note("assize: and \(rows.broken - rows.firstBroken.count) more broken rows")
        }
        let count = Format.count(rows.broken)
        if rows.broken > 0, !options.skipBroken {
            throw CommandFailure(
                "\(rows.broken == 1 ? "1 row" : "\(count) rows") can't be used, the first: \(rows.firstBroken[0]); "
                    + "put them right, or leave them out with --skip-broken"
            )
        }
        guard !rows.rows.isEmpty else {
            throw CommandFailure(
                "there are no rows to train on: \(count) broken, \(Format.count(rows.tooLong)) longer than --max-tokens"
            )
        }
    }

    private static func notes(_ rows: TrainingRows, _ limits: TrainingRowOptions) -> [String] {
        let limit = Format.count(limits.maximumTokens)
        var notes: [String] = []
        if rows.broken > 0 { notes.append("\(Format.count(rows.broken)) broken rows left out") }
        if rows.tooLong > 0 { notes.append("\(Format.count(rows.tooLong)) rows longer than \(limit) tokens left out") }
        if rows.truncated > 0 { notes.append("\(Format.count(rows.truncated)) rows cut to \(limit) tokens") }
        return notes
    }

    private static func notes(_ examples: ItemExamples, _ items: ItemOptions) throws -> [String] {
        if examples.withoutLead > 0 {
            throw CommandFailure(
                "\(Format.count(examples.withoutLead)) rationales don't begin with the words that the recipe '\(items.recipe)' "
                    + "puts into the judge's mouth; train with --no-lead, and judge with --no-lead"
            )
        }
        var notes: [String] = []
        if examples.unlabelled > 0 {
            notes.append("\(Format.count(examples.unlabelled)) items without a label left out")
        }
        if examples.withoutRationale > 0 {
            let what = items.missingRationale == .skip ? "left out" : "learnt by their label alone"
            notes.append("\(Format.count(examples.withoutRationale)) items without a rationale \(what)")
        }
        if examples.unwritable > 0 {
            notes.append(
                "\(Format.count(examples.unwritable)) rationales left out: too long for the recipe, or with what ends a rationale in it"
            )
        }
        if examples.between > 0 {
            notes.append(
                "\(Format.count(examples.between)) labels between two levels taken as the nearer one (half-way: the higher)"
            )
        }
        return notes
    }
}
