internal import AssizeCore

/// Which projections an adapter changes, and how.
struct AdapterForm {
    let targets: [Linear]
    let rank: Int
    let scale: Double

    /// The form that the options name, or that of the adapter to start from.
    ///
    /// - Throws: ``AssizeTrainingError`` when the adapter does not fit the model, or has several ranks.
    init(_ options: LoraOptions, _ adapter: LoraAdapter?, model: FrozenModel) throws(AssizeTrainingError) {
        let projections = model.layers.flatMap(\.projections)
        guard let adapter else {
            rank = options.rank
            scale = options.scale
            targets = projections.filter { linear in
                options.targets.contains { linear.name.hasSuffix(".\($0)") }
            }
            return
        }
        try AdapterBase(model.file).check(adapter)
        let ranks = Set(adapter.modules.map(\.rank))
        guard let rank = ranks.first, ranks.count == 1 else {
            throw AssizeTrainingError(
                code: .unsupportedAdapter,
                message:
                    "the adapter has modules of ranks \(ranks.sorted().map(String.init).joined(separator: ", ")); training goes on only from one rank"
            )
        }
        let names = Set(adapter.modules.map(\.name))
        targets = projections.filter { names.contains($0.name) }
        guard targets.count == names.count else {
            let unknown = names.subtracting(targets.map(\.name)).sorted()
            throw AssizeTrainingError(
                code: .unsupportedAdapter,
                message: "the adapter changes \(unknown[0]), which can't be trained here"
            )
        }
        self.rank = rank
        scale = Double(adapter.alpha) / Double(rank)
    }

    /// First values of a new adapter: A even between plus and minus `1 / sqrt(inputs)`, as PEFT has it; B is 0.
    func fresh(places: [AdapterParameters.Place], count: Int, seed: UInt64) -> [Float] {
        var values = [Float](repeating: 0, count: count)
        for place in places where place.name.hasSuffix(".a") {
            let bound = (Double(rank) / Double(place.count)).squareRoot()
            var random = SplitMix64(seed: SplitMix64.derive(seed, "adapter", place.name))
            for offset in place.offset..<place.offset + place.count {
                values[offset] = Float((random.nextUnit() * 2 - 1) * bound)
            }
        }
        return values
    }

    /// An adapter's values in the order of the parameters.
    func values(of adapter: LoraAdapter, places: [AdapterParameters.Place], count: Int) -> [Float] {
        var values = [Float](repeating: 0, count: count)
        for place in places {
            guard let module = adapter.module(String(place.name.dropLast(2))) else { continue }
            let source = place.name.hasSuffix(".a") ? module.a : module.b
            values.replaceSubrange(place.offset..<place.offset + place.count, with: source)
        }
        return values
    }
}

extension Trainer {
    /// The adapter that parameters make.
    func adapter(of values: [Float]) -> LoraAdapter {
        var factors: [String: ArraySlice<Float>] = [:]
        for place in parameters.places {
            factors[place.name] = values[place.offset..<place.offset + place.count]
        }
        return LoraAdapter(
            architecture: network.model.shape.architecture,
            // llama.cpp multiplies by alpha / rank, whatever the scale was made from.
            alpha: Float(scale * Double(rank)),
            modules: targets.map { linear in
                LoraModule(
                    name: linear.name,
                    rank: rank,
                    inputs: linear.inputs,
                    outputs: linear.outputs,
                    a: Array(factors["\(linear.name).a"] ?? []),
                    b: Array(factors["\(linear.name).b"] ?? [])
                )
            }
        )
    }
}
