@testable import AssizeTraining

/// Adapters whose A follows the oracles' rule and whose B is zero, as PEFT begins.
enum OracleAdapter {
    static func fresh(base: String, rank: Int, alpha: Double, seed: UInt64) throws -> LoraAdapter {
        let file = try GGUFFile(path: base)
        let modules = file.tensors.compactMap { tensor -> LoraModule? in
            let name = String(tensor.name.dropLast(".weight".count))
            guard LoraOptions.allTargets.contains(where: { tensor.name.hasSuffix(".\($0).weight") }) else { return nil }
            let (inputs, outputs) = (tensor.dimensions[0], tensor.dimensions[1])
            return LoraModule(
                name: name,
                rank: rank,
                inputs: inputs,
                outputs: outputs,
                a: OracleNumbers.values(
                    "\(tensor.name).lora_a",
                    seed: seed,
                    count: rank * inputs,
                    offset: 0,
                    amplitude: (3 / Double(inputs)).squareRoot()
                ),
                b: [Float](repeating: 0, count: outputs * rank)
            )
        }
        return LoraAdapter(
            architecture: file.string("general.architecture") ?? "",
            alpha: Float(alpha),
            modules: modules
        )
    }

    /// The same with B by the rule as well.
    static func filled(base: String, rank: Int, alpha: Double, seed: UInt64, amplitude: Double) throws -> LoraAdapter {
        let fresh = try fresh(base: base, rank: rank, alpha: alpha, seed: seed)
        let modules = fresh.modules.map { module in
            var module = module
            module.b = OracleNumbers.values(
                "\(module.name).weight.lora_b",
                seed: seed,
                count: module.b.count,
                offset: 0,
                amplitude: amplitude
            )
            return module
        }
        return LoraAdapter(architecture: fresh.architecture, alpha: fresh.alpha, modules: modules)
    }
}
