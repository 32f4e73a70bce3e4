internal import CLlama

/// Loads files of weights one after the other and measures them, on a thread of its own.
///
/// It computes straight on a context, not through the engine that judges.
package actor WeightProbe {
    /// What a measurement is busy with.
    package enum Stage: Sendable, Hashable {
        /// Measures how fast the file computes.
        case speed
        /// Compares judging prompts: so many are done.
        case prompts(done: Int, of: Int)
    }

    private nonisolated let executor = EngineExecutor(label: "assize.prepare")
    private nonisolated let abortFlag = LlamaContext.AbortFlag()
    private let threads: Int?
    private let chatTemplate: String?

    /// The thread that measures.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - threads: Threads of the computation; `nil` for the machine's cores.
    ///   - chatTemplate: A chat template that llama.cpp has, in place of the file's own.
    package init(threads: Int? = nil, chatTemplate: String? = nil) {
        self.threads = threads
        self.chatTemplate = chatTemplate
    }

    /// Measures the original file.
    ///
    /// - Returns: The figures, and what other formats are compared with.
    /// - Throws: ``AssizeLocalError`` when the file can't be used; `CancellationError`.
    package func measure(
        _ path: String,
        prompts: [JudgingPrompt],
        report: @Sendable (Stage) -> Void
    ) async throws -> (WeightMeasurement, QualityReference) {
        try await abortable {
            let model = try LlamaModel(path: path, content: .weights)
            guard model.isDecoder else {
                throw AssizeLocalError(
                    code: .unreadableModel,
                    message: "\(path) is not a model that writes text from left to right; a judge must be one"
                )
            }
            let template = try LocalModel.template(of: model, options: EngineOptions(chatTemplate: chatTemplate))
            let probe = try ProbeContext(model: model, threads: threads, abortFlag: abortFlag)
            report(.speed)
            let speed = try SpeedProbe(probe: probe).run()
            let reference = try QualityProbe(probe: probe)
                .reference(prompts, template: template) { report(.prompts(done: $0, of: prompts.count)) }
            return (measurement(of: model, threads: probe.threads, speed: speed, quality: nil), reference)
        }
    }

    /// Measures a file made of the original.
    ///
    /// - Throws: ``AssizeLocalError`` when the file can't be used; `CancellationError`.
    package func measure(
        _ path: String,
        against reference: QualityReference,
        report: @Sendable (Stage) -> Void
    ) async throws -> WeightMeasurement {
        try await abortable {
            let model = try LlamaModel(path: path, content: .weights)
            let probe = try ProbeContext(model: model, threads: threads, abortFlag: abortFlag)
            report(.speed)
            let speed = try SpeedProbe(probe: probe).run()
            let quality = try QualityProbe(probe: probe)
                .compare(reference) { report(.prompts(done: $0, of: reference.count)) }
            return measurement(of: model, threads: probe.threads, speed: speed, quality: quality)
        }
    }

    /// Runs work whose computation ends early when the task is cancelled.
    private func abortable<Result>(_ work: () throws -> Result) async throws -> Result {
        try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try work()
        } onCancel: {
            abortFlag.isRaised = true
        }
    }

    private func measurement(
        of model: LlamaModel,
        threads: Int,
        speed: WeightSpeed,
        quality: WeightQuality?
    ) -> WeightMeasurement {
        WeightMeasurement(
            format: model.format,
            bitsPerWeight: Double(model.size) * 8 / Double(max(1, model.parameters)),
            parameters: model.parameters,
            threads: threads,
            speed: speed,
            quality: quality
        )
    }
}
