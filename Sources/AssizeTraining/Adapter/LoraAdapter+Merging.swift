extension LoraAdapter {
    /// An adapter and how much of it goes into a merge.
    public typealias Weighted = (adapter: LoraAdapter, weight: Float)

    /// How several adapters become one.
    public enum MergeMethod: String, Sendable, Hashable, CaseIterable {
        /// The matrices side by side: the change is exactly the weighted sum of the changes, the ranks add up.
        case concatenated
        /// A and B are summed each for itself, each weighted with the root of weight and scale: the rank stays, but
        /// products of one adapter's A with another's B come in. PEFT's `linear`.
        case linear
    }

    /// Merges adapters of the same base model into one.
    ///
    /// A module that only some of them have is merged from those.
    ///
    /// - Parameters:
    ///   - adapters: The adapters, each with its weight, which may be negative.
    ///   - method: How.
    /// - Returns: The merged adapter; its provenance holds that of all.
    /// - Throws: ``AssizeTrainingError`` when there is none, a weight is not finite, or the adapters don't fit each other.
    public static func merged(
        _ adapters: [Weighted],
        method: MergeMethod
    ) throws(AssizeTrainingError) -> LoraAdapter {
        let names = try checkMerge(adapters)
        if method == .linear { try checkRanks(adapters) }
        let parts = names.map { name in
            adapters.compactMap { entry in
                entry.adapter.module(name)
                    .map { Part(module: $0, factor: entry.weight * entry.adapter.scale(of: $0)) }
            }
        }
        let modules = parts.map { method == .linear ? summed($0) : joined($0) }
        // The factors are in the matrices: alpha undoes the division by the rank where all modules have the same.
        let rank = modules.map(\.rank).max() ?? 1
        return LoraAdapter(
            architecture: adapters[0].adapter.architecture,
            alpha: Float(rank),
            modules: modules.map { module in
                var module = module
                if module.rank != rank {
                    let factor = Float(module.rank) / Float(rank)
                    module.b = module.b.map { $0 * factor }
                }
                return module
            },
            provenance: provenance(of: adapters, method: method)
        )
    }

    private struct Part {
        let module: LoraModule
        /// Weight times scale.
        let factor: Float
    }

    private static func joined(_ parts: [Part]) -> LoraModule {
        let first = parts[0].module
        let rank = parts.reduce(0) { $0 + $1.module.rank }
        var b: [Float] = []
        b.reserveCapacity(first.outputs * rank)
        for row in 0..<first.outputs {
            for part in parts {
                let columns = row * part.module.rank..<(row + 1) * part.module.rank
                b += part.module.b[columns].map { $0 * part.factor }
            }
        }
        return LoraModule(
            name: first.name,
            rank: rank,
            inputs: first.inputs,
            outputs: first.outputs,
            a: parts.flatMap(\.module.a),
            b: b
        )
    }

    private static func summed(_ parts: [Part]) -> LoraModule {
        var sum = parts[0].module
        sum.a = [Float](repeating: 0, count: sum.a.count)
        sum.b = [Float](repeating: 0, count: sum.b.count)
        for part in parts {
            let root = abs(part.factor).squareRoot()
            // The sign goes into one of the two, else it would cancel.
            let signed = part.factor < 0 ? -root : root
            for index in sum.a.indices { sum.a[index] += part.module.a[index] * signed }
            for index in sum.b.indices { sum.b[index] += part.module.b[index] * root }
        }
        return sum
    }

    /// Checks that adapters can be merged, and gives the names of all their modules.
    private static func checkMerge(_ adapters: [Weighted]) throws(AssizeTrainingError) -> [String] {
        guard let first = adapters.first?.adapter else {
            throw AssizeTrainingError(code: .invalidOptions, message: "no adapters to merge; name at least one")
        }
        var sizes: [String: LoraModule] = [:]
        for (adapter, weight) in adapters {
            guard weight.isFinite else {
                throw AssizeTrainingError(
                    code: .invalidOptions,
                    message: "an adapter's weight in a merge is \(weight); it must be a finite number"
                )
            }
            guard adapter.architecture == first.architecture else {
                throw AssizeTrainingError(
                    code: .unreadableAdapter,
                    message:
                        "adapters for '\(first.architecture)' and for '\(adapter.architecture)' can't be merged; they must be of one base model"
                )
            }
            for module in adapter.modules {
                let known = sizes[module.name, default: module]
                guard known.inputs == module.inputs, known.outputs == module.outputs else {
                    throw AssizeTrainingError(
                        code: .unreadableAdapter,
                        message:
                            "\(module.name) is \(known.inputs)x\(known.outputs) in one adapter and \(module.inputs)x\(module.outputs) in another; they must be of one base model"
                    )
                }
                sizes[module.name] = known
            }
        }
        return sizes.keys.sorted()
    }

    private static func checkRanks(_ adapters: [Weighted]) throws(AssizeTrainingError) {
        let ranks = Set(adapters.flatMap { $0.adapter.modules.map(\.rank) })
        guard ranks.count == 1 else {
            throw AssizeTrainingError(
                code: .invalidOptions,
                message:
                    "the adapters have the ranks \(ranks.sorted().map(String.init).listed); a linear merge needs one rank, a concatenated one does not"
            )
        }
    }

    private static func provenance(of adapters: [Weighted], method: MergeMethod) -> [String: String] {
        var texts = ["assize.merged.method": method.rawValue]
        for (index, entry) in adapters.enumerated() {
            texts["assize.merged.\(index).weight"] = "\(entry.weight)"
            for (key, text) in entry.adapter.provenance { texts["assize.merged.\(index).\(key)"] = text }
        }
        return texts
    }
}
