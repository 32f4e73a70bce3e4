/// All that a run needs to go on as if it had never stopped.
struct Checkpoint {
    /// What stands in the file's header.
    struct Header: Codable {
        /// What the run is, by its data, base model and options; another run's checkpoint is refused.
        let identity: String
        let step: Int
        let best: EvaluationRecord?
        let last: EvaluationRecord?
        /// Evaluations since the best one.
        let waited: Int
    }

    let header: Header
    let parameters: [Float]
    let mean: [Float]
    let square: [Float]
    /// The parameters of the best evaluation; empty when there was none.
    let bestParameters: [Float]

    init(header: Header, parameters: [Float], mean: [Float], square: [Float], bestParameters: [Float]) {
        self.header = header
        self.parameters = parameters
        self.mean = mean
        self.square = square
        self.bestParameters = bestParameters
    }

    /// - Throws: ``AssizeTrainingError`` when the file can't be written.
    func write(to path: String) throws(AssizeTrainingError) {
        try StateFile(header: header, rows: [parameters.memory, mean.memory, square.memory, bestParameters.memory])
            .write(to: path)
    }

    /// - Throws: ``AssizeTrainingError`` when the file is broken, or belongs to another run.
    init(path: String, identity: String, count: Int) throws(AssizeTrainingError) {
        let file = try StateFile<Header>(path: path)
        guard file.header.identity == identity else {
            throw AssizeTrainingError(
                code: .checkpoint,
                message:
                    "\(path) belongs to a run with other data, another base model or other options; resume with those it began with, or choose another --out"
            )
        }
        let rows = file.rows.compactMap { [Float](memory: $0) }
        guard rows.count == 4, rows.prefix(3).allSatisfy({ $0.count == count }), [0, count].contains(rows[3].count)
        else {
            throw AssizeTrainingError(
                code: .checkpoint,
                message: "\(path) holds another adapter's numbers; choose another --out"
            )
        }
        self.init(
            header: file.header,
            parameters: rows[0],
            mean: rows[1],
            square: rows[2],
            bestParameters: rows[3]
        )
    }
}
