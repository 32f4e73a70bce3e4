import Foundation
import Testing

@testable import AssizeTraining

@Suite struct TrlJobTests {
    private let rows: [TrainingExample] = [
        .preference(prompt: [1, 2], chosen: [3, 4, 5], rejected: [6]),
        .preference(prompt: [7], chosen: [8], rejected: [9, 10]),
    ]

    private func options(_ objective: Objective) -> TrainingOptions {
        let schedule = LearningRateSchedule(peak: 5e-4, warmupSteps: 3, shape: .cosine)
        var options = TrainingOptions(objective: objective, lora: LoraOptions(rank: 4, alpha: 8), schedule: schedule)
        options.batchRows = 4
        options.seed = 0x1_0000_0007
        return options
    }

    private func job(
        _ scratch: ScratchFolder,
        _ options: TrainingOptions,
        _ rows: [TrainingExample]? = nil,
        model: String = "qwen3",
        start: LoraAdapter? = nil
    ) throws -> TrlJob {
        let base = try TinyModel.write(model, in: scratch.path)
        let folder = scratch.file("\(model).hf")
        if !FileManager.default.fileExists(atPath: folder) {
            try HuggingFaceExport(base: base, format: .f32, hasTokenizer: false).write(to: folder)
        }
        return try TrlJob(
            folder: scratch.file("run"),
            base: base,
            model: folder,
            precision: .float32,
            data: TrainingData(examples: rows ?? self.rows, heldOut: Array((rows ?? self.rows).prefix(1))),
            options: options,
            startingFrom: start,
            identity: "test"
        )
    }

    private func settings(_ scratch: ScratchFolder) throws -> [String: JSONValue] {
        let data = try Data(contentsOf: URL(fileURLWithPath: scratch.file("run/job.json")))
        return try JSONDecoder().decode([String: JSONValue].self, from: data)
    }

    @Test func `a job holds all that a run needs`() throws {
        let scratch = try ScratchFolder()
        var options = options(.preference(try PreferenceLoss(beta: 0.2)))
        options.evaluationInterval = 5
        options.isShuffled = false
        try job(scratch, options).write(resumes: false, processes: 2)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.file("run")).sorted() == [
                "accelerate.yaml", "data.jsonl", "held_out.jsonl", "job.json", "train.py",
            ]
        )
        let settings = try settings(scratch)
        #expect(settings["kind"] == .string("dpo") && settings["batch"] == .number(4))
        // Both answers of the longest row.
        #expect(settings["row_tokens"] == .number(10) && settings["tokens_at_once"] == .number(1024))
        let form = try #require(settings["lora"]?.object)
        #expect(form["r"] == .number(4) && form["lora_alpha"] == .number(8))
        let targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
        #expect(form["target_modules"] == .array(targets.map { .string($0) }))
        let arguments = try #require(settings["arguments"]?.object)
        let expected: [String: JSONValue] = [
            "beta": .number(0.2), "loss_type": .array([.string("sigmoid")]), "learning_rate": .number(5e-4),
            "warmup_steps": .number(3), "lr_scheduler_type": .string("cosine"), "max_grad_norm": .number(1),
            "seed": .number(7), "train_sampling_strategy": .string("sequential"), "eval_steps": .number(5),
            "max_steps": .number(-1), "num_train_epochs": .number(1), "disable_dropout": .bool(true),
            "bf16": .bool(false), "max_length": .null,
        ]
        for (key, value) in expected { #expect(arguments[key] == value, "\(key): \(arguments[key] ?? .null)") }
        let launch = String(decoding: try ScratchFolder.bytes(scratch.file("run/accelerate.yaml")), as: UTF8.self)
        #expect(launch.contains("distributed_type: MULTI_GPU\n") && launch.contains("num_processes: 2\n"))
    }

    @Test func `rows are the token ids that would be trained on here`() {
        let text = TokenText(tokens: [1, 2, 3, 4, 5], trained: [1..<2, 4..<5])
        #expect(TrlRows.line(.text(text)) == #"{"input_ids":[1,2,3,4,5],"labels":[-100,2,-100,-100,5]}"#)
        #expect(TrlRows.line(rows[0]) == #"{"prompt_ids":[1,2],"chosen_ids":[3,4,5],"rejected_ids":[6]}"#)
        let judged = TrainingExample.judged(prompt: [1], answer: [2], isDesirable: false)
        #expect(TrlRows.line(judged) == #"{"prompt_ids":[1],"completion_ids":[2],"label":false}"#)
    }

    @Test func `KTO's rows are shuffled here, since TRL takes them as they lie`() throws {
        let scratch = try ScratchFolder()
        let rows = (0..<20).map { TrainingExample.judged(prompt: [1], answer: [$0], isDesirable: $0 % 2 == 0) }
        var options = options(.unpaired(try UnpairedLoss()))
        try job(scratch, options, rows).write(resumes: false)
        let shuffled = try ScratchFolder.bytes(scratch.file("run/data.jsonl"))
        #expect(try settings(scratch)["arguments"]?.object?["train_sampling_strategy"] == .string("sequential"))
        options.isShuffled = false
        try job(scratch, options, rows).write(resumes: false)
        let straight = try ScratchFolder.bytes(scratch.file("run/data.jsonl"))
        #expect(shuffled != straight && shuffled.sorted() == straight.sorted())
    }

    @Test(
        arguments: [
            (.sigmoid, 0, 0, ["sigmoid"], 4), (.sigmoid, 0.1, 0, ["aot"], 1), (.robust, 0.1, 0, ["robust"], 4),
            (.hinge, 0, 0.5, ["hinge", "sft"], 4), (.ipo, 0, 0, ["ipo"], 4), (.normalized, 0, 0, ["sigmoid_norm"], 4),
        ] as [(PreferenceLoss.Kind, Double, Double, [String], Int)]
    )
    func `each loss has TRL's name`(
        _ kind: PreferenceLoss.Kind,
        _ smoothing: Double,
        _ likelihood: Double,
        _ names: [String],
        _ rows: Int
    ) throws {
        let scratch = try ScratchFolder()
        let loss = try PreferenceLoss(kind: kind, labelSmoothing: smoothing, likelihoodWeight: likelihood)
        try job(scratch, options(.preference(loss))).write(resumes: false)
        let settings = try settings(scratch)
        let arguments = try #require(settings["arguments"]?.object)
        #expect(arguments["loss_type"] == .array(names.map { .string($0) }))
        #expect(arguments["loss_weights"] == (likelihood > 0 ? .array([.number(1), .number(likelihood)]) : nil))
        #expect(settings["most_rows"] == .number(Double(rows)))
    }

    @Test func `what TRL can't do, steps that can't be shared and other models are refused`() throws {
        let scratch = try ScratchFolder()
        let smoothed = try PreferenceLoss(kind: .normalized, labelSmoothing: 0.1)
        let loss = #expect(throws: AssizeTrainingError.self) { try job(scratch, options(.preference(smoothed))) }
        #expect(loss?.message.contains("no label smoothing for the loss 'normalized'") == true)
        let usual = options(.preference(try PreferenceLoss()))
        let shares = #expect(throws: AssizeTrainingError.self) {
            try job(scratch, usual).write(resumes: false, processes: 3)
        }
        #expect(shares?.message.contains("4 rows a step can't be shared evenly by 3 processes") == true)
        let judged = [TrainingExample.judged(prompt: [1], answer: [2], isDesirable: true)]
        let few = #expect(throws: AssizeTrainingError.self) {
            try job(scratch, options(.unpaired(try UnpairedLoss())), judged).write(resumes: false, processes: 4)
        }
        #expect(few?.message.contains("TRL needs at least 2") == true)
        let base = try TinyModel.write("qwen2", in: scratch.path)
        let other = #expect(throws: AssizeTrainingError.self) {
            try TrlJob(
                folder: scratch.file("run"),
                base: base,
                model: scratch.file("qwen3.hf"),
                precision: .float32,
                data: TrainingData(examples: rows),
                options: usual
            )
        }
        #expect(other?.message.contains("has model_type \"qwen3\", the base model has \"qwen2\"") == true)
        #expect(!TrlJob.isBegun(scratch.file("run")))
    }

    @Test func `only the same job goes on, and a new one clears what the old one left`() throws {
        let scratch = try ScratchFolder()
        var options = options(.preference(try PreferenceLoss()))
        try job(scratch, options).write(resumes: false)
        #expect(TrlJob.isBegun(scratch.file("run")))
        _ = try scratch.write(Array("old\n".utf8), to: "run/log.jsonl")
        _ = try scratch.write([1], to: "run/result.json")
        try job(scratch, options).write(resumes: true)
        #expect(try ScratchFolder.bytes(scratch.file("run/log.previous.jsonl")) == Array("old\n".utf8))
        #expect(!FileManager.default.fileExists(atPath: scratch.file("run/result.json")))
        options.epochs = 2
        let error = #expect(throws: AssizeTrainingError.self) { try job(scratch, options).write(resumes: true) }
        #expect(error?.code == .checkpoint && error?.message.contains("is of another run") == true)
        try job(scratch, options).write(resumes: false)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("run/log.previous.jsonl")))
    }

    @Test func `an adapter to go on from is written, and the one that comes back is read`() throws {
        let scratch = try ScratchFolder()
        let base = try AdapterBase(reading: TinyModel.write("llama-tied", in: scratch.path))
        var numbers = SmallNumbers(seed: 3)
        let size = try #require(base.matrices["blk.0.attn_q"])
        let module = LoraModule(
            name: "blk.0.attn_q",
            rank: 2,
            inputs: size.inputs,
            outputs: size.outputs,
            a: numbers.next(2 * size.inputs),
            b: numbers.next(2 * size.outputs)
        )
        let adapter = LoraAdapter(architecture: "llama", alpha: 4, modules: [module])
        let job = try job(scratch, options(.preference(PreferenceLoss())), model: "llama-tied", start: adapter)
        try job.write(resumes: false)
        #expect(try settings(scratch)["start"] == .string("start"))
        #expect(try PEFTAdapter(path: scratch.file("run/start")).read(for: base).modules == [module])
        #expect(try job.outcome() == nil)
        try FileManager.default.copyItem(atPath: scratch.file("run/start"), toPath: scratch.file("run/adapter"))
        _ = try scratch.write(Array(#"{"reason": "interrupted", "steps": 1}"#.utf8), to: "run/result.json")
        #expect(try job.outcome() == nil)
        _ = try scratch.write(Array(#"{"reason": "stoppedEarly", "steps": 3}"#.utf8), to: "run/result.json")
        let evaluation = #"{"evaluation": {"isBest": true, "loss": 0.5, "step": 3}}"#
        _ = try scratch.write(Array("\(evaluation)\n".utf8), to: "run/log.jsonl")
        let outcome = try #require(try job.outcome())
        #expect(outcome.reason == .stoppedEarly && outcome.steps == 3 && outcome.adapter.modules == [module])
        #expect(outcome.evaluation?.loss == 0.5)
    }
}
