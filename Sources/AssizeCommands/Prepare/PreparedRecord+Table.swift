internal import AssizeHub
internal import AssizeLocal
internal import Foundation

extension PreparedRecord {
    /// What was measured, a row a format.
    var table: TextTable {
        var table = TextTable([
            "FORMAT", "SIZE", "PREFILL", "DECODE 1", "DECODE \(WeightSpeed.togetherCount)", "MEAN KL", "SAME LABEL",
            "OR TIED", "|SCORE|", "JUDGMENTS",
        ])
        for format in formats {
            let divergence = format.meanDivergence.map { Format.fixed($0, 4) } ?? "-"
            let agreements = [format.labelAgreement, format.nearAgreement]
                .map { share in
                    share.map { "\(Format.fixed($0 * 100, 0))%" } ?? "-"
                }
            let difference = format.scoreDifference.map { Format.fixed($0, 3) } ?? "-"
            var cells: [String] = [format.name, Format.bytes(format.size)]
            cells += [format.prefill, format.decode, format.decodeTogether].map { Format.rate($0) }
            cells += [divergence] + agreements + [difference, "x\(Format.fixed(format.rate, 2))"]
            table.append(cells)
        }
        return table
    }

    /// What a finer format can and can't do, when one was measured.
    var finerNote: String? {
        let finer = formats.filter(\.isFiner).map(\.name)
        guard !finer.isEmpty else { return nil }
        return "\(finer.joined(separator: ", ")): finer than the file, which can make it faster but not better"
    }
}

extension PreparedFolder.Entry {
    /// Rows of `models list`: model, format, judgments a second as a multiple, size, path.
    var rows: [[String]] {
        let record = record
        guard !record.files.isEmpty else {
            return [[record.source.name, "as given", "x1.00", Format.bytes(record.source.size), record.source.path]]
        }
        return record.files.map { file in
            let rate = record.format(named: file.format).map { "x\(Format.fixed($0.rate, 2))" } ?? "-"
            let mark = file.format == record.recommended ? "" : " (not recommended)"
            return [record.source.name, file.format + mark, rate, Format.bytes(file.size), path(of: file)]
        }
    }

    /// What `models info` says: the format, its gain and cost, and when it was measured.
    var summary: String {
        let day = record.date.formatted(.iso8601.year().month().day())
        guard record.recommended != PreparedRecord.asGiven, let format = record.format(named: record.recommended) else {
            return "as given is fastest here (\(day), \(record.threads) threads)"
        }
        let agreement = format.labelAgreement.map { ", \(Format.fixed($0 * 100, 0))% of labels the same" } ?? ""
        return "\(format.name), x\(Format.fixed(format.rate, 2)) judgments a second\(agreement) "
            + "(\(day), \(record.threads) threads, \(record.engine))"
    }

    /// Shows the table and what to do with it.
    func show(on terminal: Terminal) {
        for line in record.table.lines(width: terminal.width, bold: terminal.bold) { terminal.write(line) }
        terminal.write("")
        terminal.write(
            "PREFILL and DECODE: tokens a second with \(record.threads) threads; DECODE 8: eight answers together"
        )
        terminal.write(
            "MEAN KL, SAME LABEL, |SCORE|: against the file as given, on \(record.prompts) judging prompts behind the same text;"
        )
        terminal.write(
            "OR TIED grants another label that the file as given holds as probable to within \(Format.fixed(WeightQuality.tie * 100, 0)) points"
        )
        terminal.write(
            "JUDGMENTS: 1 / (\(WeightSpeed.typicalPrompt) / PREFILL + \(WeightSpeed.typicalAnswer) / DECODE \(WeightSpeed.togetherCount)), as a multiple of the file as given"
        )
        if let note = record.finerNote { terminal.write(note) }
        if record.processorShare < WeightSpeed.quietShare {
            terminal.write(
                "other work ran meanwhile (one format had \(Format.fixed(record.processorShare * 100, 0))% of the processor): do not rely on the speeds, run it again"
            )
        }
        terminal.write("")
        if record.recommended == PreparedRecord.asGiven {
            terminal.write("recommended: the file as given; no format is faster with the same labels")
        } else {
            terminal.write("recommended: \(record.recommended)")
        }
        for file in record.files { terminal.write("kept: \(path(of: file))") }
        if record.recommended != PreparedRecord.asGiven {
            terminal.write("use it with: assize judge -m \(record.source.name) --prepared ...")
        }
    }
}
