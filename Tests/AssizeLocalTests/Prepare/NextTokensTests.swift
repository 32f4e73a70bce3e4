import Testing

@testable import AssizeLocal

struct NextTokensTests {
    private func withRow<Result>(_ probabilities: [Double], _ body: (UnsafeMutableBufferPointer<Float>) -> Result)
        -> Result
    {
        // Any constant may be added to logits.
        var logits = probabilities.map { Float(Double.logarithm($0)) + 3 }
        return logits.withUnsafeMutableBufferPointer { body($0) }
    }

    @Test func `a distribution does not diverge from itself`() throws {
        let row = [0.5, 0.25, 0.125, 0.125]
        let next = try #require(withRow(row) { NextTokens($0) })
        let divergence = try #require(withRow(row) { next.divergence(of: $0) })
        #expect(divergence < 1e-6)
    }

    @Test func `the divergence is the sum of p times the difference of logarithms`() throws {
        // 0.5 ln(0.5 / 0.25) + 0.25 ln(0.25 / 0.5) = 0.25 ln 2
        let next = try #require(withRow([0.5, 0.25, 0.25]) { NextTokens($0) })
        let divergence = try #require(withRow([0.25, 0.5, 0.25]) { next.divergence(of: $0) })
        #expect(abs(divergence - 0.173287) < 1e-5)
    }

    @Test func `improbable tokens count as one`() throws {
        // The two last are below 1e-6 and exchange their probabilities: nothing that counts has changed.
        let next = try #require(withRow([0.7, 0.3 - 1e-6, 9e-7, 1e-7]) { NextTokens($0) })
        let exchanged = try #require(withRow([0.7, 0.3 - 1e-6, 1e-7, 9e-7]) { next.divergence(of: $0) })
        #expect(exchanged < 1e-6)
        // Together they get 0.2 of what the others had: 0.7 ln(0.7 / 0.5) + 0.3 ln(0.3 / 0.3) and next to nothing.
        let grown = try #require(withRow([0.5, 0.3, 0.1, 0.1]) { next.divergence(of: $0) })
        #expect(abs(grown - 0.235531) < 1e-4)
    }

    @Test func `logits that are no numbers give nothing`() throws {
        var broken: [Float] = [0, .nan, 1]
        #expect(broken.withUnsafeMutableBufferPointer { NextTokens($0) } == nil)
        let next = try #require(withRow([0.5, 0.5]) { NextTokens($0) })
        var other: [Float] = [.nan, .nan]
        #expect(other.withUnsafeMutableBufferPointer { next.divergence(of: $0) } == nil)
    }
}
