import AssizeCore
import AssizeJudges
import Testing

struct RubricYAMLTests {
    @Test func `every kind of scale is read`() throws {
        let rubric = try Rubric(
            yaml: """
                criteria:
                  - name: accuracy
                    text: |
                      Are the facts right?
                    weight: 2
                    scale: {from: 0, to: 3, levels: {0: None., 3: "All: every one."}}
                  - {name: polite, text: Is it polite?, scale: yes-no}
                  - {name: better, text: Which is better?, scale: choice}
                  - {name: better2, text: Which is better?, scale: choice-with-tie}
                  - {name: tone, text: Which tone?, scale: {categories: [Yes, formal, "3"]}}
                  - {name: plain, text: How good?}
                """
        )
        #expect(
            rubric.criteria.map(\.scale) == [
                .ordinal(lower: 0, upper: 3, levels: [0: "None.", 3: "All: every one."]), .yesNo, .choice(tie: false),
                .choice(tie: true), .categories(["Yes", "formal", "3"]), .ordinal(lower: 1, upper: 5, levels: [:]),
            ]
        )
        #expect(rubric.criteria[0].text == "Are the facts right?")
        #expect(rubric.criteria[0].weight == 2)
    }

    private static let prometheus = (1...5)
        .map { "\"score\($0)_description\": \"Level \($0): \\\"ok\\\" \\ud83d\\ude00\"" }

    @Test func `the Prometheus dictionary loads unchanged from JSON and YAML`() throws {
        let json = "{\"criteria\": \"Is it good?\",\n\t" + Self.prometheus.joined(separator: ",\n\t") + "}"
        let levels = Dictionary(uniqueKeysWithValues: (1...5).map { ($0, "Level \($0): \"ok\" 😀") })
        let expected = Rubric(criteria: [
            Criterion(name: "overall", text: "Is it good?", scale: .ordinal(lower: 1, upper: 5, levels: levels))
        ])
        #expect(try Rubric(yaml: json) == expected)
        let yaml =
            "criteria: Is it good?\n" + (1...5).map { "score\($0)_description: 'Level \($0): \"ok\" 😀'\n" }.joined()
        #expect(try Rubric(yaml: yaml) == expected)
    }

    @Test(arguments: [
        ("{}", "'criteria' is missing; list the criteria there, or give a Prometheus rubric"),
        ("criteria: []", "the rubric has no criteria"),
        ("criteria: [{name: a}]", "'criteria[0].text' is missing"),
        ("criteria: [a]", "'criteria[0]' (line 1) should hold keys and values"),
        (
            "criteria: [{name: a, text: b, wieght: 1}]",
            "the key 'wieght' (line 1) is unknown in 'criteria[0]'; the known keys are name, text"
        ),
        ("criteria: [{name: a, text: b, weight: heavy}]", "'criteria[0].weight' is 'heavy'; give a number"),
        ("criteria: [{name: a, text: b, weight: -1}]", "has weight -1.0; use 0 or more"),
        ("criteria: [{name: a, text: b}, {name: a, text: c}]", "stands twice"),
        ("criteria: [{name: a, text: b, scale: stars}]", "'criteria[0].scale' is 'stars'; use yes-no, choice"),
        ("criteria: [{name: a, text: b, scale: {from: 5, to: 1}}]", "has no two levels"),
        (
            "criteria: [{name: a, text: b, scale: {from: 1, to: 3, levels: {4: x}}}]",
            "level 4 is described but lies outside"
        ),
        (
            "criteria: [{name: a, text: b, scale: {from: 1, to: 3, levels: {low: x}}}]",
            "describes level 'low'; use whole numbers from 1 to 3"
        ),
        ("criteria: [{name: a, text: b, scale: {from: 1, to: 3, categories: [x, y]}}]", "has categories and numbers"),
        ("criteria: Is it good?\nscore1_description: bad", "'score2_description' is missing"),
        ("criteria: [", "the rubric is not valid YAML"),
        ("- a\n- b", "the rubric is not a YAML mapping"),
    ])
    func `what is wrong in a rubric is named`(yaml: String, message: String) {
        let error = #expect(throws: AssizeJudgesError.self) { try Rubric(yaml: yaml) }
        #expect(error?.code == .invalidRubric)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
}
