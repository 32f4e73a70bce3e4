import Testing

@testable import AssizeCommands

struct ModelSpecTests {
    @Test(arguments: [
        ("judge.gguf", ModelSpec.file("judge.gguf")), ("./x", .file("./x")), ("Judge.GGUF", .file("Judge.GGUF")),
        ("qwen2.5-coder-0.5b", .catalogue("qwen2.5-coder-0.5b")),
        ("hf:a/b:Q8_0", .hub("hf:a/b:Q8_0")),
        ("scripted:hash", .scripted), ("openai:gpt", .remote("openai:gpt")),
        ("http://h/v1#m", .remote("http://h/v1#m")),
    ])
    func `what -m names goes by its form`(text: String, spec: ModelSpec) {
        #expect(ModelSpec(text) == spec)
    }
}
