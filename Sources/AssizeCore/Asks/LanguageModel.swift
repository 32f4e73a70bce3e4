/// A model that answers asks: embedded, remote or scripted.
///
/// Asks are submitted concurrently, as many as the caller likes; a backend decides itself how many it works on at a time.
/// Every conforming type passes `LanguageModelContract` in AssizeTesting:
/// - an answer to a format with labels has a label of that format and its distribution;
/// - the same ask with the same seed gives the same label;
/// - cancelling the calling task ends the ask with ``LanguageModelError/Code-swift.struct/cancelled``;
/// - one ask that fails does not disturb another.
public protocol LanguageModel: Sendable {
    /// Who answers, down to the bytes of the weights.
    var identity: ModelIdentity { get }

    /// Answers one ask.
    ///
    /// - Throws: ``LanguageModelError``; nothing else.
    func answer(_ ask: Ask) async throws(LanguageModelError) -> Answer

    /// The number of prompt tokens of an ask.
    ///
    /// - Throws: ``LanguageModelError`` when the prompt can't be written in this model's format.
    func promptTokens(of ask: Ask) async throws(LanguageModelError) -> Int
}
