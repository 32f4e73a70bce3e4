/// Rows that are computed together because they share a prompt; a row alone is a group too.
///
/// An answer that stands in several pairs of a group is laid down once.
struct ExampleGroup: Sendable, Hashable {
    /// The rows' numbers in the data.
    private(set) var rows: [Int]
    /// The shared prompt; empty for plain texts.
    let prompt: [Int32]
    /// The distinct answers, in order of appearance.
    private(set) var answers: [[Int32]]
    private var places: [[Int32]: Int]

    /// The tokens that the group takes in a pack.
    private(set) var tokenCount: Int

    /// A group of one row.
    init(row: Int, _ example: TrainingExample) {
        rows = []
        answers = []
        places = [:]
        switch example {
        case .text(let text):
            prompt = []
            tokenCount = text.tokens.count
            rows = [row]
            return
        case .preference(let prompt, _, _): self.prompt = prompt
        case .judged(let prompt, _, _): self.prompt = prompt
        }
        tokenCount = prompt.count
        add(row: row, example)
    }

    /// The tokens that another row with the same prompt would add.
    func growth(by example: TrainingExample) -> Int {
        ExampleGroup.answers(of: example)
            .reduce(into: (0, Set<[Int32]>())) { sum, answer in
                if places[answer] == nil, sum.1.insert(answer).inserted { sum.0 += answer.count }
            }
            .0
    }

    /// Adds a row with the same prompt.
    mutating func add(row: Int, _ example: TrainingExample) {
        rows.append(row)
        for answer in ExampleGroup.answers(of: example) where places[answer] == nil {
            places[answer] = answers.count
            answers.append(answer)
            tokenCount += answer.count
        }
    }

    /// The place among ``answers`` of an answer that was added.
    func place(of answer: [Int32]) -> Int {
        guard let place = places[answer] else { preconditionFailure("an answer of another group") }
        return place
    }

    private static func answers(of example: TrainingExample) -> [[Int32]] {
        switch example {
        case .text: []
        case .preference(_, let chosen, let rejected): [chosen, rejected]
        case .judged(_, let answer, _): [answer]
        }
    }

    /// Groups all rows.
    ///
    /// - Parameters:
    ///   - examples: The data.
    ///   - sharesPrompts: Whether rows with the same prompt come together.
    ///   - limit: The most tokens of a group of several rows.
    /// - Returns: The groups, in the order of their first rows.
    static func groups(of examples: [TrainingExample], sharesPrompts: Bool, limit: Int) -> [ExampleGroup] {
        var groups: [ExampleGroup] = []
        var open: [[Int32]: Int] = [:]
        for (row, example) in examples.enumerated() {
            let prompt: [Int32]
            switch example {
            case .text:
                groups.append(ExampleGroup(row: row, example))
                continue
            case .preference(let shared, _, _), .judged(let shared, _, _): prompt = shared
            }
            if sharesPrompts, let place = open[prompt],
                groups[place].tokenCount + groups[place].growth(by: example) <= limit
            {
                groups[place].add(row: row, example)
            } else {
                open[prompt] = groups.count
                groups.append(ExampleGroup(row: row, example))
            }
        }
        return groups
    }
}
