import Testing

@testable import AssizeLocal

struct WritingTests {
    private func write(_ pieces: [String], stops: [String]) -> (writing: Writing, stopped: Bool) {
        var writing = Writing(maximumTokens: 100, minimumTokens: 0, stops: stops)
        var stopped = false
        for (index, piece) in pieces.enumerated() where !stopped {
            stopped = writing.append(Int32(index), bytes: Array(piece.utf8))
        }
        return (writing, stopped)
    }

    @Test func `a stop text that spans tokens ends the text before it`() {
        var (writing, stopped) = write(["Good", " work.", "\nSc", "ore", ": 4"], stops: ["Score:"])
        #expect(stopped)
        #expect(writing.text == "Good work.\n")
        let (kept, rest) = writing.settle()
        #expect(kept == 2)
        #expect(rest == "")
        #expect(writing.text == "Good work.")
    }

    @Test func `text before a stop within one token is handed back to be read again`() {
        var (writing, _) = write(["Good", " work. [RESULT"], stops: ["[RESULT"])
        let (kept, rest) = writing.settle()
        #expect(kept == 1)
        #expect(rest == " work.")
        #expect(writing.text == "Good work.")
    }

    @Test func `a character cut in half is left out`() {
        var writing = Writing(maximumTokens: 9, minimumTokens: 0, stops: [])
        _ = writing.append(1, bytes: [0x61, 0xF0, 0x9F])
        #expect(writing.text == "a")
        let (kept, rest) = writing.settle()
        #expect(kept == 0)
        #expect(rest == "a")
    }

    @Test func `nothing written settles to nothing`() {
        var (writing, stopped) = write([], stops: ["x"])
        #expect(!stopped)
        #expect(writing.settle().kept == 0)
        #expect(writing.text == "")
    }

    @Test func `the earliest of several stops counts`() {
        let (writing, stopped) = write(["one two three"], stops: ["three", "two"])
        #expect(stopped)
        #expect(writing.text == "one ")
    }
}
