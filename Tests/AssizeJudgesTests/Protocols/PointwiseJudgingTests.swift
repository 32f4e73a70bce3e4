import AssizeCore
import AssizeJudges
import AssizeScripted
import Testing

struct PointwiseJudgingTests {
    /// Judges the sample item, whose answers come by sample number.
    private func judge(
        _ replies: [Reply],
        recipe: String = "assize-pointwise",
        rubric: Rubric? = nil
    ) async throws -> Judgment {
        let judging = try Samples.settings(recipe, samples: replies.count).makeProtocol()
        let model = ScriptedModel { (ask) throws(LanguageModelError) in try replies[ask.sample].answer(to: ask) }
        let judgments = try await judging.judge(Samples.single(rubric: rubric), with: model)
        return try #require(judgments.first)
    }

    @Test func `one sample is the verdict`() async throws {
        let judgment = try await judge([.label("4", weights: [0, 0, 0.25, 0.5, 0.25], rationale: "Fine.")])
        #expect(judgment.verdict == .scored(label: "4", score: 4, expected: 4))
        #expect(judgment.probabilities == ["1": 0, "2": 0, "3": 0.25, "4": 0.5, "5": 0.25])
        #expect(judgment.rationale == "Fine.")
        #expect(judgment.id == "one" && judgment.criterion == "overall" && judgment.recipe == "assize-pointwise")
        #expect(judgment.usage == Usage(prompt: 10, cached: 4, generated: 2))
        #expect(judgment.gold == .score(3) && judgment.seed == 7 && judgment.judge.engine == "scripted")
        #expect(judgment.samples.map(\.text) == ["Fine.4"])
    }

    @Test func `of several samples the most frequent label is the verdict`() async throws {
        let judgment = try await judge([
            .label("2", weights: [0, 1, 0, 0, 0], rationale: "Poor."),
            .label("4", weights: [0, 0, 0, 1, 0], rationale: "Good."),
            .label("4", weights: [0, 0, 0.5, 0.5, 0], rationale: "Decent."),
        ])
        // Expected scores 2, 4 and 3.5.
        guard case .scored("4", 4, let expected?) = judgment.verdict else {
            Issue.record("\(judgment.verdict)")
            return
        }
        #expect(abs(expected - 9.5 / 3) < 1e-12)
        #expect(abs((judgment.probabilities?["4"] ?? 0) - 0.5) < 1e-12)
        #expect(judgment.rationale == "Good.")
        #expect(judgment.usage == Usage(prompt: 30, cached: 12, generated: 6))
    }

    @Test func `equally frequent labels are told apart by probability, then by the scale's order`() async throws {
        let byProbability = try await judge([
            .label("2", weights: [0, 0.4, 0, 0.6, 0]), .label("4", weights: [0, 0.3, 0, 0.7, 0]),
        ])
        #expect(byProbability.verdict == .scored(label: "4", score: 4, expected: (2.0 * 0.35 + 4 * 0.65)))
        let byOrder = try await judge([.label("4"), .label("2")])
        #expect(byOrder.verdict == .scored(label: "2", score: 2, expected: nil))
        #expect(byOrder.probabilities == nil)
    }

    @Test func `failed samples stay visible and do not vote`() async throws {
        let judgment = try await judge([
            .error(LanguageModelError(code: .truncated, message: "cut off", raw: "The resp")),
            .label("3", weights: [0, 0, 1, 0, 0], rationale: "So so."),
        ])
        #expect(judgment.verdict == .scored(label: "3", score: 3, expected: 3))
        #expect(judgment.samples.map(\.verdict.isFailure) == [true, false])
        #expect(judgment.samples[0].verdict == .failed(.truncated, raw: "cut off\n\nThe resp"))
        #expect(judgment.samples[0].text == "The resp")
    }

    @Test func `when all samples failed so has the judgment, as the first did`() async throws {
        let judgment = try await judge([
            .error(LanguageModelError(code: .transport, message: "no route")),
            .error(LanguageModelError(code: .overLength, message: "too long")),
        ])
        #expect(judgment.verdict == .failed(.transport, raw: "no route"))
        #expect(judgment.samples.count == 2)
        #expect(judgment.probabilities == nil && judgment.rationale == nil)
    }

    @Test(arguments: [
        (LanguageModelError.Code.overLength, Verdict.Failure.overLength), (.transport, .transport),
        (.refused, .refusal),
        (.truncated, .truncated), (.unparsed, .unparsed), (.unsupported, .engine), (.engine, .engine),
    ])
    func `each error of a model is a failure of its own kind`(code: LanguageModelError.Code, failure: Verdict.Failure)
        async throws
    {
        let judgment = try await judge([.error(LanguageModelError(code: code, message: "why"))])
        #expect(judgment.verdict == .failed(failure, raw: "why"))
    }

    @Test func `categories are classes, yes and no are scores`() async throws {
        let rubric = Rubric(criteria: [Criterion(name: "tone", text: "?", scale: .categories(["formal", "casual"]))])
        let judgment = try await judge([.label("casual", weights: [0.2, 0.8])], rubric: rubric)
        #expect(judgment.verdict == .classified(label: "casual"))
        #expect(judgment.probabilities == ["formal": 0.2, "casual": 0.8])
        let yesNo = Rubric(criteria: [Criterion(name: "polite", text: "?", scale: .yesNo)])
        let polite = try await judge([.label("Yes", weights: [0.75, 0.25])], rubric: yesNo)
        #expect(polite.verdict == .scored(label: "Yes", score: 1, expected: 0.75))
    }

    @Test func `a model that can't be held to a label is read from its text`() async throws {
        func free(_ text: String, finish: Answer.Finish = .stop) async throws -> Judgment {
            try await judge([.text(text, finish)])
        }
        let read = try await free("It is complete. [RESULT] 4")
        #expect(read.verdict == .scored(label: "4", score: 4, expected: nil))
        #expect(read.rationale == "It is complete.")
        #expect(try await free("No idea.").verdict == .failed(.unparsed, raw: "No idea."))
        #expect(try await free("Score: 9").verdict == .failed(.unparsed, raw: "Score: 9"))
        #expect(try await free("It is", finish: .length).verdict == .failed(.truncated, raw: "It is"))
        #expect(try await free("Score: 2\nScore: 4").verdict == .failed(.contradiction, raw: "Score: 2\nScore: 4"))
    }

    @Test func `a label that was not asked for is no verdict`() async throws {
        let judgment = try await judge([.label("6")])
        #expect(judgment.verdict == .failed(.unparsed, raw: "6"))
    }

    @Test func `judgments come in the rubric's order`() async throws {
        let judging = try Samples.settings("assize-pointwise").makeProtocol()
        let judgments = try await judging.judge(
            Samples.single(rubric: Samples.twoCriteria),
            with: ScriptedModel.hashed()
        )
        #expect(judgments.map(\.criterion) == ["accuracy", "polite"])
        #expect(
            try await judging.judge(Samples.single(rubric: Samples.twoCriteria), with: ScriptedModel.hashed())
                == judgments
        )
    }

    @Test func `a cancelled ask ends the judging instead of being recorded`() async throws {
        let judging = try Samples.settings("assize-pointwise", samples: 2).makeProtocol()
        let model = ScriptedModel { (ask) throws(LanguageModelError) in
            if ask.sample == 0 { throw LanguageModelError(code: .cancelled, message: "cancelled") }
            return Samples.answer("3", ask)
        }
        await #expect(throws: CancellationError.self) { try await judging.judge(Samples.single(), with: model) }
    }

    @Test func `cancelling the task cancels its asks`() async throws {
        let judging = try Samples.settings("assize-pointwise", samples: 4).makeProtocol()
        let (started, report) = AsyncStream.makeStream(of: Void.self)
        let model = ScriptedModel { (_) throws(LanguageModelError) in
            report.yield()
            // Waits for the cancellation, and then names it an engine's failure, as a careless backend might.
            while !Task.isCancelled { await Task.yield() }
            throw LanguageModelError(code: .engine, message: "stopped")
        }
        let task = Task { try await judging.judge(Samples.single(), with: model) }
        var iterator = started.makeAsyncIterator()
        await iterator.next()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
