import Foundation
import Testing

@testable import AssizeTraining

/// The real model of these tests.
enum RealModel {
    static let path: String = {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["XDG_DATA_HOME"] ?? NSHomeDirectory() + "/.local/share"
        return (environment["ASSIZE_HOME"] ?? "\(home)/assize") + "/models/SmolLM2-135M-Instruct.Q4_1.gguf"
    }()
    static let isThere = FileManager.default.fileExists(atPath: path)
    static let isLong = ProcessInfo.processInfo.environment["ASSIZE_LONG_TESTS"] != nil
    /// Without optimisation our own kernels take minutes for what takes seconds with it.
    #if DEBUG
    static let ways: [FrozenModel.Format] = [.tensors32]
    static let roundedWays: [FrozenModel.Format] = [.tensors16]
    #else
    static let ways: [FrozenModel.Format] = [.tensors32, .panels(.float32)]
    static let roundedWays: [FrozenModel.Format] = [.tensors16, .panels(.bfloat16)]
    #endif
}

extension OwnKernelTests {
    /// SmolLM2-135M itself against PyTorch, PEFT and TRL; the model file is the one that `assize models pull` brings.
    ///
    /// The two whole runs of 50 steps take minutes and are made only where `ASSIZE_LONG_TESTS=1` is set.
    @Suite(.serialized, .enabled(if: RealModel.isThere), .timeLimit(.minutes(30)))
    struct RealModelTests {
        private struct Recorded: Decodable {
            let rank: Int
            let alpha: Double
            let adapterSeed: UInt64
            let rows: [Row]
            let logits: [Logits]
            let gradients: Gradients
            let runs: [String: Run]
        }

        private struct Row: Decodable {
            let prompt: [Int32]
            let answer: [Int32]
            let rejected: [Int32]
        }

        private struct Logits: Decodable {
            let tokens: [Int32]
            let topIds: [Int32]
            let topLogits: [Double]
            let ids: [Int32]
            let logits: [Double]
            let logSumExp: Double
        }

        private struct Gradients: Decodable {
            let bAmplitude: Double
            let sft: Gradient
            let dpo: Gradient
        }

        private struct Gradient: Decodable {
            let row: Int
            let beta: Double?
            let loss: Double
            let gradients: [String: Summary]
        }

        private struct Summary: Decodable {
            let norm: Double
            let samples: [Double]
        }

        private struct Run: Decodable {
            let steps: Int
            let batch: Int
            let learningRate: Double
            let warmupSteps: Int
            let weightDecay: Double
            let maxGradientNorm: Double
            let beta: Double?
            let series: Series
        }

        private struct Series: Decodable {
            let loss: [Double]
            let gradientNorm: [Double]
            let margins: [Double]?
        }

        private func network(_ format: FrozenModel.Format, _ recorded: Recorded, amplitude: Double) throws -> Network {
            let device = try Device(.processor(threads: 2))
            let model = try FrozenModel(GGUFFile(path: RealModel.path), format: format, on: device)
            let targets = model.layers.flatMap(\.projections)
            let parameters = try AdapterParameters(
                targets,
                rank: recorded.rank,
                scale: Float(recorded.alpha) / Float(recorded.rank),
                on: device
            )
            TinyModel.fill(
                parameters,
                targets,
                rank: recorded.rank,
                amplitude: amplitude,
                seed: recorded.adapterSeed
            )
            return Network(
                model: model,
                parameters: parameters,
                rank: recorded.rank,
                storesActivations: true,
                on: device
            )
        }

        @Test(arguments: RealModel.ways.map { ($0, 1e-4) } + RealModel.roundedWays.map { ($0, 2e-2) })
        func `next tokens are as probable as PyTorch says`(format: FrozenModel.Format, tolerance: Double) throws {
            let recorded = try Fixture.load("smollm2", as: Recorded.self)
            let network = try network(format, recorded, amplitude: 0)
            for expected in recorded.logits {
                let ids = expected.topIds + expected.ids
                let logits = expected.topLogits + expected.logits
                var pack = Pack()
                // Each token as an answer of its own behind the text.
                pack.add(prompt: expected.tokens, answers: ids.map { [$0] })
                let found = try network.logProbabilities(of: pack, adapter: .off, forGradients: false)
                let wanted = logits.map { $0 - expected.logSumExp }
                var difference = 0.0
                var size = 0.0
                for (one, other) in zip(found, wanted) {
                    difference += (Double(one) - other) * (Double(one) - other)
                    size += other * other
                }
                #expect(difference.squareRoot() <= tolerance * size.squareRoot())
            }
        }

        @Test(arguments: RealModel.ways)
        func `gradients of an answer and of a preference are PEFT's in every module`(format: FrozenModel.Format) throws
        {
            let recorded = try Fixture.load("smollm2", as: Recorded.self)
            let network = try network(format, recorded, amplitude: recorded.gradients.bAmplitude)
            let tuned = recorded.gradients.sft
            var pack = Pack()
            pack.add(prompt: recorded.rows[tuned.row].prompt, answers: [recorded.rows[tuned.row].answer])
            let found = try network.logProbabilities(of: pack, adapter: .on, forGradients: true)
            #expect(abs(-found.map(Double.init).reduce(0, +) / Double(found.count) - tuned.loss) < 1e-4 * tuned.loss)
            try network.addGradients(weights: [Float](repeating: -1 / Float(found.count), count: found.count))
            try compare(network, tuned.gradients)

            let preferred = recorded.gradients.dpo
            let row = recorded.rows[preferred.row]
            let step =
                StepPack.packs(
                    of: [
                        ExampleGroup(
                            row: 0,
                            .preference(prompt: row.prompt, chosen: row.answer, rejected: row.rejected)
                        )
                    ],
                    examples: [.preference(prompt: row.prompt, chosen: row.answer, rejected: row.rejected)],
                    limit: 4096
                )[0]
            let reference = try network.logProbabilities(of: step.pack, adapter: .off, forGradients: false)
            let policy = try network.logProbabilities(of: step.pack, adapter: .on, forGradients: true)
            let part = StepLoss(
                objective: .preference(try PreferenceLoss(beta: preferred.beta ?? 0)),
                totals: StepTotals(step.items),
                references: [0: step.items[0].sums(reference).1]
            )
            .contribution(of: step, logProbabilities: policy)
            #expect(abs(part.loss - preferred.loss) < 1e-3 * preferred.loss)
            network.parameters?.clearGradients()
            try network.addGradients(weights: part.weights)
            try compare(network, preferred.gradients)
        }

        private func compare(_ network: Network, _ expected: [String: Summary]) throws {
            let parameters = try #require(network.parameters)
            let gradients = parameters.gradients
            var worst = 0.0
            for place in parameters.places {
                let name = place.name.dropLast(2) + ".weight.lora_" + place.name.suffix(1)
                let wanted = try #require(expected[String(name)])
                let found = gradients[place.offset..<place.offset + place.count]
                let norm = found.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
                worst = max(worst, abs(norm - wanted.norm) / wanted.norm)
                // Samples against the root of the mean square, so that values near zero do not count by their ratio.
                let typical = wanted.norm / Double(place.count).squareRoot()
                for (number, sample) in wanted.samples.enumerated() {
                    let value = Double(found[place.offset + number * place.count / wanted.samples.count])
                    worst = max(worst, abs(value - sample) / max(abs(sample), typical))
                }
            }
            #expect(worst < 1e-3)
        }

        @Test(.enabled(if: RealModel.isLong), arguments: RealModel.ways, ["sft", "dpo"])
        func `fifty steps go as TRL's`(format: FrozenModel.Format, kind: String) throws {
            let recorded = try Fixture.load("smollm2", as: Recorded.self)
            let expected = try #require(recorded.runs[kind])
            let examples = recorded.rows.map { row in
                kind == "dpo"
                    ? TrainingExample.preference(prompt: row.prompt, chosen: row.answer, rejected: row.rejected)
                    : .text(TokenText(prompt: row.prompt, answer: row.answer))
            }
            var options = TrainingOptions(
                objective: kind == "dpo" ? .preference(try PreferenceLoss(beta: expected.beta ?? 0)) : .fineTuning,
                lora: LoraOptions(rank: recorded.rank, alpha: recorded.alpha),
                schedule: .init(peak: expected.learningRate, warmupSteps: expected.warmupSteps, shape: .cosine)
            )
            options.weightDecay = expected.weightDecay
            options.maximumGradientNorm = expected.maxGradientNorm
            options.batchRows = expected.batch
            options.maximumSteps = expected.steps
            options.isShuffled = false
            options.threads = 2
            options.path = format == .tensors32 ? .portable32 : .fast32
            let folder = try ScratchFolder()
            let trainer = try Trainer(
                base: RealModel.path,
                data: TrainingData(examples: examples),
                options: options,
                startingFrom: try OracleAdapter.fresh(
                    base: RealModel.path,
                    rank: recorded.rank,
                    alpha: recorded.alpha,
                    seed: recorded.adapterSeed
                )
            )
            var records: [StepRecord] = []
            _ = try trainer.run(
                in: folder.file("run"),
                resumes: false,
                report: { if case .step(let record) = $0 { records.append(record) } }
            )
            #expect(records.count == expected.steps)
            for (step, record) in records.enumerated() {
                let loss = expected.series.loss[step]
                #expect(abs(record.loss - loss) <= 0.01 * loss, "step \(step + 1)")
                let norm = expected.series.gradientNorm[step]
                #expect(abs(record.gradientNorm - norm) <= 0.02 * norm, "step \(step + 1)")
            }
        }
    }
}
