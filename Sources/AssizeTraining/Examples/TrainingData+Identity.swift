public import AssizeCore

extension TrainingData {
    /// A digest of all tokens, in their order, and of what is learnt of them; names don't count.
    public var contentHash: ContentHash {
        var whole = ""
        for (part, examples) in [("train", examples), ("held-out", heldOut)] {
            for example in examples { whole += part + " " + example.contentHash.hexadecimal + "\n" }
        }
        return ContentHash(of: whole)
    }
}

extension TrainingExample {
    fileprivate var contentHash: ContentHash {
        switch self {
        case .text(let text):
            hash("text", text.tokens, text.trained.flatMap { [Int32($0.lowerBound), Int32($0.upperBound)] })
        case .preference(let prompt, let chosen, let rejected):
            hash("preference", prompt, chosen, rejected)
        case .judged(let prompt, let answer, let isDesirable):
            hash("judged \(isDesirable)", prompt, answer)
        }
    }

    private func hash(_ kind: String, _ parts: [Int32]...) -> ContentHash {
        var bytes = Array(kind.utf8)
        for part in parts {
            for number in [Int32(part.count)] + part {
                for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> Int32(shift))) }
            }
        }
        return ContentHash(of: bytes)
    }
}
