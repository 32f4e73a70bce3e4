import Foundation
import Testing

@testable import AssizeTraining

/// Whole runs against TRL's trainers: the same data in the same order, every loss within one per cent.
@Suite struct TrajectoryTests {
    private struct Trajectories: Decodable {
        let models: [String: Model]
    }

    private struct Model: Decodable {
        let rows: [Row]
        let runs: [String: Run]
    }

    private struct Row: Decodable {
        let prompt: [Int32]
        let answer: [Int32]
        let rejected: [Int32]
    }

    private struct Run: Decodable {
        let rank: Int
        let alpha: Double
        let adapterSeed: UInt64
        let steps: Int
        let batch: Int
        let accumulation: Int
        let learningRate: Double
        let warmupSteps: Int
        let weightDecay: Double
        let maxGradientNorm: Double
        let beta: Double?
        let series: Series
        let final: [String: Summary]
    }

    private struct Series: Decodable {
        let loss: [Double]
        let gradientNorm: [Double]
        let learningRate: [Double]
        let margins: [Double]?
    }

    private struct Summary: Decodable {
        let norm: Double
    }

    private static let runs = ["sft", "dpo"]
        .flatMap { ["\($0)", "\($0) without decay or clipping", "\($0) accumulated"] }

    @Test(arguments: ["llama-tied", "qwen2"], runs)
    func `every step's loss, gradient and rate are TRL's`(name: String, run: String) throws {
        let model = try #require(try Fixture.load("trajectories", as: Trajectories.self).models[name])
        let expected = try #require(model.runs[run])
        let isPreference = expected.beta != nil
        let examples = model.rows.map { row in
            isPreference
                ? TrainingExample.preference(prompt: row.prompt, chosen: row.answer, rejected: row.rejected)
                : .text(TokenText(prompt: row.prompt, answer: row.answer))
        }
        let folder = try ScratchFolder()
        let base = try TinyModel.write(name, in: folder.path)
        let start = try OracleAdapter.fresh(
            base: base,
            rank: expected.rank,
            alpha: expected.alpha,
            seed: expected.adapterSeed
        )
        var options = TrainingOptions(
            objective: isPreference ? .preference(try PreferenceLoss(beta: expected.beta ?? 0)) : .fineTuning,
            lora: LoraOptions(rank: expected.rank, alpha: expected.alpha),
            schedule: LearningRateSchedule(
                peak: expected.learningRate,
                warmupSteps: expected.warmupSteps,
                shape: .cosine
            )
        )
        options.weightDecay = expected.weightDecay
        options.maximumGradientNorm = expected.maxGradientNorm
        options.batchRows = expected.batch * expected.accumulation
        options.maximumSteps = expected.steps
        options.isShuffled = false
        options.path = .portable32
        let trainer = try Trainer(
            base: base,
            data: TrainingData(examples: examples),
            options: options,
            startingFrom: start
        )
        var records: [StepRecord] = []
        let outcome = try trainer.run(
            in: folder.file("run"),
            resumes: false,
            report: { if case .step(let record) = $0 { records.append(record) } }
        )
        #expect(outcome.reason == .finished)
        #expect(records.count == expected.steps)
        for (step, record) in records.enumerated() {
            #expect(abs(record.loss - expected.series.loss[step]) <= 0.01 * abs(expected.series.loss[step]), "\(step)")
            #expect(abs(record.rate - expected.series.learningRate[step]) < 1e-9)
            let norm = expected.series.gradientNorm[step]
            #expect(abs(record.gradientNorm - norm) <= 0.01 * norm, "\(step)")
            if let margins = expected.series.margins {
                #expect(abs((record.rewards?.margin ?? .nan) - margins[step]) <= 0.01 * max(0.1, abs(margins[step])))
            }
        }
        for module in outcome.adapter.modules {
            for (values, factor) in [(module.a, "a"), (module.b, "b")] {
                let norm = try #require(expected.final["\(module.name).weight.lora_\(factor)"]).norm
                let found = values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
                #expect(abs(found - norm) <= 0.01 * norm, "\(module.name).\(factor)")
            }
        }
    }
}
