"""What is measured: each kind of work once on our side and once on the other, as often as asked."""

import statistics
from dataclasses import dataclass, field
from pathlib import Path

import prefill
import prompts
from machine import BenchmarkError, say
from server import Server, Settings
from ways import Client, Work

PUBLISHED = Path(__file__).resolve().parents[2] / "Sources" / "AssizeJudges" / "Recipes" / "Published"
CRITERIA = Path(__file__).resolve().parent / "five-criteria.yaml"


def counted(count, noun):
    return f"{count} {noun}{'s' * (count != 1)}"


@dataclass
class Comparison:
    """The repetitions of one measurement: a figure of each side, by the name of the column."""
    ours: list = field(default_factory=list)
    peer: list = field(default_factory=list)

    @property
    def ratio(self):
        """Median over median; above 1, ours is faster."""
        if not self.ours or not self.peer:
            return None
        return statistics.median(self.ours) / statistics.median(self.peer)


@dataclass
class Setup:
    """What all measurements share."""
    assize: object
    server_program: Path
    bench_program: Path
    model: Path
    threads: int
    folder: Path
    tokens: int
    trial_items: int
    trial_tokens: int


class AgainstServer:
    """(a) and (d): sampled judgments with a rationale of fixed length, ours and llama-server's."""

    def __init__(self, setup, kind, rows, samples, settings):
        self.setup, self.kind, self.rows, self.samples = setup, kind, rows, samples
        self.settings = [choice for choice in settings if choice.way != "n" or choice.slots >= samples]
        self.recipe = prompts.Recipe(PUBLISHED / f"assize-{kind}.yaml")
        self.penalty = float(self.recipe.sampling.get("repetition_penalty", 1))
        self.recipe_file = setup.folder / f"{kind}-{setup.tokens}.yaml"
        self.recipe_file.write_text(self.recipe.fixed_length(setup.tokens))
        self.rows_file = prompts.write_rows(rows, setup.folder / f"{kind}.jsonl")
        self.comparison = Comparison()
        self.best, self.trials, self.runs, self.dones = None, [], [], []
        self.groups = self._groups()

    def _count(self, rows):
        return f"{counted(len(rows), 'pair')} in both orders" if self.kind == "pairwise" else counted(len(rows), "item")

    def _log(self):
        return self.setup.folder / "llama-server.log"

    def _groups(self):
        """The prompts of each row, in tokens of the model."""
        setup = self.setup
        groups, orders = [], (False, True) if self.kind == "pairwise" else (False,)
        # Only asked for tokens here.
        with Server(setup.server_program, setup.model, Settings("n", 1, False), 512, setup.threads, self._log()) as server:
            for row in self.rows:
                group = []
                for swapped in orders:
                    messages, opening, marker, labels = self.recipe.ask(row, swapped)
                    group.append(Work(tuple(server.prompt(messages, opening)), self.samples, tuple(server.tokens(marker)),
                                      tuple(labels)))
                groups.append(group)
        return groups

    @property
    def mean_prompt(self):
        return statistics.fmean(len(work.prompt) for group in self.groups for work in group)

    def _serve(self, settings, groups, tokens):
        setup = self.setup
        room = max(len(work.prompt) + len(work.marker) for group in self.groups for work in group) + tokens + 16
        room = -(-room // 256) * 256
        with Server(setup.server_program, setup.model, settings, room, setup.threads, self._log()) as server:
            warm = groups[0][0]
            server.post("/completion", {"prompt": list(warm.prompt[:64]), "n_predict": 4, "cache_prompt": False})
            done = Client(server, tokens, self.penalty).run(groups)
        expected = sum(work.samples for group in groups for work in group)
        if done.answers != expected or done.written_tokens != expected * tokens:
            raise BenchmarkError(
                f"llama-server gave {done.answers} judgments with {done.written_tokens} tokens, not {expected} with {tokens} "
                "each")
        return done

    def choose(self, best=None):
        """Tries the settings and keeps the fastest, or takes those found elsewhere."""
        if best is None and len(self.settings) == 1:
            best = self.settings[0]
        if best is not None:
            self.best = best
            return
        groups, tokens = self.groups[:self.setup.trial_items], self.setup.trial_tokens
        is_whole = len(groups) == len(self.groups) and tokens == self.setup.tokens
        for settings in self.settings:
            done = self._serve(settings, groups, tokens)
            say(f"tried llama-server with {settings}: {done.answers_per_second:.3f} judgments/s ({self._count(groups)})")
            self.trials.append((done.answers_per_second, settings))
            if is_whole and (not self.dones or done.answers_per_second > self.dones[0].answers_per_second):
                self.dones = [done]
            self.best = max(self.trials, key=lambda trial: trial[0])[1]
        # A trial of all the work by the best settings is a repetition like any other.
        self.comparison.peer = [done.answers_per_second for done in self.dones]

    def repeat(self, repetition):
        """One repetition of both sides, ours first in one and last in the next."""
        sides = [self._ours, self._peer]
        for side in sides if repetition % 2 == 0 else reversed(sides):
            side(repetition)

    def _ours(self, repetition):
        run = self.setup.assize.judge(
            self.rows_file, self.recipe_file, samples=self.samples, both_orders=self.kind == "pairwise")
        if run.written_tokens != run.answers * self.setup.tokens:
            raise BenchmarkError(
                f"assize wrote {run.written_tokens} tokens in {run.answers} answers, not {self.setup.tokens} in each")
        mean = run.prompt_tokens / run.answers
        if abs(mean / self.mean_prompt - 1) > 0.01:
            raise BenchmarkError(
                f"the prompts differ: assize counts {mean:.1f} tokens a prompt, this script's rendering has "
                f"{self.mean_prompt:.1f}; Benchmarks/engine/prompts.py no longer renders what the recipe does")
        self.runs.append(run)
        self.comparison.ours.append(run.answers_per_second)
        say(f"{self.kind}: ours {run.answers_per_second:.3f} judgments/s")

    def _peer(self, repetition):
        if len(self.comparison.peer) > repetition:
            return
        done = self._serve(self.best, self.groups, self.setup.tokens)
        self.dones.append(done)
        self.comparison.peer.append(done.answers_per_second)
        say(f"{self.kind}: llama-server {done.answers_per_second:.3f} judgments/s")

    def lines(self):
        """What stands under the table."""
        if not self.runs or not self.dones:
            return []
        run, done = self.runs[-1], self.dones[-1]
        asks = sum(work.samples for group in self.groups for work in group)
        prompt_tokens = sum(len(work.prompt) * work.samples for group in self.groups for work in group)
        lines = [
            f"{self._count(self.rows)}, {counted(self.samples, 'sample')} a prompt: {asks} judgments; prompt tokens a judgment "
            f"{run.prompt_tokens / run.answers:.1f} (Assize) and {prompt_tokens / asks:.1f} (llama-server's /tokenize); written "
            f"{run.written_tokens / run.answers:.1f} and {done.written_tokens / done.answers:.1f}, of fixed length",
            f"read {run.read_tokens} tokens (shared {run.saved_tokens}), llama-server {done.read_tokens}; peak memory "
            f"{run.peak_bytes / 2**20:.0f} MiB and {done.memory_bytes / 2**20:.0f} MiB",
            f"llama-server's settings: {self.best}",
        ]
        if self.trials:
            tried = "; ".join(f"{settings}: {rate:.3f}" for rate, settings in sorted(self.trials, key=lambda trial: -trial[0]))
            lines.append(f"tried ({self._count(self.groups[:self.setup.trial_items])}, {self.setup.trial_tokens} tokens each; "
                         f"judgments/s): {tried}")
        if done.missing:
            lines.append(f"for {done.missing} of {done.answers} judgments a label was not among llama-server's candidates")
        return lines


class LabelOnly:
    """(b): prompts that are only read, against llama-bench at the mean length."""

    def __init__(self, setup, rows):
        self.setup, self.rows = setup, rows
        self.rows_file = prompts.write_rows(rows, setup.folder / "label-only.jsonl")
        self.comparison, self.asked = Comparison(), []
        self.length, self.run = 0, None

    def repeat(self, repetition):
        setup = self.setup
        self.run = run = setup.assize.judge(self.rows_file, "assize-pointwise", label_only=True)
        self.length = round(run.prompt_tokens / run.answers)
        self.comparison.ours.append(run.read_tokens / run.seconds)
        self.asked.append(run.prompt_tokens / run.seconds)
        log = setup.folder / "llama-bench.log"
        rate = prefill.tokens_per_second(setup.bench_program, setup.model, self.length, setup.threads, log)
        self.comparison.peer.append(rate)
        say(f"label only: ours read {self.comparison.ours[-1]:.0f} tokens/s, llama-bench {rate:.0f}")

    def lines(self):
        if self.run is None:
            return []
        return [f"{counted(len(self.rows), 'item')}, layout {self.run.layout}: {self.run.prompt_tokens} prompt tokens asked, "
                f"{self.run.read_tokens} read; llama-bench -p {self.length} -b {prefill.BATCH} -ub {prefill.BATCH} -fa auto"]


class Criteria:
    """(c): five criteria over an item in one run, against a run for each."""

    def __init__(self, setup, rows):
        # An item's own rubric would go before the run's.
        rows = [{name: text for name, text in row.items() if name != "rubric"} for row in rows]
        self.setup, self.count = setup, len(rows)
        self.rows_file = prompts.write_rows(rows, setup.folder / "criteria.jsonl")
        text = CRITERIA.read_text()
        self.names = [criterion["name"] for criterion in prompts.read_yaml(text)["criteria"]]
        blocks = text[text.index("criteria:"):].split("  - name: ")
        self.singles = []
        for name, block in zip(self.names, blocks[1:]):
            path = setup.folder / f"criterion-{name}.yaml"
            path.write_text(f"{blocks[0]}  - name: {block}")
            self.singles.append(path)
        self.comparison = Comparison()
        self.together, self.alone = None, []

    def repeat(self, repetition):
        judge = self.setup.assize.judge
        self.together = judge(self.rows_file, "assize-pointwise", label_only=True, rubric=CRITERIA)
        self.alone = [judge(self.rows_file, "assize-pointwise", label_only=True, rubric=path) for path in self.singles]
        # As rates, so that a ratio above 1 says the same as everywhere.
        self.comparison.ours.append(self.together.answers_per_second)
        self.comparison.peer.append(sum(run.answers for run in self.alone) / sum(run.seconds for run in self.alone))
        say(f"criteria: {self.comparison.ours[-1]:.3f} together, {self.comparison.peer[-1]:.3f} one by one")

    def lines(self):
        if self.together is None:
            return []
        seconds, read = (sum(getattr(run, name) for run in self.alone) for name in ("seconds", "read_tokens"))
        return [f"{counted(self.count, 'item')}, {len(self.names)} criteria: {self.together.seconds:.2f} s in one run "
                f"(read {self.together.read_tokens} tokens), {seconds:.2f} s in {len(self.names)} runs (read {read})"]


@dataclass
class Growth:
    """One point of (f)."""
    title: str
    run: object

    def row(self):
        run = self.run
        return [self.title, f"{run.seconds:.1f} s", f"{run.prompt_tokens / run.answers:.0f}",
                f"{run.distinct_tokens:,}", f"{1000 * run.seconds / run.distinct_tokens:.3f} ms", f"{run.peak_bytes / 2**20:.0f} MiB"]


def growth(setup, rows, *, items, samples, lengths, length_items, tokens, characters_per_token):
    """(f): our side alone, one run a point."""
    recipe = setup.folder / f"growth-{tokens}.yaml"
    recipe.write_text(prompts.Recipe(PUBLISHED / "assize-pointwise.yaml").fixed_length(tokens))
    base_items, base_samples = items[0], 8
    points = [(f"{counted(count, 'item')}, N = {base_samples}", rows[:count], base_samples) for count in items]
    points += [(f"{counted(base_items, 'item')}, N = {count}", rows[:base_items], count) for count in samples if count != base_samples]
    for length in lengths:
        characters = int((length - 160) * characters_per_token)
        points.append((f"{counted(length_items, 'item')} of about {length} tokens, N = {base_samples}",
                       prompts.lengthened(rows[:length_items], characters), base_samples))
    results = []
    for index, (title, chosen, count) in enumerate(points):
        if len(chosen) < int(title.split()[0]):
            title += f" (only {len(chosen)} are in the file)"
        file = prompts.write_rows(chosen, setup.folder / f"growth-{index}.jsonl")
        run = setup.assize.judge(file, recipe, samples=count)
        results.append(Growth(title, run))
        say(f"growth: {', '.join(results[-1].row())}")
    return results
