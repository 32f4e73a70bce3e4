"""What is measured: the same rows on both sides, one process a measurement."""

from __future__ import annotations

import hashlib
import json
import shutil
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import flops
import texts
import trl_peer
from machine import BenchmarkError, say
from ours import ALPHA, RANK, Assize, Job
from state import Figures, State
from texts import Wanted

# Pairs of a group, and the distinct answers among them.
GROUP, ANSWERS = len(texts.RANKING), 5
# How far the two sides' token counts may be apart.
TOLERANCE = 0.01


@dataclass(frozen=True)
class Sizes:
    """How much is measured. Every run takes one step more, which doesn't count."""
    prompt: int
    answer: int
    steps: int
    peer_steps: int
    # Of a number format that this processor only imitates.
    slow_steps: int
    # Seconds after which the other side stops early; `None`: never.
    peer_limit: float | None
    # Rows a step that the other side is tried with.
    batches: tuple[int, ...]


@dataclass
class Model:
    """A model with its rows."""
    name: str
    file: Path
    shape: flops.Shape
    folder: Path


@dataclass(frozen=True)
class Speed:
    """Rows a second: of the steps alone, and with the reference's share."""
    steps: float
    whole: float


def median(figures: Figures) -> float:
    return statistics.median(figures["step_seconds"])


def speed(figures: Figures) -> Speed:
    row = median(figures) / figures["rows_a_step"]
    return Speed(1 / row, 1 / (row + figures["reference_seconds"]))


@dataclass
class Setup:
    """What all measurements share."""
    assize: Assize
    python: Path
    threads: int
    sizes: Sizes
    state: State
    folder: Path
    # Where files of rows are kept between runs.
    rows: Path

    # --- rows -----------------------------------------------------------------------------------------------------

    def model(self, name: str, file: Path, wanted: Sequence[Wanted]) -> Model:
        """A model with files of rows, made where they are not there yet."""
        status = file.stat()
        words = [str(file), str(status.st_size), str(status.st_mtime_ns), Path(texts.__file__).read_text(),
                 trl_peer.PROMPTS.read_text()]
        folder = self.rows / hashlib.sha256("\0".join(words).encode()).hexdigest()[:12]
        folder.mkdir(parents=True, exist_ok=True)
        missing = [one for one in dict.fromkeys(wanted) if not (folder / one.name).is_file()]
        known = folder / "shape.json"
        if missing or not known.is_file():
            say(f"rows for {name}: {', '.join(one.name for one in missing)}")
            task = {"task": "rows", "model": str(file), "folder": str(self.folder), "files": [asdict(one) for one in missing]}
            found = trl_peer.ask(self.python, task, threads=self.threads, folder=self.folder)
            for one in missing:
                # Moved whole, so that none is cut short.
                shutil.move(self.folder / one.name, folder / one.name)
            known.write_text(json.dumps({name: found[name] for name in flops.Shape.__dataclass_fields__}))
        return Model(name, file, flops.Shape(**json.loads(known.read_text())), folder)

    def first(self, model: Model, wanted: Wanted, rows: int) -> Path:
        """The first rows of a file, as a file of their own: the reference is computed for every row there is."""
        lines = (model.folder / wanted.name).read_text().splitlines(keepends=True)
        if len(lines) < rows:
            raise BenchmarkError(f"{wanted.name} has {len(lines)} rows, not {rows}")
        path = self.folder / f"first-{rows}.jsonl"
        path.write_text("".join(lines[:rows]))
        return path

    def wanted(self, kind: str, prompt: int, answer: int) -> Wanted:
        """Rows for the longest run of either side."""
        sizes = self.sizes
        return Wanted(kind, max(sizes.steps + 1, max(sizes.batches) * (sizes.peer_steps + 1)), prompt, answer)

    # --- one run --------------------------------------------------------------------------------------------------

    def ours(self, model: Model, wanted: Wanted, *, path: str = "fast", recompute: bool = False) -> Figures:
        """`assize train` on rows; a step is a row, or a group."""
        batch = GROUP if wanted.kind == "groups" else 1
        steps = self.sizes.steps + 1
        answers = {"answers": 1, "pairs": 2, "groups": ANSWERS}[wanted.kind]
        settings = {"model": model.name, "rows": wanted.kind, "prompt": wanted.prompt, "answer": wanted.answer,
                    "steps": steps, "path": path, "recompute": recompute}

        def measure() -> Figures:
            job = Job(kind="sft" if wanted.kind == "answers" else "dpo", model=model.file,
                      data=self.first(model, wanted, steps * batch), steps=steps, batch=batch, path=path,
                      recompute=recompute, tokens=wanted.prompt + answers * wanted.answer)
            figures = self.assize.train(job)
            expected = wanted.prompt + answers * wanted.answer
            if figures["rows_a_step"] != batch or abs(figures["computed_tokens"] / expected - 1) > TOLERANCE:
                raise BenchmarkError(
                    f"assize train computed {figures['computed_tokens']:.0f} tokens for {figures['rows_a_step']} rows a step "
                    f"where {expected} for {batch} were laid out")
            return figures

        return self.state.get("Assize", settings, measure)

    def peer(self, model: Model, wanted: Wanted, *, dtype: str, batch: int, slow: bool = False, precompute: bool = False,
             checkpointing: bool = False) -> Figures:
        """TRL's trainer on the first of the same rows."""
        steps = (self.sizes.slow_steps if slow else self.sizes.peer_steps) + 1
        settings = {"model": model.name, "rows": wanted.kind, "prompt": wanted.prompt, "answer": wanted.answer,
                    "steps": steps, "dtype": dtype, "batch": batch, "precompute": precompute,
                    "checkpointing": checkpointing, "limit": self.sizes.peer_limit}

        def measure() -> Figures:
            task = {"task": "train", "kind": "sft" if wanted.kind == "answers" else "dpo", "model": str(model.file),
                    "data": str(self.first(model, wanted, steps * batch)), "steps": steps, "dtype": dtype, "batch": batch,
                    "rank": RANK, "alpha": ALPHA, "precompute": precompute, "checkpointing": checkpointing,
                    "limit": self.sizes.peer_limit}
            return trl_peer.ask(self.python, task, threads=self.threads, folder=self.folder)

        figures = self.state.get("TRL", settings, measure)
        return figures | {"kind": "sft" if wanted.kind == "answers" else "dpo", "dtype": dtype, "batch": batch}

    def peak(self, shapes: list[tuple[int, int, int]], seconds: float = 1.0) -> Figures:
        task = {"task": "peak", "shapes": [list(shape) for shape in shapes], "seconds": seconds}
        return self.state.get("PyTorch's matrix products", {"shapes": str(shapes)}, lambda: trl_peer.ask(
            self.python, task, threads=self.threads, folder=self.folder))


def check_tokens(ours: Figures, peer: Figures, what: str) -> None:
    """Both sides must have read the same rows as equally many tokens."""
    if abs(ours["row_tokens"] / peer["row_tokens"] - 1) > TOLERANCE:
        raise BenchmarkError(
            f"{what}: a row has {ours['row_tokens']:.1f} tokens here and {peer['row_tokens']:.1f} in TRL; the comparison "
            "would be unfair")


@dataclass
class Against:
    """One kind of rows on both sides; the peer in all the ways that were tried."""
    title: str
    ours: Figures
    tried: list[Figures]

    def __post_init__(self) -> None:
        for one in self.tried:
            check_tokens(self.ours, one, self.title)

    @property
    def peer(self) -> Figures:
        """The quickest way."""
        return max(self.tried, key=lambda figures: speed(figures).steps)

    @property
    def peer_small(self) -> Figures:
        """The quickest number format, one row at a time: that takes the least memory."""
        dtype = self.peer["dtype"]
        return min((one for one in self.tried if one["dtype"] == dtype), key=lambda figures: figures["batch"])

    @property
    def ratio(self) -> float:
        """Rows a second, everything counted on both sides."""
        return speed(self.ours).whole / speed(self.peer).whole

    @property
    def memory(self) -> float:
        return self.ours["peak_bytes"] / self.peer_small["peak_bytes"]
