internal import ArgumentParser
internal import AssizeJudges

/// What `--layout` may say.
enum LayoutOption: String, CaseIterable, ExpressibleByArgument {
    case auto
    case itemFirst = "item-first"
    case rubricFirst = "rubric-first"

    /// Takes the names of recipe files too: `item_first`.
    init?(argument: String) {
        self.init(rawValue: argument.replacing("_", with: "-"))
    }

    /// The layout; `nil` for the one that reads less.
    var layout: Recipe.Layout? {
        switch self {
        case .auto: nil
        case .itemFirst: .itemFirst
        case .rubricFirst: .rubricFirst
        }
    }
}
