"""Our side: `assize train`, timed by its own log and by the files that it writes."""

from __future__ import annotations

import json
import re
import shutil
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import child
import machine
from machine import BenchmarkError
from program import Program

RANK, ALPHA = 16, 32
# A pack holds no fewer tokens by default.
PACK = 1024


@dataclass(frozen=True)
class Job:
    """What is trained. `rows` are all that the file holds, so that the reference sees no others."""
    kind: str
    model: Path
    data: Path
    steps: int
    batch: int = 1
    path: str = "fast"
    recompute: bool = False
    # Tokens of the longest row or group.
    tokens: int = PACK


class Watch:
    """Sees when the log is begun and when the reference is known: between the two nothing else happens."""

    def __init__(self, folder: Path) -> None:
        self.log, self.references = folder / "log.jsonl", folder / "references.bin"
        self.begun: float | None = None

    def look(self) -> None:
        if self.begun is None and self.log.is_file():
            status = self.log.stat()
            # The file's own time, as long as nothing was added.
            if status.st_size == 0:
                self.begun = status.st_mtime

    def reference_seconds(self) -> float:
        if self.begun is None:
            raise BenchmarkError(f"the beginning of {self.log} was missed; the reference's time isn't known")
        return self.references.stat().st_mtime - self.begun


class Assize(Program):
    """The program with what all its runs share."""

    def __init__(self, program: str, threads: int, folder: Path) -> None:
        super().__init__(program)
        self.threads, self.folder = threads, folder
        self.count = 0

    def command(self, job: Job, output: Path) -> list[object]:
        words: list[object] = [
            self.program, "train", job.kind, "--base", job.model, "--data", job.data, "--raw-text", "--out", output,
            "--rank", RANK, "--alpha", ALPHA, "--targets", "all", "--batch", job.batch, "--max-steps", job.steps,
            "--pack-tokens", max(PACK, -(-job.tokens // 64) * 64), "--no-shuffle", "--path", job.path,
            "--threads", self.threads]
        return words + (["--recompute"] if job.recompute else [])

    def train(self, job: Job) -> dict[str, object]:
        """One run: seconds of each step but the first, of the reference for each row, and the peak memory."""
        self.count += 1
        base = self.folder / f"train-{self.count}"
        output, log = base.with_suffix(".gguf"), base.with_suffix(".log")
        folder = Path(f"{output}.run")
        watch = Watch(folder)
        began = time.time()
        usage = child.run(self.command(job, output), what=f"assize train {job.kind}", log=log, watch=watch.look)
        lines = [json.loads(line) for line in watch.log.read_text().splitlines()]
        steps = [line["step"] for line in lines if line.get("step")]
        if len(steps) != job.steps:
            raise BenchmarkError(f"assize train took {len(steps)} steps, not {job.steps}; the end of {log}:\n{machine.tail(log)}")
        device = re.search(r"values in training, on (.+)", log.read_text(errors="replace"))
        rows = sum(step["rows"] for step in steps)
        figures: dict[str, object] = {
            "first_seconds": steps[0]["seconds"],
            "step_seconds": [step["seconds"] for step in steps[1:]],
            "rows_a_step": steps[-1]["rows"],
            "computed_tokens": statistics.fmean(step["tokens"] for step in steps),
            # What a trainer without shared prompts would compute.
            "row_tokens": statistics.fmean(step["unsharedTokens"] for step in steps) / steps[-1]["rows"],
            "reference_seconds": watch.reference_seconds() / rows if job.kind == "dpo" else 0.0,
            "load_seconds": watch.begun - began if watch.begun else 0.0, "peak_bytes": usage.peak_bytes,
            "seconds": usage.seconds, "device": device.group(1) if device else "",
            "loss": statistics.fmean(step["loss"] for step in steps)}
        output.unlink()
        shutil.rmtree(folder)
        log.unlink()
        return figures
