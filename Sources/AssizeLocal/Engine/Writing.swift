internal import AssizeCore

/// The text a model is writing: its tokens, its bytes, and where it ends.
struct Writing {
    let maximumTokens: Int
    /// The model may not end its turn before this many tokens.
    let minimumTokens: Int
    private let stops: [[UInt8]]
    private(set) var tokens: [Vocabulary.Token] = []
    /// For each token, the length of the text with it, in bytes.
    private var ends: [Int] = []
    private var bytes: [UInt8] = []
    /// The text's length without the stop text that ended it.
    private var cut: Int?
    var finish: Answer.Finish = .stop

    init(maximumTokens: Int, minimumTokens: Int, stops: [String]) {
        self.maximumTokens = maximumTokens
        self.minimumTokens = minimumTokens
        self.stops = stops.filter { !$0.isEmpty }.map { Array($0.utf8) }
    }

    /// The text so far, without a stop text; a character that is not whole is left out.
    var text: String {
        var end = cut ?? bytes.count
        // A character of up to four bytes may have been begun.
        for _ in 0..<4 {
            if let whole = String(validating: bytes[..<end], as: UTF8.self) { return whole }
            if end == 0 { break }
            end -= 1
        }
        return String(decoding: bytes[..<(cut ?? bytes.count)], as: UTF8.self)
    }

    /// Adds a token.
    ///
    /// - Returns: Whether the text now holds a stop text.
    mutating func append(_ token: Vocabulary.Token, bytes new: [UInt8]) -> Bool {
        let before = bytes.count
        bytes += new
        tokens.append(token)
        ends.append(bytes.count)
        var earliest: Int?
        for stop in stops {
            // A stop text that ends among the new bytes can't begin before this.
            let from = max(0, before - stop.count + 1)
            if let place = Writing.find(stop, in: bytes, from: from) { earliest = min(earliest ?? place, place) }
        }
        cut = earliest
        return earliest != nil
    }

    /// Ends the text at its last character that is no white space.
    ///
    /// - Returns: How many tokens lie wholly within it, and the text of the next one that still belongs to it.
    mutating func settle() -> (kept: Int, rest: String) {
        var end = cut ?? bytes.count
        while end > 0, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[end - 1]) { end -= 1 }
        while end > 0, String(validating: bytes[..<end], as: UTF8.self) == nil { end -= 1 }
        cut = end
        let kept = ends.prefix { $0 <= end }.count
        let rest = bytes[(kept > 0 ? ends[kept - 1] : 0)..<end]
        return (kept, String(decoding: rest, as: UTF8.self))
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8], from: Int) -> Int? {
        guard bytes.count >= needle.count else { return nil }
        var start = from
        while start + needle.count <= bytes.count {
            if bytes[start..<(start + needle.count)].elementsEqual(needle) { return start }
            start += 1
        }
        return nil
    }
}
