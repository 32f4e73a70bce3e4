import Testing

/// All tests that load a model: one after the other, since each of them takes every core.
@Suite(.serialized, .enabled(if: TestModel.isThere), .timeLimit(.minutes(60)))
struct EngineTests {}
