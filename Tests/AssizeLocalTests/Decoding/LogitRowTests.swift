import AssizeCore
import Testing

@testable import AssizeLocal

struct LogitRowTests {
    @Test func `exponentials are right to 3e-7, and their bound is never below nor more than 1.0616 times as high`() {
        for step in stride(from: 0, through: 79_999, by: 7) {
            let exponent = -Float(step) * 1e-3
            let exact = SamplingReference.exponential(Double(exponent))
            let value = Double(SIMD16<Float>.exponential(SIMD16(repeating: exponent))[step % 16])
            #expect(abs(value / exact - 1) < 3e-7)
            let power = SIMD16<Float>(repeating: exponent) * SIMD16(repeating: 1.442695)
            let bound = Double(SIMD16<Float>.exponentialBound(ofPower: power)[step % 16])
            #expect(bound * SIMD16<Float>.boundSlack >= value)
            #expect(bound * SIMD16<Float>.boundSlack >= exact)
            #expect(bound <= exact * SIMD16<Float>.greatestExcess)
        }
        #expect(SIMD16<Float>.exponential(SIMD16())[0] == 1)
        #expect(SIMD16<Float>.exponential(SIMD16(repeating: -.infinity)) == SIMD16())
        #expect(SIMD16<Float>.exponential(SIMD16(repeating: -80.1)) == SIMD16())
    }

    @Test func `lanes are summed and compared whatever their place`() {
        for lane in 0..<16 {
            var values = SIMD16<Float>(repeating: -2)
            values[lane] = 7
            #expect(values.laneMaximum == 7)
            #expect(values.laneSum == -23)
            values[lane] = .nan
            #expect(values.laneSum.isNaN)
        }
    }

    @Test(arguments: [0.3, 1, 4])
    func `sums and bounds of a row agree with the reference`(temperature: Double) throws {
        var generator = LogitGenerator(seed: 5)
        for count in [1, 16, 19, 256, 300, 2047] {
            var logits = generator.row(count: count)
            if count > 20 { logits[3] = -.infinity }
            let values = logits
            try logits.withUnsafeMutableBufferPointer { buffer in
                let row = try #require(LogitRow(buffer, temperature: temperature))
                let weights = values.map {
                    SamplingReference.exponential(Double($0 - row.maximum) / temperature)
                }
                let total = weights.reduce(0, +)
                #expect(abs(row.total / total - 1) < 5e-7)
                let bound = WeightLine(row: row).length
                #expect(bound >= total && bound <= total * 1.0617)
                for token in Set([0, count / 2, count - 1]) {
                    let ahead = weights.indices
                        .filter { (values[$0], token) > (values[token], $0) }
                        .reduce(0) { $0 + weights[$1] }
                    #expect(
                        abs(row.mass(aheadOf: Int32(token), logit: values[token]) - ahead) < 5e-7 * max(ahead, 1e-9)
                    )
                }
            }
        }
    }

    @Test func `top-p and min-p keep exactly the tokens that sorting would`() throws {
        var checked = 0
        for seed in 0..<UInt64(300) {
            var generator = LogitGenerator(seed: seed)
            let count = [5, 16, 33, 255, 256, 257, 700][Int(seed) % 7]
            var logits = generator.row(count: count, spread: [0.3, 1, 3][Int(seed / 7) % 3])
            // Some tokens that are equal, at every height.
            for _ in 0..<(count / 4) { logits[generator.index(below: count)] = logits[generator.index(below: count)] }
            let sampling = Sampling(
                temperature: [0.5, 1, 2][Int(seed / 21) % 3],
                topP: [0.05, 0.5, 0.8, 0.95, 0.99, 1][Int(seed) % 6],
                minP: [0, 0, 0.02, 0.3][Int(seed) % 4]
            )
            let reference = SamplingReference(logits, sampling)
            // Nearer than this the order of summation would decide.
            guard reference.margin > 1e-6 else { continue }
            checked += 1
            var order = (0..<Int32(count)).map { $0 }
            generator.shuffle(&order)
            try logits.withUnsafeMutableBufferPointer { buffer in
                let row = try #require(LogitRow(buffer, temperature: sampling.temperature))
                let floor = row.logit(atExponent: Float(Double.logarithm(sampling.minP)))
                var nucleus = Nucleus(row: row, share: sampling.topP, bound: WeightLine(row: row).length)
                let kept = order.filter {
                    (sampling.topP == 1 || nucleus.contains($0)) && (sampling.minP == 0 || row[$0] >= floor)
                }
                #expect(Set(kept) == reference.kept, "seed \(seed)")
            }
        }
        #expect(checked > 200)
    }

    @Test func `tokens taken out of a row still count for what top-p keeps`() throws {
        for seed in 0..<UInt64(40) {
            var generator = LogitGenerator(seed: seed)
            var logits = generator.row(count: 400, spread: 1)
            let sampling = Sampling(temperature: 1, topP: 0.9)
            let reference = SamplingReference(logits, sampling)
            guard reference.margin > 1e-6 else { continue }
            try logits.withUnsafeMutableBufferPointer { buffer in
                let row = try #require(LogitRow(buffer, temperature: 1))
                var source: any TokenSource = WeighedSource(row: row, sampling: sampling)
                var edits = LogitEdits(buffer)
                var numbers = SplitMix64(seed: seed)
                var drawn: [Int32] = []
                while let token = source.draw(&numbers) {
                    drawn.append(token)
                    source.remove(token, edits: &edits)
                }
                #expect(Set(drawn) == reference.kept)
                #expect(drawn.count == reference.kept.count)
                edits.undo()
                #expect(LogitRow(buffer, temperature: 1)?.maximum == row.maximum)
            }
        }
    }
}
