"""Our side: `assize judge`, timed by itself with `--stats`."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import machine
from machine import BenchmarkError
from program import Program

FIGURES = ["judging_seconds", "load_seconds", "items", "answers", "failed", "prompt_tokens", "read_tokens", "saved_tokens",
           "written_tokens", "peak_rss_bytes"]


@dataclass
class Run:
    """What one `assize judge` says of itself; judging alone, without the time to load the model."""
    seconds: float
    load_seconds: float
    items: int
    answers: int
    prompt_tokens: int
    read_tokens: int
    saved_tokens: int
    written_tokens: int
    peak_bytes: int
    layout: str
    verdicts: list = field(default_factory=list)

    @property
    def answers_per_second(self):
        return self.answers / self.seconds

    @property
    def distinct_tokens(self):
        """Tokens that had to be computed: read, less what was shared, and written."""
        return self.read_tokens + self.written_tokens


class Assize(Program):
    """The program with the model and the settings that all its runs share."""

    def __init__(self, program, model, threads, folder, jobs=None):
        super().__init__(program)
        self.model, self.threads, self.folder, self.jobs = model, threads, Path(folder), jobs
        self.count = 0
        if "--stats" not in self.run(["help", "judge"]):
            raise BenchmarkError(f"{program} has no 'judge --stats'; build it again from this source with 'make build'")

    def judge(self, items, recipe, *, samples=1, label_only=False, rubric=None, both_orders=False, context=None):
        """One run with an empty store and without the response cache."""
        self.count += 1
        base = self.folder / f"run-{self.count}"
        output, stats, store, log = (base.with_suffix(ending) for ending in (".jsonl", ".json", ".sqlite", ".log"))
        words = [self.program, "judge", "-m", self.model, "-p", recipe, "-i", items, "-o", output, "--no-cache", "--quiet",
                 "--store", store, "--run", base.name, "--stats", stats, "--threads", self.threads, "--samples", samples]
        if label_only:
            words += ["--label-only"]
        else:
            words += ["--temperature", 1]
        if rubric:
            words += ["--rubric", rubric]
        if both_orders:
            words += ["--orders", "both"]
        if self.jobs:
            words += ["--jobs", self.jobs]
        if context:
            words += ["--context", context]
        # 3: some items failed; said below, in our words.
        machine.finish(machine.start(words, log), "assize judge", log, statuses=(0, 3))
        said = json.loads(stats.read_text())
        if missing := [name for name in FIGURES if name not in said]:
            raise BenchmarkError(
                f"'assize judge --stats' says nothing of {', '.join(missing)}; Benchmarks/engine/ours.py must learn its names")
        rows = [json.loads(line) for line in output.read_text().splitlines()]
        failed = [row for row in rows if row["verdict"]["kind"] == "failed"]
        if failed or said["failed"]:
            verdict = (failed or rows)[0]["verdict"]
            raise BenchmarkError(
                f"{max(len(failed), said['failed'])} judgments failed, the first with {verdict.get('failure')}: "
                f"{str(verdict.get('raw'))[:300]}")
        for file in self.folder.glob(base.name + ".*"):
            file.unlink()
        return Run(
            seconds=said["judging_seconds"], load_seconds=said["load_seconds"], items=said["items"], answers=said["answers"],
            prompt_tokens=said["prompt_tokens"], read_tokens=said["read_tokens"], saved_tokens=said["saved_tokens"],
            written_tokens=said["written_tokens"], peak_bytes=said["peak_rss_bytes"], layout=said.get("layout") or "pinned",
            verdicts=[row["verdict"] for row in rows])

    def model_file(self):
        """The path of the model's GGUF file."""
        return self.file_of(self.model)
