import Foundation

/// The reference's log-probabilities of all rows, kept on disk: they take a forward pass over the data.
struct ReferenceFile {
    private struct Header: Codable {
        let identity: String
    }

    let path: String
    let identity: String

    /// What is known of `count` rows; nothing when there is no file, or it is another run's.
    ///
    /// - Throws: ``AssizeTrainingError`` when the file is broken.
    func read(count: Int) throws(AssizeTrainingError) -> [ReferenceSums?] {
        let nothing = [ReferenceSums?](repeating: nil, count: count)
        guard FileManager.default.fileExists(atPath: path) else { return nothing }
        let file = try StateFile<Header>(path: path)
        guard file.header.identity == identity, let row = file.rows.first, let values = [Double](memory: row),
            values.count == 2 * count
        else { return nothing }
        return (0..<count)
            .map { values[2 * $0].isNaN ? nil : ReferenceSums(first: values[2 * $0], second: values[2 * $0 + 1]) }
    }

    /// - Throws: ``AssizeTrainingError`` when the file can't be written.
    func write(_ sums: [ReferenceSums?]) throws(AssizeTrainingError) {
        let values = sums.flatMap { [$0?.first ?? .nan, $0?.second ?? .nan] }
        try StateFile(header: Header(identity: identity), rows: [values.memory]).write(to: path)
    }
}
