import AssizeCore
import Testing

@testable import AssizeLocal

struct TokenSamplerTests {
    private func draw(_ sampler: TokenSampler, _ logits: [Float], banning: [Int32] = []) -> Int32? {
        var logits = logits
        let before = logits.map(\.bitPattern)
        let token = logits.withUnsafeMutableBufferPointer { sampler.draw(from: $0, banning: banning) }
        #expect(logits.map(\.bitPattern) == before, "the row is as it was")
        return token
    }

    @Test func `at temperature 0 the highest logit is taken`() {
        var generator = LogitGenerator(seed: 1)
        for count in [1, 2, 15, 16, 17, 255, 256, 257, 1000, 4099] {
            let row = generator.row(count: count)
            let expected = row.indices.max { row[$0] < row[$1] }
            #expect(draw(TokenSampler(sampling: Sampling(), seed: 0), row) == expected.map(Int32.init))
        }
    }

    @Test(arguments: [[3, 700, 701], [17, 18], [255, 256], [0, 999]])
    func `of equal logits the lowest token is taken`(tokens: [Int]) {
        var row = [Float](repeating: -1, count: 1000)
        for token in tokens { row[token] = 2 }
        let sampler = TokenSampler(sampling: Sampling(), seed: 9)
        #expect(draw(sampler, row) == Int32(tokens[0]))
        #expect(draw(sampler, row, banning: [Int32(tokens[0])]) == Int32(tokens[1]))
    }

    @Test(arguments: [
        Sampling(temperature: 1), Sampling(temperature: 0.7), Sampling(temperature: 2.5),
        Sampling(temperature: 1, topP: 0.9), Sampling(temperature: 0.7, topP: 0.5),
        Sampling(temperature: 1, topP: 0.1), Sampling(temperature: 1, minP: 0.05),
        Sampling(temperature: 1.3, topP: 0.95, minP: 0.01),
    ])
    func `draws have the distribution of the softmax after the cuts`(sampling: Sampling) {
        for (count, draws, seed) in [(12, 20_000, UInt64(1)), (300, 4000, 2)] {
            var generator = LogitGenerator(seed: seed)
            var row = generator.row(count: count, spread: 1)
            let reference = SamplingReference(row, sampling)
            let sampler = TokenSampler(sampling: sampling, seed: seed)
            var counts: [Int32: Int] = [:]
            row.withUnsafeMutableBufferPointer { row in
                for _ in 0..<draws {
                    if let token = sampler.draw(from: row, banning: []) { counts[token, default: 0] += 1 }
                }
            }
            #expect(counts.values.reduce(0, +) == draws)
            #expect(Set(counts.keys).isSubset(of: reference.kept))
            let (statistic, freedom) = reference.chiSquare(counts)
            // Four standard deviations above the mean; the seed is fixed.
            let limit = Double(freedom) + 4 * (2 * Double(freedom)).squareRoot()
            #expect(statistic <= limit, "\(statistic) with \(freedom) degrees of freedom")
        }
    }

    @Test func `one seed gives one sequence, and a ban does not shift the draws behind it`() {
        var generator = LogitGenerator(seed: 4)
        let rows = (0..<40).map { _ in generator.row(count: 300, spread: 1) }
        let sampling = Sampling(temperature: 1, topP: 0.95)
        func sequence(seed: UInt64, banning: [Int32] = []) -> [Int32?] {
            let sampler = TokenSampler(sampling: sampling, seed: seed)
            return rows.indices.map { draw(sampler, rows[$0], banning: $0 == 0 ? banning : []) }
        }
        let first = sequence(seed: 7)
        #expect(sequence(seed: 7) == first)
        #expect(sequence(seed: 8) != first)
        let banned = sequence(seed: 7, banning: first[0].map { [$0] } ?? [])
        #expect(banned[0] != first[0])
        #expect(banned.dropFirst() == first.dropFirst())
    }

    @Test func `banned tokens are not drawn, and with all banned none is`() {
        let row: [Float] = [5, 4, 3, -2]
        for temperature in [0.0, 1] {
            for (topP, minP) in [(1.0, 0.0), (0.9, 0), (1, 0.1), (0.5, 0.5)] {
                let sampling = Sampling(temperature: temperature, topP: topP, minP: minP)
                let sampler = TokenSampler(sampling: sampling, seed: 3)
                for _ in 0..<50 { #expect(draw(sampler, row, banning: [0, 2, 3]) == 1) }
                #expect(draw(sampler, row, banning: [0, 1, 2, 3]) == nil)
                #expect(draw(sampler, row, banning: [0, 0, 1, 1, 2]) == 3)
            }
        }
    }

    @Test(arguments: [Sampling(), Sampling(temperature: 1), Sampling(temperature: 1, topP: 0.9, minP: 0.1)])
    func `rows that are no distribution give no token`(sampling: Sampling) {
        let sampler = TokenSampler(sampling: sampling, seed: 1)
        #expect(draw(sampler, []) == nil)
        for count in [3, 40, 600] {
            #expect(draw(sampler, [Float](repeating: -.infinity, count: count)) == nil)
            for place in [0, 1, count - 1] {
                for value in [Float.nan, .infinity] {
                    var row = [Float](repeating: 1, count: count)
                    row[place] = value
                    #expect(draw(sampler, row) == nil)
                    row = [Float](repeating: -.infinity, count: count)
                    row[place] = value
                    #expect(draw(sampler, row) == nil)
                }
                var row = [Float](repeating: -.infinity, count: count)
                row[place] = -3
                #expect(draw(sampler, row) == Int32(place))
            }
        }
    }

    @Test func `extreme temperatures and logits are drawn from without harm`() {
        let row: [Float] = [3, -1e30, 2.999999, .leastNormalMagnitude, .leastNonzeroMagnitude, -3e38]
        #expect(draw(TokenSampler(sampling: Sampling(temperature: 1e-300), seed: 1), row) == 0)
        #expect(draw(TokenSampler(sampling: Sampling(temperature: 1e-20, topP: 0.9), seed: 1), row) == 0)
        let hot = TokenSampler(sampling: Sampling(temperature: 10, topP: 0.999999), seed: 1)
        let drawn = Set((0..<300).map { _ in draw(hot, row) })
        #expect(drawn == [0, 2, 3, 4])
        let flat = [Float](repeating: 7, count: 500)
        let narrow = TokenSampler(sampling: Sampling(temperature: 1, topP: 0.01), seed: 1)
        #expect(Set((0..<200).map { _ in draw(narrow, flat) }) == Set((0..<5).map { Int32($0) }))
    }

    @Test func `the repetition penalty divides what is positive and multiplies what is negative`() {
        let sampler = TokenSampler(sampling: Sampling(repetitionPenalty: 2), seed: 0)
        // 8 -> 4, then 6 -> 3: 5 is next, and then 4 of the first token.
        #expect((0..<4).map { _ in draw(sampler, [8, 6, 5, -1]) } == [0, 1, 2, 0])
        let below = TokenSampler(sampling: Sampling(repetitionPenalty: 2), seed: 0)
        // -1 -> -2, then -1.5 -> -3.
        #expect((0..<3).map { _ in draw(below, [-1, -1.5, -9]) } == [0, 1, 0])
        let reward = TokenSampler(sampling: Sampling(repetitionPenalty: 0.5), seed: 0)
        #expect(draw(reward, [1, 2, 0]) == 1)
        #expect(draw(reward, [3, 2, 0]) == 1)
    }

    @Test func `the repetition penalty forgets tokens after 256 others`() {
        let sampler = TokenSampler(sampling: Sampling(repetitionPenalty: 2), seed: 0)
        func only(_ token: Int) -> [Float] {
            var row = [Float](repeating: -.infinity, count: 300)
            row[token] = 1
            return row
        }
        var both = [Float](repeating: -.infinity, count: 300)
        both[0] = 5
        both[299] = 4
        #expect(draw(sampler, only(0)) == 0)
        for step in 0..<255 { #expect(draw(sampler, only(1 + step % 3)) == Int32(1 + step % 3)) }
        #expect(draw(sampler, both) == 299)
        #expect(draw(sampler, both) == 0)
    }

    @Test func `penalised and banned draws have the reference's distribution`() {
        let sampling = Sampling(temperature: 0.8, topP: 0.97, repetitionPenalty: 1.4)
        var generator = LogitGenerator(seed: 11)
        let row = generator.row(count: 40, spread: 1)
        let recent: [Int32] = [4, 9, 30]
        let banned: [Int32] = [2, 30]
        let reference = SamplingReference(row, sampling, banned: Set(banned), recent: Set(recent))
        var counts: [Int32: Int] = [:]
        for seed in 0..<4000 {
            let sampler = TokenSampler(sampling: sampling, seed: UInt64(seed))
            for token in recent {
                #expect(draw(sampler, row, banning: (0..<40).map { Int32($0) }.filter { $0 != token }) == token)
            }
            if let token = draw(sampler, row, banning: banned) { counts[token, default: 0] += 1 }
        }
        let (statistic, freedom) = reference.chiSquare(counts)
        #expect(Set(counts.keys).isSubset(of: reference.kept))
        #expect(statistic <= Double(freedom) + 4 * (2 * Double(freedom)).squareRoot())
    }
}
