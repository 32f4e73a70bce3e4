internal import AssizeCore

extension TrainingRowReader {
    typealias Side = TrainingRow.Side
    typealias Fault = TrainingRow.Fault

    func fineTuning(_ row: TrainingRow) throws -> (TrainingExample, used: Set<String>) {
        if row.has("completion") || (row.has("prompt") && !row.has("messages")) {
            let (prompt, completion) = try (row.side("prompt"), row.side("completion"))
            let used: Set = ["prompt", "completion"]
            if case .messages(let answers) = completion, answers.count > 1 {
                return (.text(try dialogue(prompt, answers)), used)
            }
            let tokens = try tokens(prompt, completion, named: "completion")
            return (.text(TokenText(prompt: tokens.prompt, answer: tokens.answer)), used)
        }
        if row.has("messages") {
            return (.text(try whole(row.messages("messages"))), ["messages"])
        }
        guard row.has("text") else {
            throw Fault("has neither messages, nor prompt and completion, nor text; it has \(row.names.listed)")
        }
        let tokens = tokenizer.plain(try row.text("text"), begins: true, ends: true)
        guard tokens.count > 1 else { throw Fault("has an empty text") }
        return (.text(TokenText(tokens: tokens, trained: [1..<tokens.count])), ["text"])
    }

    func preference(_ row: TrainingRow) throws -> (TrainingExample, used: Set<String>) {
        let (chosen, rejected) = try (row.side("chosen"), row.side("rejected"))
        let isExplicit = row.has("prompt") && !TrainingRowReader.isWhole(chosen)
        let sides =
            isExplicit ? (try row.side("prompt"), chosen, rejected) : try TrainingRowReader.parted(chosen, rejected)
        if case (.text, .text, .text) = sides, !isExplicit, !options.isRawText {
            throw Fault(
                "has no prompt, and chosen and rejected are strings, which can't be told apart into turns; write messages, or read them as raw text"
            )
        }
        let first = try tokens(sides.0, sides.1, named: "chosen")
        let second = try tokens(sides.0, sides.2, named: "rejected")
        guard first.answer != second.answer else { throw Fault("has the same text as chosen and as rejected") }
        // A dialogue's own prompt goes before a column that repeats it.
        let used: Set = ["prompt", "chosen", "rejected"]
        return (.preference(prompt: first.prompt, chosen: first.answer, rejected: second.answer), used)
    }

    func unpaired(_ row: TrainingRow) throws -> (TrainingExample, used: Set<String>) {
        let isDesirable = try row.truth("label")
        let (prompt, answer) = try tokens(row.side("prompt"), row.side("completion"), named: "completion")
        return (
            .judged(prompt: prompt, answer: answer, isDesirable: isDesirable), ["prompt", "completion", "label"]
        )
    }

    /// A prompt and one answer to it.
    private func tokens(_ prompt: Side, _ answer: Side, named name: String) throws -> (
        prompt: [Int32], answer: [Int32]
    ) {
        if case (.text(let prompt), .text(let answer)) = (prompt, answer), options.isRawText {
            let read = tokenizer.plain(prompt, begins: true, ends: false)
            guard !read.isEmpty else { throw Fault("has an empty prompt") }
            return (read, tokenizer.plain(answer, begins: false, ends: true))
        }
        let content: String
        switch answer {
        case .text(let text): content = text
        case .messages(let messages):
            guard messages.count == 1, let only = messages.first, only.role == .assistant else {
                throw Fault("has a '\(name)' that is not one assistant message")
            }
            content = only.content
        }
        let messages = TrainingRowReader.messages(prompt)
        do {
            return (try tokenizer.prompt(messages), tokenizer.answer(content))
        } catch {
            throw Fault("can't be written in the chat template: \(error)")
        }
    }

    private func whole(_ messages: [Message]) throws -> TokenText {
        do {
            return try tokenizer.conversation(messages)
        } catch {
            throw Fault("can't be learnt: \(error)")
        }
    }

    /// A prompt and a dialogue that goes on from it: only what it adds is learnt.
    private func dialogue(_ prompt: Side, _ answers: [Message]) throws -> TokenText {
        let text = try whole(TrainingRowReader.messages(prompt) + answers)
        let count = answers.count { $0.role == .assistant }
        guard count > 0 else { throw Fault("has a 'completion' without an assistant message") }
        return TokenText(tokens: text.tokens, trained: text.trained.suffix(count))
    }

    private static func messages(_ prompt: Side) -> [Message] {
        switch prompt {
        case .text(let text): [Message(role: .user, content: text)]
        case .messages(let messages): messages
        }
    }

    /// Whether a side is a dialogue with its prompt rather than an answer.
    private static func isWhole(_ side: Side) -> Bool {
        guard case .messages(let messages) = side else { return false }
        return messages.count > 1 && messages.first?.role != .assistant
    }

    /// Takes two whole texts apart into what they share and their own ends.
    private static func parted(_ chosen: Side, _ rejected: Side) throws(Fault) -> (Side, Side, Side) {
        switch (chosen, rejected) {
        case (.messages(let first), .messages(let second)):
            let shared = zip(first, second).prefix { $0 == $1 }.count
            // Where both end alike, the last turn is the answer all the same.
            let count = min(shared, first.count - 1, second.count - 1)
            guard count > 0 else { throw Fault("has no prompt, and chosen and rejected don't begin alike") }
            guard first.count == count + 1, second.count == count + 1 else {
                throw Fault("has dialogues that differ before their last turn; one answer each can be compared")
            }
            return (.messages(Array(first[..<count])), .messages([first[count]]), .messages([second[count]]))
        case (.text(let first), .text(let second)):
            let (a, b) = (Array(first.unicodeScalars), Array(second.unicodeScalars))
            var count = zip(a, b).prefix { $0 == $1 }.count
            // As TRL has it, a space before the difference belongs to the answers.
            if count > 0, a[count - 1] == " " { count -= 1 }
            func text(_ scalars: some Sequence<Unicode.Scalar>) -> Side {
                .text(String(String.UnicodeScalarView(scalars)))
            }
            return (text(a[..<count]), text(a[count...]), text(b[count...]))
        default:
            throw Fault("has chosen and rejected of different kinds; both must be strings or both messages")
        }
    }
}
