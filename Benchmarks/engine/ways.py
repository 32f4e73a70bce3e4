"""How llama-server is given judgments to do. Three ways; the benchmark tries them and takes the fastest.

A judgment is two completions. The first writes the rationale: exactly so many tokens, drawn at temperature 1. The second
continues prompt and rationale with the marker ("\\nScore: ") and asks for one token with the log-probabilities of the most
probable 40, among which the labels are looked up. One completion with a grammar can't write a rationale of a given length,
and a grammar costs time at every token.

- `n`: one request with `n_cmpl` for all samples of a prompt. The server reads the prompt in one slot and lets the other
  slots' sequences share its cells of the cache. When the completions are done it empties all slots but the first, so the
  labels are asked for in that one, which still holds the prompt: a label costs reading its rationale once more. As many
  prompts are in work together as fit the slots; the next one is sent when the labels are in, since a request that came
  earlier might be given the slot whose contents the labels need.
- `slots`: each slot does one prompt at a time by `id_slot`, its samples one after the other with the label right behind
  each, so that the prompt is read once and a label costs the marker's tokens. With fewer prompts than slots the samples of
  a prompt are spread over several slots, which all read it.
- `plain`: as many requests as slots, each a sample by itself; the server picks the slots by its own similarity search.
"""

import queue
import threading
import time
from dataclasses import dataclass, replace

from machine import BenchmarkError

LABEL_CANDIDATES = 40
FIELDS = ["content", "tokens", "id_slot", "tokens_predicted", "timings", "completion_probabilities"]


@dataclass(frozen=True)
class Work:
    """One prompt and how many judgments are drawn from it."""
    prompt: tuple
    samples: int
    marker: tuple
    labels: tuple


@dataclass
class Done:
    seconds: float
    answers: int
    written_tokens: int
    # Tokens that the server computed for prompts and markers; the rest came from its cache.
    read_tokens: int
    # Judgments for which some label was not among the candidates.
    missing: int
    memory_bytes: int

    @property
    def answers_per_second(self):
        return self.answers / self.seconds


def spread(groups, slots):
    """The same work in at least as many groups as slots, where samples can be split."""
    parts = max(1, slots // len(groups))
    if parts == 1:
        return groups
    pieces = []
    for work in (work for group in groups for work in group):
        count = min(parts, work.samples)
        sizes = [work.samples // count + (index < work.samples % count) for index in range(count)]
        pieces += [[replace(work, samples=size)] for size in sizes]
    return pieces


class Client:
    """Sends a list of work to a server, in the way its settings say."""

    def __init__(self, server, tokens, penalty):
        self.server, self.tokens, self.penalty = server, tokens, penalty
        self.lock = threading.Lock()

    def run(self, groups):
        """Does the work, given as one list of prompts an item; the time counts from the first request to the last answer."""
        self.answers = self.written = self.read = self.missing = self.seed = 0
        self.failure = None
        slots, way = self.server.settings.slots, self.server.settings.way
        jobs = queue.Queue()
        if way == "slots":
            # Prompts of an item begin alike: they go through one slot, one after the other.
            for group in spread(groups, slots):
                jobs.put(group)
            worker, width = self._slot, slots
        elif way == "n":
            works = [work for group in groups for work in group]
            largest = max(work.samples for work in works)
            if largest > slots:
                raise BenchmarkError(f"{largest} samples of a prompt do not fit into {slots} slots")
            for work in works:
                jobs.put(work)
            worker, width = self._n, slots // largest
        else:
            for group in groups:
                for work in group:
                    for _ in range(work.samples):
                        jobs.put(work)
            worker, width = self._plain, slots
        started = time.monotonic()
        self._parallel(min(width, jobs.qsize()), lambda index: self._drain(jobs, worker, index))
        return Done(time.monotonic() - started, self.answers, self.written, self.read, self.missing, self.server.memory())

    def _parallel(self, width, body):
        threads = [threading.Thread(target=self._guard, args=(body, index), daemon=True) for index in range(width)]
        for thread in threads:
            thread.start()
        for thread in threads:
            # With a limit, so that Ctrl-C is heard.
            while thread.is_alive():
                thread.join(0.2)
        if self.failure:
            raise self.failure

    def _guard(self, body, index):
        try:
            body(index)
        except Exception as error:
            self.failure = self.failure or error

    def _drain(self, jobs, worker, index):
        while not self.failure:
            try:
                job = jobs.get_nowait()
            except queue.Empty:
                return
            worker(job, index)

    def _n(self, work, _):
        answers = self._rationale(work, n_cmpl=work.samples)
        for answer in answers:
            # The first of them stands for the slot that read the prompt.
            self._label(work, answer, answers[0]["id_slot"])

    def _slot(self, group, slot):
        for work in group:
            for _ in range(work.samples):
                self._label(work, self._rationale(work, id_slot=slot)[0], slot)

    def _plain(self, work, _):
        self._label(work, self._rationale(work)[0], None)

    def _rationale(self, work, **options):
        with self.lock:
            self.seed += 1
            seed = self.seed
        answers = self.server.post("/completion", {
            "prompt": list(work.prompt), "n_predict": self.tokens, "ignore_eos": True, "cache_prompt": True, "seed": seed,
            "temperature": 1, "samplers": ["penalties", "temperature"], "repeat_penalty": self.penalty, "repeat_last_n": 256,
            "backend_sampling": self.server.settings.graph_sampling, "return_tokens": True, "response_fields": FIELDS,
            **options})
        answers = answers if isinstance(answers, list) else [answers]
        if len(answers) != options.get("n_cmpl", 1):
            raise BenchmarkError(f"llama-server gave {len(answers)} completions of {options['n_cmpl']}")
        with self.lock:
            self.written += sum(answer["tokens_predicted"] for answer in answers)
            # Completions of one prompt all report its reading.
            self.read += max(answer["timings"]["prompt_n"] for answer in answers)
        return answers

    def _label(self, work, answer, slot):
        body = {"prompt": [*work.prompt, *answer["tokens"], *work.marker], "n_predict": 1, "temperature": 0,
                "samplers": ["temperature"], "n_probs": LABEL_CANDIDATES, "cache_prompt": True, "response_fields": FIELDS}
        if slot is not None:
            body["id_slot"] = slot
        said = self.server.post("/completion", body)
        candidates = {entry["token"].strip() for entry in said["completion_probabilities"][0]["top_logprobs"]}
        with self.lock:
            self.answers += 1
            self.read += said["timings"]["prompt_n"]
            self.missing += not candidates.issuperset(work.labels)
