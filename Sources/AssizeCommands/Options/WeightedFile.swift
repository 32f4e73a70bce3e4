internal import ArgumentParser

/// A file with a weight, written `file=0.5`; without a weight it is 1.
struct WeightedFile: ExpressibleByArgument, Equatable {
    let path: String
    let weight: Float

    init?(argument: String) {
        guard let sign = argument.lastIndex(of: "="), let weight = Float(argument[argument.index(after: sign)...])
        else {
            (path, weight) = (argument, 1)
            return
        }
        path = String(argument[..<sign])
        self.weight = weight
        guard !path.isEmpty, weight.isFinite else { return nil }
    }
}
