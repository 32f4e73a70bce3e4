import AssizeCore
import AssizeLocal
import Foundation

/// The small real model that tests use, when it has been pulled: `assize models pull smollm2-135m`.
enum TestModel {
    static let path: String = {
        let environment = ProcessInfo.processInfo.environment
        let home =
            environment["ASSIZE_HOME"]
            ?? (environment["XDG_DATA_HOME"] ?? "\(environment["HOME"] ?? "")/.local/share") + "/assize"
        return "\(home)/models/SmolLM2-135M-Instruct.Q4_1.gguf"
    }()

    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// One thread: other suites run beside this one, and several threads that wait for each other would starve.
    static func load(sequences: Int = 4, contextTokens: Int? = nil, isDeterministic: Bool = false) throws -> LocalModel
    {
        try LocalModel(
            path: path,
            name: "smollm2-135m",
            sha256: nil,
            options: EngineOptions(
                contextTokens: contextTokens,
                sequences: sequences,
                isDeterministic: isDeterministic,
                threads: 1
            )
        )
    }

    static func rationaleAsk(_ text: String, maximumTokens: Int = 24, seed: UInt64 = 1, temperature: Double = 0) -> Ask
    {
        Ask(
            messages: [Message(role: .user, content: text)],
            format: .rationaleThenLabel(
                .init(
                    opening: "Feedback:",
                    marker: "\nScore: ",
                    stops: ["Score:"],
                    labels: ["1", "2", "3", "4", "5"],
                    maximumTokens: maximumTokens
                )
            ),
            sampling: Sampling(temperature: temperature),
            seed: seed
        )
    }

    static func labelAsk(_ text: String, labels: [String], opening: String = "Score: ") -> Ask {
        Ask(
            messages: [Message(role: .user, content: text)],
            format: .labelOnly(.init(opening: opening, labels: labels))
        )
    }
}
