public import AssizeCore
internal import Testing

/// What every ``LanguageModel`` has to keep, as checks that a backend's own tests call.
///
/// ```swift
/// @Test func `the backend keeps the contract`() async throws {
///     try await LanguageModelContract(model: MyModel()).verify()
/// }
/// ```
public struct LanguageModelContract: Sendable {
    private let model: any LanguageModel

    /// Creates the checks for one backend; nothing is asked yet.
    public init(model: any LanguageModel) {
        self.model = model
    }

    /// Runs all checks; failures are recorded as issues of the running test.
    public func verify() async throws {
        try await labelsComeFromTheFormat()
        try await rationaleComesBeforeTheLabel()
        try await freeTextKeepsItsLimit()
        try await theSameAskHasTheSameLabel()
        try await concurrentAsksAreAllAnswered()
        await aCancelledAskEnds()
        try await promptTokensAgreeWithUsage()
    }

    static let messages = [
        Message(role: .system, content: "You grade answers."),
        Message(
            role: .user,
            content: "Question: What is 2 + 2?\nAnswer: 4\nGrade the answer from 1 (wrong) to 5 (right)."
        ),
    ]
    static let levels = ["1", "2", "3", "4", "5"]

    static func labelAsk(labels: [String] = levels, seed: UInt64 = 1, temperature: Double = 0) -> Ask {
        Ask(
            messages: messages,
            format: .labelOnly(.init(opening: "Grade: ", labels: labels)),
            sampling: Sampling(temperature: temperature),
            seed: seed
        )
    }

    static func rationaleAsk(maximumTokens: Int = 12, seed: UInt64 = 1, temperature: Double = 0) -> Ask {
        Ask(
            messages: messages,
            format: .rationaleThenLabel(
                .init(
                    opening: "Feedback:",
                    marker: "\nGrade: ",
                    stops: ["Grade:"],
                    labels: levels,
                    maximumTokens: maximumTokens,
                    minimumTokens: 2
                )
            ),
            sampling: Sampling(temperature: temperature),
            seed: seed
        )
    }

    func labelsComeFromTheFormat() async throws {
        for labels in [
            Self.levels, ["A", "B", "Tie"], ["Strongly agree", "Strongly disagree"], (1...10).map(String.init),
        ] {
            let answer = try await model.answer(Self.labelAsk(labels: labels))
            #expect(answer.label.map { labels.contains($0) } == true)
            let distribution = try #require(answer.distribution)
            #expect(distribution.labels == labels)
            #expect(abs(distribution.probabilities.reduce(0, +) - 1) < 1e-9)
            #expect((0...1).contains(distribution.mass))
            #expect(answer.rationale == nil)
        }
    }

    func rationaleComesBeforeTheLabel() async throws {
        let answer = try await model.answer(Self.rationaleAsk())
        let rationale = try #require(answer.rationale)
        #expect(!rationale.contains("Grade:"))
        #expect(answer.label.map { Self.levels.contains($0) } == true)
        #expect(answer.text.hasPrefix("Feedback:"))
        #expect(answer.text.hasSuffix("Grade: \(answer.label ?? "none")"))
        #expect(answer.usage.generated > 0 && answer.usage.generated <= 12)
    }

    func freeTextKeepsItsLimit() async throws {
        let ask = Ask(messages: Self.messages, format: .freeText(.init(maximumTokens: 5)))
        let answer = try await model.answer(ask)
        #expect(answer.label == nil)
        #expect(answer.usage.generated <= 5)
    }

    func theSameAskHasTheSameLabel() async throws {
        for temperature in [0.0, 1.0] {
            let ask = Self.rationaleAsk(seed: 7, temperature: temperature)
            let first = try await model.answer(ask)
            let second = try await model.answer(ask)
            #expect(first.label == second.label)
            #expect(first.rationale == second.rationale)
        }
    }

    func concurrentAsksAreAllAnswered() async throws {
        let model = model
        let labels = try await withThrowingTaskGroup(of: String?.self) { group in
            for seed in 0..<24 {
                group.addTask {
                    let ask =
                        seed.isMultiple(of: 2)
                        ? Self.labelAsk(seed: UInt64(seed), temperature: 1)
                        : Self.rationaleAsk(maximumTokens: seed % 7 + 2, seed: UInt64(seed))
                    return try await model.answer(ask).label
                }
            }
            return try await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(labels.count == 24)
        #expect(labels.allSatisfy { $0.map { Self.levels.contains($0) } == true })
    }

    func aCancelledAskEnds() async {
        let model = model
        let task = Task { () async -> LanguageModelError? in
            do throws(LanguageModelError) {
                _ = try await model.answer(Self.rationaleAsk(maximumTokens: 400))
                return nil
            } catch {
                return error
            }
        }
        task.cancel()
        let error = await task.value
        // A backend may have answered before it saw the cancellation; it must not fail in any other way.
        #expect(error == nil || error?.code == .cancelled)
        // And it goes on answering.
        let after = try? await model.answer(Self.labelAsk())
        #expect(after?.label != nil)
    }

    func promptTokensAgreeWithUsage() async throws {
        let ask = Self.rationaleAsk(maximumTokens: 2)
        let counted = try await model.promptTokens(of: ask)
        let answer = try await model.answer(ask)
        #expect(counted == answer.usage.prompt)
    }
}
