package import AssizeCore

/// Makes items of rows: knows which field has which role by the names in use in the field, or by a user's word.
///
/// - A row without an id is called `line-N`, N being the line it starts on.
/// - Where several names of a role are there the first of ``FieldRole/aliases`` counts; the others go to the metadata,
///   as does every field without a role. A field that is null isn't there; nor is a blank reference, context, rubric,
///   criterion, gold label or rationale. An empty response is a response.
/// - A list of strings as the context or the reference is joined with blank lines.
/// - A row needs an instruction (which may be empty), or messages, or a context to be judged by.
/// - Rows with `chosen` and `rejected` have the gold label A, for `chosen` is put first. A judge that favours the first
///   answer would look perfect on them: judge both orders.
/// - A rubric comes from `rubric`, from Prometheus's keys in the row itself, or from `criterion` with `scale`. A text
///   without a scale leaves the rubric to the recipe and stays in the metadata.
public struct FieldMap: Sendable {
    /// The field that each role was first read from.
    public private(set) var aliasesUsed: [FieldRole: String] = [:]
    /// Rows with a rubric or criterion that was left to the metadata for want of a scale.
    public private(set) var criteriaWithoutScale = 0
    /// Rows with a field of gold's name that holds no label.
    public private(set) var unreadableGold = 0

    let shape: ItemShape
    private let overrides: Overrides
    private let resolved: [FieldRole: [String]]
    private var unseen: [FieldRole: String]
    private var fieldNames: Set<String> = []
    private var rowsSeen = 0

    /// - Parameters:
    ///   - shape: How many candidates an item should have.
    ///   - overrides: The fields a user named.
    package init(shape: ItemShape, overrides: Overrides = Overrides()) {
        self.shape = shape
        self.overrides = overrides
        unseen = overrides.names
        let claimed = Set(overrides.names.values)
        var resolved: [FieldRole: [String]] = [:]
        for role in FieldRole.allCases {
            if let name = overrides.names[role] {
                resolved[role] = [name]
            } else {
                resolved[role] = role.aliases.filter { !claimed.contains($0) }
            }
        }
        self.resolved = resolved
    }

    /// The names a role is looked for under.
    func names(of role: FieldRole) -> [String] {
        resolved[role] ?? []
    }

    /// The names the gold label is looked for under.
    func goldNames(isPair: Bool) -> [String] {
        if let name = overrides.names[.gold] { return [name] }
        return isPair ? FieldRole.goldChoices.filter { !overrides.names.values.contains($0) } : names(of: .gold)
    }

    /// The pairs of names that two responses are looked for under.
    func pairNames() -> [FieldRole.PairNames] {
        guard let a = overrides.names[.a], let b = overrides.names[.b] else { return FieldRole.pairs }
        return [FieldRole.PairNames(a, b, authors: ("model_a", "model_b"))]
    }

    /// Whether a user named the field of a role.
    func isOverridden(_ role: FieldRole) -> Bool {
        overrides.names[role] != nil
    }

    /// Makes an item of a row.
    ///
    /// - Parameters:
    ///   - members: The row's fields.
    ///   - line: Where it starts, for the id of a row without one.
    /// - Returns: The item.
    /// - Throws: ``RowFault`` when the row can't be judged.
    package mutating func item(from members: [String: JSONValue], line: Int) throws(RowFault) -> Item {
        observe(members)
        var row = RowReader(members: members, map: self)
        let task = try row.takeTask()
        let id = try row.takeID() ?? "line-\(line)"
        let isPair = task.candidates.count == 2
        let reference = try row.takeJoined(.reference)
        let (rubric, isLeft) = try row.takeRubric(isPair: isPair)
        let (gold, isUnreadable) = try row.takeGold(
            from: goldNames(isPair: isPair),
            strict: isOverridden(.gold),
            task: task
        )
        let rationale = try row.takeRationale(strict: isOverridden(.rationale))
        criteriaWithoutScale += isLeft ? 1 : 0
        unreadableGold += isUnreadable ? 1 : 0
        for (role, name) in row.taken where aliasesUsed[role] == nil {
            aliasesUsed[role] = name
        }
        return Item(
            id: ItemID(rawValue: id),
            instruction: task.instruction,
            context: task.context,
            candidates: task.candidates,
            reference: reference,
            rubric: rubric,
            gold: gold,
            goldRationale: rationale,
            metadata: row.rest()
        )
    }

    /// Notes the columns of a file that has a header.
    package mutating func observe(header: [String]) {
        fieldNames.formUnion(header)
        unseen = unseen.filter { !header.contains($0.value) }
    }

    /// Checks, at the end of a file or on its header, that each field that was given exists.
    ///
    /// - Throws: ``AssizeDataError`` with the fields that exist.
    package func checkOverrides() throws(AssizeDataError) {
        let missing = FieldRole.allCases.first { unseen[$0] != nil }
        guard let missing, let name = unseen[missing], !fieldNames.isEmpty else { return }
        let fields = fieldNames.sorted()
        let list = fields.prefix(40).joined(separator: ", ") + (fields.count > 40 ? ", ..." : "")
        throw AssizeDataError(
            code: .unknownField,
            message: "no row has the field '\(name)' given for \(missing.rawValue); the fields are: \(list)"
        )
    }

    private mutating func observe(_ members: [String: JSONValue]) {
        guard !unseen.isEmpty else { return }
        unseen = unseen.filter { members[$0.value] == nil }
        if rowsSeen < 100 {
            fieldNames.formUnion(members.keys)
        }
        rowsSeen += 1
    }
}
