import AssizeCore
import Foundation
import Testing

@testable import AssizeLocal

/// Random load on one engine: asks of all formats, cancelled ones, prompts that are too long, and changing adapters.
///
/// Ten seconds in every run of the tests; `ASSIZE_SOAK_SECONDS=1800 swift test --filter EngineSoakTests` for longer, with a
/// line of figures a minute on standard error.
extension EngineTests {
    @Suite struct EngineSoakTests {
        private struct Counts {
            var asked = 0
            var answered = 0
            var cancelled = 0
            var tooLong = 0
            var unexpected: [String] = []
        }

        private enum Outcome: Sendable {
            case answered
            case failed(LanguageModelError)
        }

        @Test func `under random load every ask gets its answer or its own failure, and memory stays flat`()
            async throws
        {
            let seconds = ProcessInfo.processInfo.environment["ASSIZE_SOAK_SECONDS"].flatMap(Double.init) ?? 10
            let folder = FileManager.default.temporaryDirectory.path + "/assize-soak-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let base = try LocalModel(
                path: TestModel.path,
                name: "smollm2-135m",
                sha256: nil,
                options: EngineOptions(contextTokens: 768, sequences: 8, threads: 1)
            )
            var models = [base]
            for seed in 1...2 {
                let path = "\(folder)/\(seed).gguf"
                try LoraFile.write(to: path, architecture: "llama", width: 576, layers: 6, seed: UInt64(seed))
                models.append(try await base.adapted(path: path, name: "\(seed)", sha256: nil))
            }

            var random = SplitMix64(seed: 11)
            var counts = Counts()
            var settled = 0
            var highest = 0
            let clock = ContinuousClock()
            let start = clock.now
            var nextReport = 60.0
            while clock.now - start < .seconds(seconds) {
                try await EngineSoakTests.round(models, random: &random, counts: &counts)
                let elapsed = (clock.now - start) / .seconds(1)
                let resident = EngineSoakTests.residentBytes
                // The first fifth of the time may grow to its size.
                if elapsed < seconds / 5 { settled = max(settled, resident) } else { highest = max(highest, resident) }
                if elapsed >= nextReport {
                    nextReport += 60
                    let line =
                        "soak \(Int(elapsed)) s: \(counts.asked) asked, \(counts.answered) answered, "
                        + "\(counts.cancelled) cancelled, \(counts.tooLong) too long, \(resident >> 20) MiB\n"
                    FileHandle.standardError.write(Data(line.utf8))
                }
            }
            #expect(counts.unexpected.isEmpty, "\(counts.unexpected.prefix(3))")
            #expect(counts.answered + counts.cancelled + counts.tooLong == counts.asked)
            #expect(counts.answered > 0 && counts.tooLong > 0 && counts.cancelled > 0)
            // In a few seconds a process has not grown to its size yet.
            if seconds >= 120 {
                #expect(highest - settled < 64 << 20, "\(settled >> 20) MiB grew to \(highest >> 20) MiB")
            }
        }

        /// Some twenty asks at once; a third of them are cancelled a little later.
        private static func round(_ models: [LocalModel], random: inout SplitMix64, counts: inout Counts) async throws {
            var tasks: [(Task<Outcome, Never>, isCancelled: Bool)] = []
            for _ in 0..<20 {
                let model = models[random.nextInt(below: models.count)]
                let ask = EngineSoakTests.ask(&random)
                let task = Task<Outcome, Never> {
                    do throws(LanguageModelError) {
                        _ = try await model.answer(ask)
                        return .answered
                    } catch {
                        return .failed(error)
                    }
                }
                tasks.append((task, random.nextInt(below: 3) == 0))
                if random.nextInt(below: 4) == 0 { await Task.yield() }
            }
            // An ask in the middle of its work is as good as answered for the clock: let one come through first.
            if let first = tasks.first(where: { !$0.isCancelled }) { _ = await first.0.value }
            for (task, isCancelled) in tasks where isCancelled { task.cancel() }
            for (task, isCancelled) in tasks {
                counts.asked += 1
                switch await task.value {
                case .answered: counts.answered += 1
                case .failed(let error) where error.code == .overLength: counts.tooLong += 1
                case .failed(let error) where error.code == .cancelled && isCancelled: counts.cancelled += 1
                case .failed(let error): counts.unexpected.append("\(error)")
                }
            }
        }

        private static func ask(_ random: inout SplitMix64) -> Ask {
            let topic = ["tea", "rain", "iron", "music"][random.nextInt(below: 4)]
            let length = [1, 3, 10, 40, 300][random.nextInt(below: 5)]
            let text = "Judge this note about \(topic). " + String(repeating: "It speaks of \(topic). ", count: length)
            switch random.nextInt(below: 3) {
            case 0: return TestModel.labelAsk(text, labels: (0...10).map(String.init))
            case 1:
                return TestModel.rationaleAsk(
                    text,
                    maximumTokens: 1 + random.nextInt(below: 24),
                    seed: random.next(),
                    temperature: 1
                )
            default:
                return Ask(
                    messages: [Message(role: .user, content: text)],
                    format: .freeText(.init(maximumTokens: 1 + random.nextInt(below: 16), stops: ["."])),
                    sampling: Sampling(temperature: 0.8, topP: 0.9),
                    seed: random.next()
                )
            }
        }

        private static var residentBytes: Int {
            guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
            let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return pages * 4096
        }
    }
}
