/// Which tensors go into which of a model's weight files.
struct ShardPlan: Sendable, Hashable {
    /// The tensors of each file by their places.
    let shards: [Range<Int>]

    /// Fills files one after another.
    ///
    /// - Parameters:
    ///   - bytes: The tensors' lengths.
    ///   - limit: The longest file; a tensor that is longer gets a file of its own.
    init(bytes: [Int], limit: Int) {
        var shards: [Range<Int>] = []
        var first = 0
        var sum = 0
        for (place, length) in bytes.enumerated() {
            if sum > 0, sum + length > limit {
                shards.append(first..<place)
                (first, sum) = (place, 0)
            }
            sum += length
        }
        shards.append(first..<bytes.count)
        self.shards = shards
    }

    /// A file's name, as Transformers has it.
    ///
    /// - Parameter number: The file's place, from 0.
    /// - Returns: The name.
    func name(of number: Int) -> String {
        guard shards.count > 1 else { return "model.safetensors" }
        func digits(_ value: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, 5 - text.count)) + text
        }
        return "model-\(digits(number + 1))-of-\(digits(shards.count)).safetensors"
    }
}
