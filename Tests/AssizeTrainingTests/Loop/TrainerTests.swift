import Foundation
import Testing

@testable import AssizeTraining

/// What must not change a run, and what must stop it.
@Suite struct TrainerTests {
    /// Rows of which several share a prompt and answers.
    static func preferences(_ count: Int) -> [TrainingExample] {
        (0..<count)
            .map { row in
                let prompt = (0..<(4 + row / 3 % 3)).map { Int32(3 + (row / 3 * 7 + $0 * 5) % 80) }
                func answer(_ seed: Int) -> [Int32] {
                    (0..<(3 + seed % 4)).map { Int32(8 + (seed * 11 + $0 * 3 + row / 3) % 60) }
                }
                return .preference(prompt: prompt, chosen: answer(row % 3), rejected: answer(row % 3 + 1))
            }
    }

    static func texts(_ count: Int) -> [TrainingExample] {
        preferences(count)
            .map {
                guard case .preference(let prompt, let chosen, _) = $0 else { preconditionFailure() }
                return .text(TokenText(prompt: prompt, answer: chosen + [Int32(prompt.count)]))
            }
    }

    static func judged(_ count: Int) -> [TrainingExample] {
        preferences(count).enumerated()
            .map {
                guard case .preference(let prompt, let chosen, let rejected) = $1 else { preconditionFailure() }
                return .judged(
                    prompt: prompt,
                    answer: $0 % 2 == 0 ? chosen : rejected,
                    isDesirable: $0 % 2 == 0
                )
            }
    }

    static func options(_ objective: Objective) -> TrainingOptions {
        var options = TrainingOptions(
            objective: objective,
            lora: LoraOptions(rank: 4, alpha: 8),
            schedule: LearningRateSchedule(peak: 5e-3, warmupSteps: 2, shape: .linear)
        )
        options.path = .portable32
        options.batchRows = 8
        options.epochs = 2
        options.checkpointInterval = 2
        return options
    }

    private final class Run {
        let folder: ScratchFolder
        let base: String

        init(_ model: String = "llama-tied") throws {
            folder = try ScratchFolder()
            base = try TinyModel.write(model, in: folder.path)
        }

        func train(
            _ data: TrainingData,
            _ options: TrainingOptions,
            in name: String = "run",
            resumes: Bool = false,
            stopAfter: Int = .max,
            startingFrom adapter: LoraAdapter? = nil
        ) throws -> (outcome: TrainingOutcome, steps: [StepRecord], evaluations: [EvaluationRecord]) {
            let trainer = try Trainer(base: base, data: data, options: options, startingFrom: adapter)
            var steps: [StepRecord] = []
            var evaluations: [EvaluationRecord] = []
            let outcome = try trainer.run(
                in: folder.file(name),
                resumes: resumes,
                isInterrupted: { steps.count >= stopAfter },
                report: {
                    if case .step(let record) = $0 { steps.append(record) }
                    if case .evaluation(let record) = $0 { evaluations.append(record) }
                }
            )
            return (outcome, steps, evaluations)
        }
    }

    private func largestDifference(_ one: LoraAdapter, _ other: LoraAdapter) -> Float {
        zip(one.modules, other.modules)
            .flatMap { zip($0.a + $0.b, $1.a + $1.b) }
            .reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    private func size(_ adapter: LoraAdapter) -> Float {
        adapter.modules.flatMap { $0.a + $0.b }.reduce(0) { max($0, abs($1)) }
    }

    @Test(arguments: [0, 1, 2])
    func `a run cut off anywhere and resumed ends with the same bits`(kind: Int) throws {
        let run = try Run()
        let rows = [TrainerTests.texts(24), TrainerTests.preferences(24), TrainerTests.judged(24)][kind]
        let objective: Objective = [
            .fineTuning, .preference(try PreferenceLoss()), .unpaired(try UnpairedLoss()),
        ][kind]
        var options = TrainerTests.options(objective)
        options.evaluationInterval = 2
        let data = TrainingData(examples: Array(rows.dropLast(6)), heldOut: Array(rows.suffix(6)))
        let straight = try run.train(data, options, in: "straight")
        #expect(straight.outcome.reason == .finished)
        #expect(straight.steps.count >= 4)
        for stop in 1..<straight.steps.count {
            let first = try run.train(data, options, in: "cut \(stop)", stopAfter: stop)
            #expect(first.outcome.reason == .interrupted)
            #expect(first.outcome.steps == stop)
            let second = try run.train(data, options, in: "cut \(stop)", resumes: true)
            #expect(second.steps.first?.step == stop + 1)
            #expect(second.outcome.adapter == straight.outcome.adapter)
            #expect(second.outcome.evaluation == straight.outcome.evaluation)
        }
        let log = try String(contentsOfFile: run.folder.file("cut 2/log.jsonl"), encoding: .utf8)
        let whole = try String(contentsOfFile: run.folder.file("straight/log.jsonl"), encoding: .utf8)
        #expect(log.split(separator: "\n").count == whole.split(separator: "\n").count)
    }

    @Test func `one pack or many, shared prompts or separate ones, stored activations or not: the same training`()
        throws
    {
        let run = try Run("qwen3")
        let data = TrainingData(examples: TrainerTests.preferences(24))
        var plain = TrainerTests.options(.preference(try PreferenceLoss(likelihoodWeight: 0.5)))
        // Three rows share a prompt: a step takes whole groups, so nine rows are the same with and without sharing.
        plain.isShuffled = false
        plain.batchRows = 9
        plain.sharesPrompts = false
        plain.packTokens = 16
        plain.storesActivations = false
        let reference = try run.train(data, plain, in: "separate")
        let changes: [(inout TrainingOptions) -> Void] = [
            { $0.packTokens = 4096 },
            { $0.sharesPrompts = true },
            {
                $0.sharesPrompts = true
                $0.packTokens = 4096
            },
            { $0.storesActivations = true },
            { $0.threads = 2 },
        ]
        for (number, change) in changes.enumerated() {
            var options = plain
            change(&options)
            let other = try run.train(data, options, in: "\(number)")
            #expect(other.steps.count == reference.steps.count)
            for (one, two) in zip(other.steps, reference.steps) {
                #expect(abs(one.loss - two.loss) < 1e-4, "\(number)")
            }
            let difference = largestDifference(other.outcome.adapter, reference.outcome.adapter)
            #expect(difference < 2e-3 * size(reference.outcome.adapter), "\(number)")
            if options.sharesPrompts { #expect(other.steps[0].tokens < reference.steps[0].tokens) }
        }
    }

    @Test func `a preference run widens the margin and a fine-tuning run lowers the loss`() throws {
        let run = try Run("qwen2")
        var options = TrainerTests.options(.preference(try PreferenceLoss()))
        options.epochs = 8
        let preference = try run.train(TrainingData(examples: TrainerTests.preferences(24)), options)
        let last = try #require(preference.steps.last?.rewards?.margin)
        #expect(last > 0.1)
        options.objective = .fineTuning
        let tuned = try run.train(TrainingData(examples: TrainerTests.texts(24)), options, in: "tuned")
        #expect(try #require(tuned.steps.last).loss < 0.9 * tuned.steps[0].loss)
    }

    @Test func `training goes on from an adapter, which is the reference too`() throws {
        let run = try Run()
        var options = TrainerTests.options(.fineTuning)
        let tuned = try run.train(TrainingData(examples: TrainerTests.texts(24)), options).outcome.adapter
        options.objective = .preference(try PreferenceLoss())
        let next = try run.train(
            TrainingData(examples: TrainerTests.preferences(24)),
            options,
            in: "next",
            startingFrom: tuned
        )
        // Policy and reference are the same at first, so every pair costs log 2.
        #expect(abs(next.steps[0].loss - 0.693147) < 1e-5)
        #expect(next.outcome.adapter != tuned)
    }

    @Test func `early stopping keeps the best adapter`() throws {
        let run = try Run()
        var options = TrainerTests.options(.fineTuning)
        options.schedule = LearningRateSchedule(peak: 0.2, warmupSteps: 0, shape: .constant)
        options.evaluationInterval = 1
        options.patience = 3
        options.epochs = 50
        let rows = TrainerTests.texts(30)
        let result = try run.train(
            TrainingData(examples: Array(rows.prefix(16)), heldOut: Array(rows.suffix(14))),
            options
        )
        #expect(result.outcome.reason == .stoppedEarly)
        let best = try #require(result.evaluations.last { $0.isBest })
        #expect(result.evaluations.suffix(3).allSatisfy { !$0.isBest })
        #expect(best.loss == result.evaluations.map(\.loss).min())
    }

    @Test func `a loss that is no number stops the run and names step and rows`() throws {
        let run = try Run()
        var options = TrainerTests.options(.fineTuning)
        options.schedule = LearningRateSchedule(peak: 1e30, warmupSteps: 0, shape: .constant)
        options.maximumGradientNorm = 0
        let error = #expect(throws: AssizeTrainingError.self) {
            try run.train(TrainingData(examples: TrainerTests.texts(24)), options)
        }
        #expect(error?.code == .notFinite)
        #expect(error?.message.contains("step ") == true)
        #expect(error?.message.contains("row ") == true)
    }

    @Test func `another run's checkpoint and a broken one are refused`() throws {
        let run = try Run()
        let data = TrainingData(examples: TrainerTests.texts(24))
        var options = TrainerTests.options(.fineTuning)
        _ = try run.train(data, options, stopAfter: 2)
        options.batchRows = 4
        #expect(throws: AssizeTrainingError.self) { try run.train(data, options, resumes: true) }
        options.batchRows = 8
        let path = run.folder.file("run/checkpoint.bin")
        let bytes = try ScratchFolder.bytes(path)
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 17)) {
            try Data(bytes.prefix(length)).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: AssizeTrainingError.self) { try run.train(data, options, resumes: true) }
            #expect(error?.code == .checkpoint)
        }
        var changed = bytes
        changed[bytes.count - 5] ^= 1
        try Data(changed).write(to: URL(fileURLWithPath: path))
        #expect(throws: AssizeTrainingError.self) { try run.train(data, options, resumes: true) }
    }

    @Test func `rows of another kind, empty answers and texts too long are refused before training`() throws {
        let run = try Run()
        let options = TrainerTests.options(.fineTuning)
        for rows: [TrainingExample] in [
            [], TrainerTests.preferences(3), [.text(TokenText(tokens: [1, 2], trained: []))],
            [.text(TokenText(prompt: [Int32](repeating: 5, count: 300), answer: [6]))],
        ] {
            let error = #expect(throws: AssizeTrainingError.self) {
                try run.train(TrainingData(examples: rows), options)
            }
            #expect(error?.code == .invalidData)
        }
    }
}
