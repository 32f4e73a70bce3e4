internal import AssizeCore

extension Recipe {
    /// Reads a recipe file.
    ///
    /// Templates lose the one newline that a YAML block ends with; all other white space counts.
    ///
    /// - Parameter text: The file's text.
    /// - Throws: ``AssizeJudgesError`` with the key that is wrong and what to do; an unknown key is an error.
    public init(yaml text: String) throws(AssizeJudgesError) {
        let reader = try YAMLReader(text: text, code: .invalidRecipe, what: "the recipe")
        try reader.allow([
            "name", "summary", "paper", "published", "choices", "protocol", "system", "prompt", "layout", "rubric",
            "scale", "format", "sampling", "requires_reference", "tie", "orders", "combination",
        ])
        name = try reader.requiredString("name")
        summary = try reader.requiredString("summary").trimmingEnd()
        paper = try reader.string("paper")?.trimmingEnd()
        published = try reader.strings("published")
        choices = try reader.strings("choices")
        guard let kind = try reader.choice("protocol", of: Kind.self) else {
            throw reader.error(
                "'protocol' is missing; use one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        self.kind = kind
        system = try reader.template("system")
        prompt = try Prompt(reader: reader)
        rubric = if let child = try reader.child("rubric") { try Rubric(reader: child) } else { nil }
        scale = try Scale(reader: reader, key: "scale")
        guard let format = try reader.child("format") else {
            throw reader.error("'format' is missing; give it 'marker', 'stops' and 'maximum_tokens'")
        }
        self.format = try Format(reader: format)
        sampling = try Sampling(reader: try reader.child("sampling"))
        requiresReference = try reader.boolean("requires_reference") ?? false
        tie = try reader.boolean("tie") ?? false
        orders = try reader.choice("orders", of: Orders.self) ?? (kind == .pairwise ? .both : .one)
        combination = try reader.choice("combination", of: Combination.self) ?? .mean
        yaml = text
        if kind == .pointwise, let key = ["tie", "orders", "combination"].first(where: { reader.node($0) != nil }) {
            throw reader.error("'\(key)' says nothing to a pointwise recipe; remove it")
        }
        if case .choice = scale, kind == .pointwise {
            throw reader.error(
                "'scale' is a choice, but the recipe is pointwise; use 'protocol: pairwise' or another scale"
            )
        }
    }
}

extension Recipe.Prompt {
    /// One text, or a mapping of both layouts.
    fileprivate init(reader: YAMLReader) throws(AssizeJudgesError) {
        guard reader.holdsMapping("prompt"), let child = try reader.child("prompt") else {
            guard let template = try reader.template("prompt") else {
                throw reader.error("'prompt' is missing; give the user turn's template")
            }
            guard reader.node("layout") == nil else {
                throw reader.error(
                    "'layout' names one of two layouts, but 'prompt' is one text; remove 'layout', or give 'prompt' both"
                )
            }
            self = .pinned(template)
            return
        }
        try child.allow(Recipe.Layout.allCases.map(\.rawValue))
        func template(_ layout: Recipe.Layout) throws(AssizeJudgesError) -> PromptTemplate {
            guard let template = try child.template(layout.rawValue) else {
                throw reader.error(
                    "'prompt.\(layout.rawValue)' is missing; give both layouts, or one text to pin the prompt"
                )
            }
            return template
        }
        self = .layouts(
            itemFirst: try template(.itemFirst),
            rubricFirst: try template(.rubricFirst),
            preferred: try reader.choice("layout", of: Recipe.Layout.self) ?? .itemFirst
        )
    }
}

extension Recipe.Format {
    fileprivate init(reader: YAMLReader) throws(AssizeJudgesError) {
        try reader.allow(["opening", "lead", "marker", "stops", "label_opening", "maximum_tokens", "minimum_tokens"])
        guard let marker = try reader.string("marker"), !marker.isEmpty else {
            throw reader.error(
                "'format.marker' is missing; give the text between rationale and label, such as \"\\nScore: \""
            )
        }
        self.marker = try PromptTemplate(marker, place: "format.marker")
        opening = try PromptTemplate(try reader.string("opening") ?? "", place: "format.opening")
        lead = try PromptTemplate(try reader.string("lead") ?? "", place: "format.lead")
        let labelOpening = try reader.string("label_opening") ?? String(marker.drop(while: \.isWhitespace))
        self.labelOpening = try PromptTemplate(labelOpening, place: "format.label_opening")
        stops = try reader.strings("stops")
        guard !stops.contains("") else {
            throw reader.error("'format.stops' holds an empty text; it would end every rationale at once")
        }
        guard let maximum = try reader.integer("maximum_tokens"), maximum > 0 else {
            throw reader.error(
                "'format.maximum_tokens' is missing or not above 0; give the most tokens of the rationale"
            )
        }
        maximumTokens = maximum
        minimumTokens = try reader.integer("minimum_tokens") ?? 0
        guard (0...maximum).contains(minimumTokens) else {
            throw reader.error("'format.minimum_tokens' is \(minimumTokens); use 0 to \(maximum), the 'maximum_tokens'")
        }
    }
}

extension Sampling {
    fileprivate init(reader: YAMLReader?) throws(AssizeJudgesError) {
        self.init()
        guard let reader else { return }
        try reader.allow(["temperature", "top_p", "min_p", "repetition_penalty"])
        temperature = try reader.number("temperature") ?? temperature
        topP = try reader.number("top_p") ?? topP
        minP = try reader.number("min_p") ?? minP
        repetitionPenalty = try reader.number("repetition_penalty") ?? repetitionPenalty
        if let problem { throw reader.error("'sampling' is out of range: \(problem)") }
    }
}

extension YAMLReader {
    /// A template, less the one newline that a YAML block ends with.
    fileprivate func template(_ key: String) throws(AssizeJudgesError) -> PromptTemplate? {
        guard var text = try string(key) else { return nil }
        if text.hasSuffix("\n") { text.removeLast() }
        guard !text.allSatisfy(\.isWhitespace) else { return nil }
        return try PromptTemplate(text, place: place(key))
    }
}
