internal import AssizeCore
internal import AssizeTraining

/// Which rows are trained on: all, some drawn evenly, or equally many of each label.
enum LabelBalance {
    /// Draws from all rows.
    ///
    /// - Parameters:
    ///   - count: How many rows there are.
    ///   - limit: How many to draw; `nil` for all.
    ///   - seed: Decides which.
    /// - Returns: Their places, rising.
    static func places(count: Int, limit: Int?, seed: UInt64) -> [Int] {
        guard let limit, limit < count else { return Array(0..<count) }
        return draw(limit, of: Array(0..<count), seed: seed, "rows").sorted()
    }

    /// Draws equally many rows of each label: as many as the rarest one has, or, with a limit, each label's even share of it
    /// as far as there are rows.
    ///
    /// - Parameters:
    ///   - labels: The label of each row.
    ///   - limit: The most rows; `nil` for none.
    ///   - seed: Decides which.
    /// - Returns: Their places, rising.
    static func places(of labels: [String], limit: Int?, seed: UInt64) -> [Int] {
        let groups = Dictionary(grouping: labels.indices) { labels[$0] }
        let rarest = groups.values.map(\.count).min() ?? 0
        let share = limit.map { max(1, $0 / max(1, groups.count)) } ?? rarest
        return groups.flatMap { draw(share, of: $0.value, seed: seed, $0.key) }.sorted()
    }

    /// How many rows there are of each label, as `1: 20, 2: 31`; numbers in their order.
    static func histogram(_ labels: [String]) -> String {
        labels.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            .sorted { (Int($0.key) ?? .max, $0.key) < (Int($1.key) ?? .max, $1.key) }
            .map { "\($0.key): \(Format.count($0.value))" }
            .joined(separator: ", ")
    }

    private static func draw(_ count: Int, of places: [Int], seed: UInt64, _ name: String) -> ArraySlice<Int> {
        var random = SplitMix64(seed: SplitMix64.derive(seed, "draw", name))
        var places = places
        random.shuffle(&places)
        return places.prefix(count)
    }
}
