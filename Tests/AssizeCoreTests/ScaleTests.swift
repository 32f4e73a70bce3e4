import AssizeCore
import Testing

struct ScaleTests {
    @Test func `labels are whole strings in the scale's order`() {
        #expect(Scale.ordinal(lower: 8, upper: 11, levels: [:]).labels == ["8", "9", "10", "11"])
        #expect(Scale.yesNo.labels == ["Yes", "No"])
        #expect(Scale.choice(tie: true).labels == ["A", "B", "Tie"])
    }

    @Test func `a label has a score only on its own scale`() {
        let scale = Scale.ordinal(lower: -1, upper: 3, levels: [:])
        #expect(scale.score(of: "-1") == -1)
        #expect(scale.score(of: "4") == nil)
        #expect(scale.score(of: "x") == nil)
        #expect(Scale.choice(tie: false).score(of: "A") == nil)
        #expect(Scale.choice(tie: false).choice(of: "Tie") == nil)
        #expect(Scale.choice(tie: true).choice(of: "Tie") == .tie)
    }

    @Test(arguments: [
        Scale.ordinal(lower: 3, upper: 3, levels: [:]), .ordinal(lower: 5, upper: 1, levels: [:]),
        .ordinal(lower: 0, upper: 101, levels: [:]), .ordinal(lower: 1, upper: 5, levels: [6: "beyond"]),
        .categories(["one"]), .categories(["a", "a"]), .categories(["a", " "]),
    ])
    func `a scale that no verdict could stand on is refused`(scale: Scale) {
        #expect(throws: AssizeCoreError.self) { try scale.validate() }
    }

    @Test func `a rubric refuses doubled names and negative weights`() {
        let criterion = Criterion(name: "x", text: "?", scale: .yesNo)
        #expect(throws: AssizeCoreError.self) { try Rubric(criteria: []).validate() }
        #expect(throws: AssizeCoreError.self) { try Rubric(criteria: [criterion, criterion]).validate() }
        #expect(throws: AssizeCoreError.self) {
            try Rubric(criteria: [Criterion(name: "x", text: "?", scale: .yesNo, weight: -1)]).validate()
        }
        #expect(throws: Never.self) { try Rubric(criteria: [criterion]).validate() }
    }
}
