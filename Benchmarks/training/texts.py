"""Rows to train on: sentences of the judging prompts in random order, cut to an exact number of tokens.

Runs where the tokenizer is. The rows are in TRL's format, as plain strings; each side tokenizes them by itself.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SEED = 20
# Words that are one token in most vocabularies, to come to the exact number.
FILLERS = [" the", " and", " of", " to", " in", " is", " that", " for", " with", " on"]
# Pairs of a group, as places among its answers: a ranking of five, each against the next.
RANKING = [(0, 1), (1, 2), (2, 3), (3, 4)]


@dataclass(frozen=True)
class Wanted:
    """A file of rows. `kind`: `pairs`, `groups` (`rows` of them, four pairs each) or `answers`."""
    kind: str
    rows: int
    prompt: int
    answer: int

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.rows}x{self.prompt}+{self.answer}.jsonl"


def sentences(source: Path) -> list[str]:
    """The distinct sentences of a file of judging prompts, in its order."""
    found: dict[str, None] = {}
    for line in source.read_text().splitlines():
        row = json.loads(line)
        for text in (row["instruction"], row["response"]):
            for sentence in re.split(r"(?<=[.!?])\s+", " ".join(text.split())):
                if 3 <= len(sentence.split()) <= 40:
                    found[sentence] = None
    return list(found)


class Writer:
    """Writes texts of exact lengths. `encode` gives tokens without special ones."""

    def __init__(self, encode: Callable[[str], list[int]], source: Path) -> None:
        self.encode, self.sentences = encode, sentences(source)
        self.random = random.Random(SEED)

    def text(self, tokens: int, start: str = "") -> str:
        """A text of so many tokens that begins with `start`."""
        for _ in range(100):
            text = self._cut(start, tokens)
            if text is not None:
                return text
        raise SystemExit(f"no text of exactly {tokens} tokens was found for this tokenizer")

    def _cut(self, start: str, tokens: int) -> str | None:
        words: list[str] = []
        while len(words) < tokens:
            words += self.random.choice(self.sentences).split()
        low, high = 0, len(words)
        while low < high:
            middle = (low + high + 1) // 2
            if len(self.encode(start + " ".join(words[:middle]))) <= tokens:
                low = middle
            else:
                high = middle - 1
        text = start + " ".join(words[:low])
        missing = tokens - len(self.encode(text))
        if low == 0 or missing > 8:
            return None
        text += "".join(self.random.choice(FILLERS) for _ in range(missing))
        return text if len(self.encode(text)) == tokens else None

    def row(self, prompt: int, answer: int, answers: int) -> tuple[str, list[str]]:
        """A prompt and distinct answers that are tokenized behind it as they are alone; the last token is the end's."""
        for _ in range(100):
            question = self.text(prompt)
            replies = [self.text(answer - 1, start=" ") for _ in range(answers)]
            apart = self.encode(question)
            if len(set(replies)) == answers and all(
                    self.encode(question + reply) == apart + self.encode(reply) for reply in replies):
                return question, replies
        raise SystemExit("no row was found whose answers keep their tokens behind the prompt")

    def write(self, wanted: Wanted, special: int, path: Path) -> None:
        """Writes a file; `special` tokens that the tokenizer puts before a prompt count as the prompt's."""
        lines = []
        for _ in range(wanted.rows):
            count = {"pairs": 2, "groups": 5, "answers": 1}[wanted.kind]
            prompt, answers = self.row(wanted.prompt - special, wanted.answer, count)
            if wanted.kind == "answers":
                lines.append({"prompt": prompt, "completion": answers[0]})
            else:
                places = RANKING if wanted.kind == "groups" else [(0, 1)]
                lines += [{"prompt": prompt, "chosen": answers[a], "rejected": answers[b]} for a, b in places]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
