public import AssizeCore
public import AssizeStore
internal import Foundation

/// A language model that remembers its answers in the store.
///
/// The key is everything that decides an answer: the model's identity (weights, adapter, template, engine) and the whole
/// ask (messages, format, sampling, seed, sample number). A replayed answer says so, and since the sample number is part
/// of the key it never stands for a new draw.
public struct CachedModel: LanguageModel {
    private let model: any LanguageModel
    private let store: RunStore

    /// Puts the store's response cache before a model.
    public init(model: any LanguageModel, store: RunStore) {
        self.model = model
        self.store = store
    }

    /// The identity of the model behind the cache.
    public var identity: ModelIdentity { model.identity }

    /// Answers from the store where it can; else asks the model and keeps what it says.
    ///
    /// Failures are not kept. A cache that can't be read or written fails no ask.
    ///
    /// - Throws: What the model throws.
    public func answer(_ ask: Ask) async throws(LanguageModelError) -> Answer {
        let key: ContentHash
        do {
            key = ContentHash(of: try CanonicalJSON.encode(Key(judge: model.identity, ask: ask)))
        } catch {
            throw LanguageModelError(code: .engine, message: error.message)
        }
        // A cache that can't be read or written must not fail the judgment: the store's writer will say what is wrong.
        if let known = try? await store.cachedAnswers([key])[key] { return known }
        let answer = try await model.answer(ask)
        _ = try? await store.cacheAnswers([
            CachedAnswer(key: key, answer: answer, model: model.identity.model, created: Date())
        ])
        return answer
    }

    /// The model's own count; never cached.
    public func promptTokens(of ask: Ask) async throws(LanguageModelError) -> Int {
        try await model.promptTokens(of: ask)
    }

    private struct Key: Encodable {
        let judge: ModelIdentity
        let ask: Ask
    }
}
