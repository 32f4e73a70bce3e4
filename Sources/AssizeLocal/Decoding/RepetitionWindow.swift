/// The tokens drawn last, each once.
struct RepetitionWindow {
    private let capacity: Int
    private var recent: [Vocabulary.Token] = []
    /// The place in `recent` of the oldest token, once it is full.
    private var oldest = 0
    private var counts: [Vocabulary.Token: Int] = [:]

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Every token in the window, in no particular order.
    var tokens: Dictionary<Vocabulary.Token, Int>.Keys { counts.keys }

    mutating func append(_ token: Vocabulary.Token) {
        if recent.count < capacity {
            recent.append(token)
        } else {
            let forgotten = recent[oldest]
            counts[forgotten] = counts[forgotten].flatMap { $0 > 1 ? $0 - 1 : nil }
            recent[oldest] = token
            oldest = (oldest + 1) % capacity
        }
        counts[token, default: 0] += 1
    }
}
