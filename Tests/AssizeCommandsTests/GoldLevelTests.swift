import AssizeCore
import Testing

@testable import AssizeCommands

/// Gold labels as labels of the scale that is asked.
struct GoldLevelTests {
    private func item(_ gold: GoldLabel?, _ metadata: [String: JSONValue] = [:]) -> Item {
        Item(
            id: "i",
            instruction: "Say it.",
            candidates: [Candidate(text: "it")],
            gold: gold,
            metadata: metadata
        )
    }

    private let five = Scale.ordinal(lower: 1, upper: 5, levels: [:])

    @Test(arguments: [(1.0, "1", false), (4.0, "4", false), (2.4, "2", true), (2.5, "3", true), (4.6, "5", true)])
    func `a score is its level, between two the nearer one`(score: Double, label: String, isBetween: Bool) throws {
        let level = try GoldLevel(of: item(.score(score)), on: five)
        #expect(level.label == label && level.isBetween == isBetween)
    }

    @Test(arguments: [(0.0, "1"), (1.0, "3"), (1.5, "4"), (2.0, "5")])
    func `a score of another scale is mapped in a straight line`(score: Double, label: String) throws {
        let metadata: [String: JSONValue] = ["scale": .array([.integer(0), .integer(2)])]
        #expect(try GoldLevel(of: item(.score(score), metadata), on: five).label == label)
    }

    @Test func `what the scale does not have is refused with a reason`() throws {
        for (gold, scale, word) in [
            (GoldLabel.score(9), five, "outside"), (.category("maybe"), .yesNo, "maybe"),
            (.choice(.tie), .choice(tie: false), "tie"), (.choice(.a), five, "another kind"),
        ] {
            let fault = #expect(throws: GoldLevel.Fault.self) { try GoldLevel(of: item(gold), on: scale) }
            #expect(fault?.reason.contains(word) == true, "\(String(describing: fault))")
        }
        #expect(throws: GoldLevel.Fault.self) { try GoldLevel(of: item(nil), on: five) }
    }

    @Test func `a choice follows the order in which the candidates are shown`() throws {
        let scale = Scale.choice(tie: true)
        #expect(try GoldLevel(of: item(.choice(.a)), on: scale).label == "A")
        #expect(try GoldLevel(of: item(.choice(.a)), on: scale, isSwapped: true).label == "B")
        #expect(try GoldLevel(of: item(.choice(.tie)), on: scale, isSwapped: true).label == "Tie")
    }

    @Test func `balance draws equally many of each label, the same for one seed`() {
        let labels = (0..<100).map { $0 < 10 ? "1" : $0 < 40 ? "2" : "3" }
        let even = LabelBalance.places(of: labels, limit: nil, seed: 1)
        #expect(LabelBalance.histogram(even.map { labels[$0] }) == "1: 10, 2: 10, 3: 10")
        #expect(even == even.sorted() && Set(even).count == 30)
        #expect(even == LabelBalance.places(of: labels, limit: nil, seed: 1))
        #expect(even != LabelBalance.places(of: labels, limit: nil, seed: 2))
        let more = LabelBalance.places(of: labels, limit: 60, seed: 1)
        #expect(LabelBalance.histogram(more.map { labels[$0] }) == "1: 10, 2: 20, 3: 20")
    }

    @Test(arguments: [("a.gguf", "a.gguf", 1 as Float), ("a.gguf=0.25", "a.gguf", 0.25), ("a=b.gguf", "a=b.gguf", 1)])
    func `a file may have a weight`(argument: String, path: String, weight: Float) {
        let file = WeightedFile(argument: argument)
        #expect(file?.path == path && file?.weight == weight)
    }
}
