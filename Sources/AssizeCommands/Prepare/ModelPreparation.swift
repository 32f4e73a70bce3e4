internal import AssizeCore
internal import AssizeHub
internal import AssizeLocal
internal import Foundation

/// Measures a model's file and the formats made of it, and keeps what fits this machine.
struct ModelPreparation {
    let source: PreparedRecord.Source
    let formats: [WeightFormat]
    let keepsAll: Bool
    let prompts: [JudgingPrompt]
    let probe: WeightProbe
    let threads: Int?
    let line: StageLine

    /// A format that was measured.
    private struct Candidate {
        let name: String
        let size: Int
        let measurement: WeightMeasurement
    }

    /// Does all of it; takes about a minute for a small model, and ends without a trace when it is cancelled.
    ///
    /// - Throws: What writing, measuring or keeping throws.
    func run(in folder: PreparedFolder) async throws -> PreparedFolder.Entry {
        let workshop = try await PreparedWorkshop.open(folder) {
            line.note("another process prepares weights; waiting for it")
        }
        let given = PreparedRecord.asGiven
        let (original, reference) = try await probe.measure(source.path, prompts: prompts) { show(given, $0) }
        if reference.skipped > 0 { line.note("\(reference.skipped) judging prompts were too long and are left out") }
        noteBusy(given, original)
        var candidates = [Candidate(name: given, size: source.size, measurement: original)]
        var best = candidates[0]
        for format in formats {
            guard format.rawValue.uppercased() != original.format.uppercased() else {
                line.note("\(format.rawValue) is what the file has; it is not tried")
                continue
            }
            guard let candidate = try await candidate(format, of: original, against: reference, in: workshop) else {
                workshop.discard(format.rawValue)
                continue
            }
            candidates.append(candidate)
            let isBest = isBetter(candidate, than: best)
            if !keepsAll {
                let loser = isBest ? best : candidate
                if loser.name != given { workshop.discard(loser.name) }
            }
            if isBest { best = candidate }
        }
        let kept = keepsAll ? candidates.dropFirst().map(\.name) : best.name == given ? [] : [best.name]
        line.show(kept.isEmpty ? "writing the record" : "keeping \(kept.joined(separator: ", "))")
        return try await workshop.keep(kept, of: source) { files in
            PreparedRecord(
                source: source,
                engine: LocalModel.engineVersion,
                processor: Processor.description,
                threads: original.threads,
                processorShare: candidates.map(\.measurement.speed.processorShare).min() ?? 1,
                date: Date(),
                prompts: reference.count,
                formats: candidates.map { figures($0, original: original) },
                recommended: best.name,
                files: files
            )
        }
    }

    private func candidate(
        _ format: WeightFormat,
        of original: WeightMeasurement,
        against reference: QualityReference,
        in workshop: PreparedWorkshop
    ) async throws -> Candidate? {
        let name = format.rawValue
        // Some tensors stay finer than the rest, and the vocabulary comes on top.
        let estimate = Int(Double(original.parameters) * format.bitsPerWeight / 8 * 1.15) + 32 << 20
        let path = try workshop.place(for: name, size: estimate)
        line.show("\(name): writing")
        try await WeightQuantizer.write(source.path, as: format, to: path, threads: threads)
        let measurement: WeightMeasurement
        do {
            measurement = try await probe.measure(path, against: reference) { show(name, $0) }
        } catch let error as AssizeLocalError {
            // Such as weights too large for f16.
            line.note("\(name) is left out: \(error.message)")
            return nil
        }
        noteBusy(name, measurement)
        return Candidate(name: name, size: ModelPreparation.size(of: path), measurement: measurement)
    }

    /// Whether a format is near enough to the original and faster than the best so far.
    private func isBetter(_ candidate: Candidate, than best: Candidate) -> Bool {
        candidate.measurement.quality?.isGoodEnough == true
            && candidate.measurement.speed.judgmentsPerSecond > best.measurement.speed.judgmentsPerSecond
    }

    private func figures(_ candidate: Candidate, original: WeightMeasurement) -> PreparedRecord.Measured {
        let (speed, quality) = (candidate.measurement.speed, candidate.measurement.quality)
        return PreparedRecord.Measured(
            name: candidate.name,
            size: candidate.size,
            prefill: speed.prefill,
            decode: speed.decode,
            decodeTogether: speed.decodeTogether,
            rate: speed.judgmentsPerSecond / original.speed.judgmentsPerSecond,
            meanDivergence: quality?.meanDivergence,
            labelAgreement: quality?.labelAgreement,
            nearAgreement: quality?.nearAgreement,
            scoreDifference: quality?.scoreDifference,
            isFiner: candidate.measurement.bitsPerWeight > original.bitsPerWeight * 1.05
        )
    }

    private func show(_ name: String, _ stage: WeightProbe.Stage) {
        switch stage {
        case .speed: line.show("\(name): measuring its speed")
        case .prompts(let done, let total): line.show("\(name): judging prompts", detail: "\(done)/\(total)")
        }
    }

    private func noteBusy(_ name: String, _ measurement: WeightMeasurement) {
        let share = measurement.speed.processorShare
        guard share < WeightSpeed.quietShare else { return }
        line.note(
            "\(name): had \(Int((share * 100).rounded()))% of the processor it asked for; other work makes these figures low"
        )
    }

    /// A file's length in bytes; 0 when it can't be told.
    static func size(of path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }
}
