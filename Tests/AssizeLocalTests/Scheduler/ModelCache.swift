@testable import AssizeLocal

/// A model of llama.cpp's unified KV cache that checks every use of it.
///
/// A cell holds a token at a position for a set of sequences. The "logits" behind a token are a hash of all that its
/// sequence holds up to it, so that a wrong prefix shows in every token drawn from there on.
struct ModelCache {
    struct Cell {
        let token: Int32
        let position: Int
        var sequences: Set<Int>
    }

    struct Misuse: Error, CustomStringConvertible {
        let description: String
    }

    let capacity: Int
    private(set) var cells: [Cell] = []
    private(set) var computed = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    func content(of sequence: Int) -> [Int32] {
        cells.filter { $0.sequences.contains(sequence) }.sorted { $0.position < $1.position }.map(\.token)
    }

    mutating func perform(_ operation: MemoryOperation) throws {
        switch operation {
        case .copy(let source, let target, let end):
            guard length(of: target) == 0 else { throw Misuse(description: "sequence \(target) is copied to in use") }
            guard length(of: source) >= end else {
                throw Misuse(description: "\(end) tokens are copied from a sequence of \(length(of: source))")
            }
            for index in cells.indices
            where cells[index].position < end && cells[index].sequences.contains(source) {
                cells[index].sequences.insert(target)
            }
        case .remove(let sequence, let start):
            for index in cells.indices where cells[index].position >= start { cells[index].sequences.remove(sequence) }
            cells.removeAll { $0.sequences.isEmpty }
        }
    }

    /// Computes rows as llama.cpp would: each sequence goes on where it ends.
    ///
    /// - Returns: For each row flagged for output, the hash of its sequence's content.
    mutating func compute(_ rows: [ScheduledBatch.Row]) throws -> [Int: UInt64] {
        var lengths: [Int: Int] = [:]
        for row in rows {
            guard !row.sequences.isEmpty else { throw Misuse(description: "a row without a sequence") }
            for sequence in row.sequences {
                let length = lengths[sequence] ?? self.length(of: sequence)
                guard length == row.position else {
                    throw Misuse(description: "position \(row.position) in a sequence of \(length)")
                }
                lengths[sequence] = length + 1
            }
            cells.append(Cell(token: row.token, position: row.position, sequences: Set(row.sequences)))
        }
        computed += rows.count
        guard cells.count <= capacity else {
            throw Misuse(description: "\(cells.count) cells in a cache of \(capacity)")
        }
        var outputs: [Int: UInt64] = [:]
        for (index, row) in rows.enumerated() where row.output {
            outputs[index] = ModelCache.hash(content(of: row.sequences[0]).prefix(row.position + 1))
        }
        return outputs
    }

    private func length(of sequence: Int) -> Int {
        cells.count { $0.sequences.contains(sequence) }
    }

    static func hash(_ tokens: some Sequence<Int32>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for token in tokens {
            hash = (hash ^ UInt64(UInt32(bitPattern: token))) &* 0x100_0000_01b3
        }
        return hash
    }

    /// What the model writes behind some tokens.
    static func next(_ hash: UInt64) -> Int32 { Int32(hash >> 33 & 7) }
}
