import Testing

@testable import AssizeLocal

struct WeightFigureTests {
    @Test func `a typical judgment reads 900 tokens and writes 120 together with seven others`() {
        let speed = WeightSpeed(prefill: 450, decode: 10, decodeTogether: 60, processorShare: 1)
        // 900 / 450 + 120 / 60 = 4 seconds.
        #expect(speed.judgmentsPerSecond == 0.25)
    }

    @Test(arguments: [
        (0.01, 1.0, true), (0.1, 0.9, true), (0.101, 1.0, false), (0.01, 0.89, false),
    ])
    func `a format is good enough within both limits`(divergence: Double, agreement: Double, isGood: Bool) {
        let quality = WeightQuality(
            meanDivergence: divergence,
            labelAgreement: 0.5,
            nearAgreement: agreement,
            scoreDifference: nil,
            prompts: 50,
            positions: 1000
        )
        #expect(quality.isGoodEnough == isGood)
    }

    @Test func `formats are known by the names that people use`() {
        #expect(WeightFormat.allCases.map(\.rawValue) == ["q4_0", "q8_0", "bf16", "f16"])
    }

    @Test func `the processor has a name and the instructions that are used`() {
        #expect(Processor.description.contains("("))
        #expect(!Processor.description.contains(" = "))
    }
}
