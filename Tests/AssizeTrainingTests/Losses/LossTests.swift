import Testing

@testable import AssizeTraining

/// The formulas and their derivatives against TRL's own code.
@Suite struct LossTests {
    private struct Losses: Decodable {
        let pairs: [Pair]
        let tables: [Table]
        let kto: [Unpaired]
    }

    private struct Pair: Decodable {
        let policyChosen: Double
        let policyRejected: Double
        let referenceChosen: Double
        let referenceRejected: Double
        let chosenTokens: Int
        let rejectedTokens: Int
    }

    private struct Table: Decodable {
        let loss: String
        let beta: Double
        let labelSmoothing: Double
        let rows: [Row]
    }

    private struct Row: Decodable {
        let loss: Double
        let dChosen: Double
        let dRejected: Double
    }

    private struct Unpaired: Decodable {
        let beta: Double
        let desirableWeight: Double
        let undesirableWeight: Double
        let policy: [Double]
        let reference: [Double]
        let desirable: [Bool]
        let klPolicy: [Double]
        let klReference: [Double]
        let kl: Double
        let loss: Double
        let dPolicy: [Double]
    }

    private func isClose(_ one: Double, _ other: Double) -> Bool { abs(one - other) <= 1e-6 * max(1, abs(other)) }

    @Test(arguments: [
        ("sigmoid", PreferenceLoss.Kind.sigmoid, 2), ("hinge", .hinge, 1), ("ipo", .ipo, 1),
        ("sigmoid_norm", .normalized, 2), ("conservative", .sigmoid, 1), ("robust", .robust, 1),
    ])
    func `pairs cost what TRL says, and so do their derivatives`(
        name: String,
        kind: PreferenceLoss.Kind,
        tables: Int
    ) throws {
        let losses = try Fixture.load("losses", as: Losses.self)
        let found = losses.tables.filter { $0.loss == name }
        #expect(found.count == tables)
        for table in found {
            let loss = try PreferenceLoss(kind: kind, beta: table.beta, labelSmoothing: table.labelSmoothing)
            for (pair, row) in zip(losses.pairs, table.rows) {
                let cost = loss.cost(
                    chosen: .init(
                        policy: pair.policyChosen,
                        reference: pair.referenceChosen,
                        tokens: pair.chosenTokens
                    ),
                    rejected: .init(
                        policy: pair.policyRejected,
                        reference: pair.referenceRejected,
                        tokens: pair.rejectedTokens
                    )
                )
                #expect(isClose(cost.loss, row.loss))
                #expect(isClose(cost.chosenSlope, row.dChosen))
                #expect(isClose(cost.rejectedSlope, row.dRejected))
            }
        }
    }

    @Test func `single answers cost what TRL's KTO says`() throws {
        for table in try Fixture.load("losses", as: Losses.self).kto {
            let loss = try UnpairedLoss(
                beta: table.beta,
                desirableWeight: table.desirableWeight,
                undesirableWeight: table.undesirableWeight
            )
            let divergence = UnpairedLoss.divergence(zip(table.klPolicy, table.klReference).map { $0 - $1 })
            #expect(isClose(divergence, table.kl))
            let costs = table.policy.indices.map {
                loss.cost(
                    policy: table.policy[$0],
                    reference: table.reference[$0],
                    isDesirable: table.desirable[$0],
                    divergence: divergence
                )
            }
            let count = Double(costs.count)
            #expect(isClose(costs.map(\.loss).reduce(0, +) / count, table.loss))
            for (cost, slope) in zip(costs, table.dPolicy) { #expect(isClose(cost.slope / count, slope)) }
        }
    }

    @Test func `options out of range are refused`() {
        #expect(throws: AssizeTrainingError.self) { try PreferenceLoss(beta: 0) }
        #expect(throws: AssizeTrainingError.self) { try PreferenceLoss(labelSmoothing: 0.5) }
        #expect(throws: AssizeTrainingError.self) { try PreferenceLoss(kind: .ipo, labelSmoothing: 0.1) }
        #expect(throws: AssizeTrainingError.self) { try PreferenceLoss(likelihoodWeight: -1) }
        #expect(throws: AssizeTrainingError.self) { try UnpairedLoss(beta: -1) }
    }
}
