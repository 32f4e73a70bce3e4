import AssizeCore
import Foundation
import Testing

@testable import AssizeLocal

extension EngineTests {
    @Suite struct PrepareTests {
        private static let labels = ["1", "2", "10"]

        private func folder() throws -> URL {
            let folder = FileManager.default.temporaryDirectory.appending(path: "assize-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return folder
        }

        private func prompts() -> [JudgingPrompt] {
            ["2 + 2 = 4", "2 + 2 = 5"]
                .map { text in
                    let ask = Ask(
                        messages: [Message(role: .user, content: "Grade this: \(text)")],
                        format: .rationaleThenLabel(
                            .init(
                                opening: "Feedback:",
                                marker: "\nScore: ",
                                stops: [],
                                labels: PrepareTests.labels,
                                maximumTokens: 6
                            )
                        )
                    )
                    return JudgingPrompt(ask: ask, scale: .ordinal(lower: 1, upper: 10, levels: [:]))
                }
        }

        private func probe(_ path: String, threads: Int = 1) throws -> (QualityProbe, ProbeContext, ChatTemplate) {
            let model = try LlamaModel(path: path, content: .weights)
            let context = try ProbeContext(model: model, threads: threads, abortFlag: LlamaContext.AbortFlag())
            let template = try LocalModel.template(of: model, options: EngineOptions())
            return (QualityProbe(probe: context), context, template)
        }

        @Test func `weights are written in another format, which judges nearly alike`() async throws {
            let folder = try folder()
            defer { try? FileManager.default.removeItem(at: folder) }
            let target = folder.appending(path: "q8.gguf").path
            try await WeightQuantizer.write(TestModel.path, as: .q8, to: target, threads: 1)
            let made = try LlamaModel(path: target, content: .vocabulary)
            #expect(made.format == "Q8_0")

            let (original, _, template) = try probe(TestModel.path)
            let reference = try original.reference(prompts(), template: template) { _ in }
            #expect(reference.count == 2)
            let itself = try original.compare(reference) { _ in }
            #expect(itself.meanDivergence < 1e-3)
            #expect(itself.nearAgreement == 1)
            #expect(try #require(itself.scoreDifference) < 0.1)
            #expect(itself.positions == 14)

            let (other, _, _) = try probe(target)
            let quality = try other.compare(reference) { _ in }
            #expect(quality.meanDivergence > 0)
            #expect(quality.meanDivergence < 0.1)
            #expect(quality.prompts == 2)
        }

        @Test func `speeds are measured`() throws {
            let (_, context, _) = try probe(TestModel.path)
            let speed = try SpeedProbe(probe: context, runs: 1).run()
            #expect(speed.prefill > 1)
            #expect(speed.decode > 0.1)
            #expect(speed.decodeTogether > 0.1)
            #expect((0...1).contains(speed.processorShare))
        }

        @Test func `what can't be written leaves no file and says why`() async throws {
            let folder = try folder()
            defer { try? FileManager.default.removeItem(at: folder) }
            let error = await #expect(throws: AssizeLocalError.self) {
                try await WeightQuantizer.write(
                    TestModel.path,
                    as: .q8,
                    to: folder.appending(path: "nowhere/q8.gguf").path,
                    threads: 1
                )
            }
            #expect(error?.message.contains("q8_0") == true)
            let target = folder.appending(path: "q8.gguf").path
            await #expect(throws: AssizeLocalError.self) {
                try await WeightQuantizer.write(#filePath, as: .q8, to: target, threads: 1)
            }
            #expect(!FileManager.default.fileExists(atPath: target))
        }

        @Test func `a cancelled conversion ends at once and leaves no file`() async throws {
            let folder = try folder()
            defer { try? FileManager.default.removeItem(at: folder) }
            let target = folder.appending(path: "bf16.gguf").path
            let task = Task { try await WeightQuantizer.write(TestModel.path, as: .bf16, to: target, threads: 1) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(!FileManager.default.fileExists(atPath: target))
        }

        @Test func `a measurement that is cancelled ends`() async throws {
            let probe = WeightProbe(threads: 1)
            let prompts = prompts()
            let task = Task { _ = try await probe.measure(TestModel.path, prompts: prompts) { _ in } }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }

        @Test func `two threads of a pool compute what one thread does`() throws {
            var rows: [[Float]] = []
            for threads in [1, 2, 2] {
                let (_, context, _) = try probe(TestModel.path, threads: threads)
                if rows.count == 2 { context.context.use(threads: 1) }
                let tokens = context.vocabulary.tokens(ofText: "The sky is blue because")
                try context.read(tokens, outputs: [tokens.count - 1]) { _, logits in rows.append(Array(logits)) }
            }
            #expect(rows.count == 3)
            for row in rows.dropFirst() {
                #expect(zip(rows[0], row).allSatisfy { abs($0 - $1) < 0.05 })
            }
        }
    }
}
