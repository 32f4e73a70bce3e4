public import AssizeCore

/// Turns the texts of training rows into a model's tokens.
///
/// No token of a text is a special one. What is learnt has to be in tokens as a model writes it behind its prompt.
public protocol TrainingTokenizer: Sendable {
    /// The token put before every text, where the model wants one.
    var beginning: Int32? { get }

    /// A whole dialogue, with the assistant's turns and what ends them to be learnt.
    ///
    /// - Throws: When the model's template can't write the messages.
    func conversation(_ messages: [Message]) throws -> TokenText

    /// A prompt up to and including what opens the assistant's turn.
    ///
    /// - Throws: When the model's template can't write the messages.
    func prompt(_ messages: [Message]) throws -> [Int32]

    /// What the assistant writes behind a prompt, with what ends its turn.
    func answer(_ text: String) -> [Int32]

    /// Text as it is, without a template.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - begins: Whether nothing stands before it.
    ///   - ends: Whether the text is over behind it, and the model is to learn so.
    /// - Returns: The tokens.
    func plain(_ text: String, begins: Bool, ends: Bool) -> [Int32]
}
