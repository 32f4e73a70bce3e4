#!/usr/bin/env python3
"""Compares `assize train` with TRL on the same model and rows.

    make bench-training               everything; takes some hours on two cores
    make bench-training QUICK=1       DPO, groups and SFT against TRL, three steps each; five minutes at most

Prints tables for Documentation/Performance.md; the last line is one JSON object of the ratios: Assize's speed over TRL's, and
its peak memory over TRL's (null: not measured). Progress goes to stderr. A run that was cut off goes on where it was. `make`
hands over these, all optional:

    FORCE=1           time although other programs run
    ARGS="..."        any of the flags of bench.py --help
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

# The working tree stays as it was.
sys.dont_write_bytecode = True
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "support"))

import hotspots
import machine
import report
import trl_peer
from machine import BenchmarkError, say
from measurements import ANSWERS, Against, Model, Setup, Sizes
from ours import Assize, Job
from state import Figures, State
from texts import Wanted

machine.program = "bench-training"
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PARTS = ["dpo", "groups", "sft", "reference", "least", "paths", "growth", "vocabulary", "peak", "large"]
QUICK_PARTS = ["dpo", "groups", "sft"]
SMALL, LARGE = "smollm2-135m", "qwen2.5-coder-0.5b"
# Seconds of TRL's steps in a quick run, so that a slow machine ends in time as well.
QUICK_LIMIT = 65.0
PATHS = ["fast", "fast32", "portable", "portable32"]


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split(",") if word)


def short(model: str) -> str:
    """What a model is called in tables: its name, or its file without folders."""
    return model.rsplit("/", 1)[-1].removesuffix(".gguf")


def cache() -> Path:
    root = os.environ.get("ASSIZE_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "assize"
    return Path(root) / "bench-training"


def arguments() -> argparse.Namespace:
    def flag(name: str) -> bool:
        return os.environ.get(name, "") not in ("", "0")

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--quick", action="store_true", default=flag("QUICK"), help="as QUICK=1")
    add("--force", action="store_true", default=flag("FORCE"), help="as FORCE=1")
    add("--fresh", action="store_true", help="measure anew what a run that was cut off has measured")
    add("--only", metavar="LIST", help=f"of {','.join(PARTS)} only these")
    add("--assize", default=os.environ.get("ASSIZE") or str(ROOT / ".build" / "release" / "assize"), metavar="FILE")
    add("--model", default=SMALL, metavar="NAME|FILE", help="the model (%(default)s)")
    add("--large", default=LARGE, metavar="NAME|FILE", help="the larger model, left out where it isn't (%(default)s)")
    add("--threads", type=int, default=machine.CORES, help="of both sides (%(default)s)")
    add("--prompt", type=int, default=560, help="tokens of a prompt (%(default)s)")
    add("--answer", type=int, default=140, help="tokens of an answer (%(default)s)")
    add("--steps", type=int, help="our timed steps a measurement (8; quick: 3)")
    add("--peer-steps", type=int, help="TRL's (5; quick: 3)")
    add("--slow-steps", type=int, default=1, help="TRL's in a number format that the processor imitates (%(default)s)")
    add("--batches", type=numbers, metavar="N,N", help="rows a step that TRL is tried with (1,2; quick: 1)")
    add("--dtypes", metavar="LIST", help="number formats that TRL is tried with (fp32,bf16; quick: the one that the "
                                         "processor has products for)")
    add("--lengths", type=numbers, default=(256, 512, 1024, 2048, 4096), metavar="N,N", help="prompts' tokens for the growth")
    add("--peer-lengths", type=numbers, default=(256, 1024), metavar="N,N", help="those that TRL is measured at")
    add("--work", default=str(cache()), metavar="DIR", help="where rows, and figures of a run that was cut off, are kept")
    add("--out", metavar="FILE", help="also write every figure, as JSON")
    options = parser.parse_args()
    options.only = options.only.split(",") if options.only else QUICK_PARTS if options.quick else PARTS
    if unknown := set(options.only) - set(PARTS):
        parser.error(f"--only has {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    options.steps = options.steps or (3 if options.quick else 8)
    options.peer_steps = options.peer_steps or (3 if options.quick else 5)
    options.batches = options.batches or ((1,) if options.quick else (1, 2))
    native = "bf16" if report.BF16_FLAGS & set(report.processor()[1]) else "fp32"
    options.native = native
    others = [] if options.quick else [dtype for dtype in ("fp32", "bf16") if dtype != native]
    options.dtypes = options.dtypes.split(",") if options.dtypes else [native, *others]
    if unknown := set(options.dtypes) - {"fp32", "bf16"}:
        parser.error(f"--dtypes has {', '.join(sorted(unknown))}; there are fp32 and bf16")
    if min(options.steps, options.peer_steps) < 3:
        say("fewer than 3 timed steps: too few to publish a figure")
    return options


class Bench:
    """One run: measures what is wanted, and shows it."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options = options
        work = Path(options.work)
        work.mkdir(parents=True, exist_ok=True)
        assize = Assize(options.assize, options.threads, folder)
        status = assize.program.stat()
        sources = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))).hexdigest()[:12]
        identity = {"program": f"{assize.program} {status.st_size} {status.st_mtime_ns}", "threads": str(options.threads),
                    "processor": report.processor()[0], "sources": sources}
        sizes = Sizes(options.prompt, options.answer, options.steps, options.peer_steps, options.slow_steps,
                      QUICK_LIMIT if options.quick else None, options.batches)
        self.setup = Setup(assize, trl_peer.python(), options.threads, sizes,
                           State(work / "state.json", identity, options.fresh), folder, work / "rows")
        self.small: Model | None = None
        self.large: Model | None = None
        self.against: dict[str, Against] = {}
        self.precomputed: dict[str, Figures] = {}
        self.least: dict[str, tuple[Figures, Figures]] = {}
        self.paths: dict[str, Figures] = {}
        self.growth: dict[int, Figures] = {}
        self.peer_growth: dict[int, Figures] = {}
        self.vocabulary: list[tuple[Model, tuple[int, Figures], tuple[int, Figures]]] = []
        self.peak: Figures | None = None
        self.hotspots: Figures | None = None
        self.notes: list[str] = []

    @property
    def kinds(self) -> dict[str, Wanted]:
        """Rows by the part that needs them."""
        sizes, setup = self.setup.sizes, self.setup
        return {name: setup.wanted(kind, sizes.prompt, sizes.answer)
                for name, kind in (("dpo", "pairs"), ("groups", "groups"), ("sft", "answers"))}

    def wants(self, *parts: str) -> bool:
        return bool(set(parts) & set(self.options.only))

    # --- measuring ------------------------------------------------------------------------------------------------

    def run(self) -> None:
        options, setup = self.options, self.setup
        lengths = [setup.wanted("answers", length, options.answer) for length in options.lengths] if self.wants("growth") else []
        split = self._split() if self.wants("vocabulary") else []
        self.small = setup.model(short(options.model), setup.assize.file_of(options.model), [*self.kinds.values(), *lengths, *split])
        self._compare(self.small, options.dtypes)
        if self.wants("paths"):
            self.paths = {path: setup.ours(self.small, self.kinds["dpo"], path=path) for path in PATHS}
        if self.wants("growth"):
            self._growth(lengths)
        if self.wants("large", "vocabulary"):
            self._find_large(split)
        if self.large and self.wants("large"):
            # The quicker format of the smaller model.
            tried = self.against.get(f"{self.small.name} dpo") or self.against.get(f"{self.small.name} sft")
            self._compare(self.large, [tried.peer["dtype"] if tried else options.native])
        if self.wants("vocabulary"):
            for model in filter(None, (self.small, self.large)):
                few, many = ((one.answer, setup.ours(model, one)) for one in split)
                self.vocabulary.append((model, few, many))
        if self.wants("peak"):
            self._peak(self.small)

    def _find_large(self, split: list[Wanted]) -> None:
        try:
            file = self.setup.assize.file_of(self.options.large)
        except BenchmarkError as problem:
            self.notes.append(f"The larger model was left out: {problem}.")
            say(self.notes[-1])
            return
        self.large = self.setup.model(short(self.options.large), file, [*self.kinds.values(), *split])

    def _split(self) -> list[Wanted]:
        """Rows of equal length, with few and with many answer tokens."""
        total = self.options.prompt + self.options.answer
        return [self.setup.wanted("answers", total - answer, answer) for answer in (total // 10, total // 2)]

    def _compare(self, model: Model, dtypes: list[str]) -> None:
        """Both sides; the other one in each format, and in the quickest one with each number of rows a step."""
        setup, options = self.setup, self.options
        for part in ("dpo", "groups", "sft"):
            if not self.wants(part):
                continue
            rows = self.kinds[part]
            ours = setup.ours(model, rows)
            known = self.against.get(f"{model.name} dpo")
            if part == "groups" and known:
                # The same work for TRL as single pairs: only the quickest way is measured, and in a quick run none.
                if options.quick:
                    found = [known.peer]
                else:
                    found = [setup.peer(model, rows, dtype=known.peer["dtype"], batch=known.peer["batch"])]
            else:
                found = [setup.peer(model, rows, dtype=dtype, batch=options.batches[0], slow=dtype != options.native)
                         for dtype in dtypes]
                best = Against(part, ours, found).peer["dtype"]
                found += [setup.peer(model, rows, dtype=best, batch=batch, slow=best != options.native)
                          for batch in options.batches[1:]]
            title = {"dpo": "DPO, single pairs", "groups": "DPO, groups", "sft": "SFT"}[part]
            self.against[f"{model.name} {part}"] = Against(title, ours, found)
        dpo = self.against.get(f"{model.name} dpo")
        if dpo is None:
            return
        best = {"dtype": dpo.peer["dtype"], "batch": dpo.peer["batch"], "slow": dpo.peer["dtype"] != options.native}
        if self.wants("reference"):
            self.precomputed[model.name] = setup.peer(model, self.kinds["dpo"], precompute=True, **best)
        if self.wants("least"):
            self.least[model.name] = (
                setup.ours(model, self.kinds["dpo"], recompute=True),
                setup.peer(model, self.kinds["dpo"], checkpointing=True, **{**best, "batch": options.batches[0]}))

    def _growth(self, lengths: list[Wanted]) -> None:
        tried = self.against.get(f"{self.small.name} sft")
        dtype = tried.peer["dtype"] if tried else self.options.native
        for rows in lengths:
            self.growth[rows.prompt] = self.setup.ours(self.small, rows)
            if rows.prompt in self.options.peer_lengths:
                self.peer_growth[rows.prompt] = self.setup.peer(
                    self.small, rows, dtype=dtype, batch=self.options.batches[0], slow=dtype != self.options.native)

    def _peak(self, model: Model) -> None:
        setup, shape = self.setup, model.shape
        tokens = setup.sizes.prompt + 2 * setup.sizes.answer
        shapes = [(tokens, *linear) for linear in dict.fromkeys(shape.linears)]
        shapes += [(2 * setup.sizes.answer, shape.vocabulary, shape.width), (2048, 2048, 2048)]
        self.peak = setup.peak(shapes)
        rows = self.kinds["sft"]
        ours = setup.ours(model, rows)
        steps = setup.sizes.steps + 1

        def measure() -> Figures:
            job = Job("sft", model.file, setup.first(model, rows, steps), steps)
            return hotspots.shares(setup.assize, job, ours["load_seconds"], setup.folder)

        try:
            self.hotspots = setup.state.get("where the time goes", {"model": model.name, "steps": steps}, measure)
        except BenchmarkError as problem:
            self.notes.append(f"Where the time goes by function was left out: {problem}.")
            say(self.notes[-1])

    # --- showing --------------------------------------------------------------------------------------------------

    def show(self) -> None:
        for block in self.blocks():
            if block:
                print("\n".join(block) + "\n")
        if self.options.out:
            Path(self.options.out).write_text(json.dumps(self.details(), indent=2) + "\n")
        print(json.dumps(self.ratios()), flush=True)

    def blocks(self) -> list[list[str]]:
        sizes = self.setup.sizes
        versions = next((one.peer["versions"] for one in self.against.values()), trl_peer.__doc__.split()[0])
        found: list[list[str]] = [report.heading(self.setup.assize.version, self.options.threads, versions)]
        found.append([
            f"LoRA of rank 16 on all linear maps, prompts of {sizes.prompt} tokens and answers of {sizes.answer}, the same rows on "
            f"both sides; medians of {sizes.steps} steps here and {sizes.peer_steps} of TRL's, after one that doesn't count. "
            "A ratio above 1 says that Assize is faster, below 1 in memory that it needs less."])
        for model in filter(None, (self.small, self.large)):
            parts = [self.against.get(f"{model.name} {part}") for part in ("dpo", "groups", "sft")]
            if any(parts):
                found += [[f"**{model.name}** ({model.file.name})"], report.comparison(
                    *parts, self.precomputed.get(model.name), self.least.get(model.name), goals=model is self.small)]
                found += [report.tried(one for one in parts if one)]
        if self.paths:
            found += [["Paths, DPO, single pairs:"], report.paths(self.small, self.paths, sizes.prompt, sizes.answer)]
        if self.growth:
            found += [[f"Growth with the prompt, SFT, answers of {sizes.answer}:"],
                      report.growth(self.small, self.growth, self.peer_growth, sizes.answer)]
        if self.vocabulary:
            found += [["Growth with the vocabulary, SFT:"],
                      report.vocabulary(self.vocabulary, sizes.prompt + sizes.answer, sizes.answer)]
        if self.peak:
            found += self._peak_blocks()
        return found + [[note] for note in self.remarks()]

    def _peak_blocks(self) -> list[list[str]]:
        rows, best, dtype = report.peak(self.peak)
        sizes = self.setup.sizes
        how = "oneDNN" if self.peak["onednn_bf16"] else "PyTorch's own code, since oneDNN has no BF16 for this processor"
        found = [[f"The machine's matrix peak, by {self.peak['versions']} (FP32 by its BLAS or oneDNN, BF16 by {how}): "
                  f"{best:.0f} GFLOP/s, in {dtype}."], rows]
        entries = []
        for part, answers in (("dpo", 2), ("groups", ANSWERS), ("sft", 1)):
            for model in filter(None, (self.small, self.large)):
                if one := self.against.get(f"{model.name} {part}"):
                    entries.append((f"{one.title}, {model.name}", model, one.ours, sizes.prompt, [sizes.answer] * answers))
        if entries:
            found += [["What of it `assize train` reaches (each operation counted once; `flops.py` says which):"],
                      report.fractions(entries, best)]
        if self.hotspots:
            parts = ", ".join(f"{name} {100 * share:.0f} %" for name, share in self.hotspots["parts"].items())
            functions = ", ".join(f"{name} {100 * share:.0f} %" for share, name in self.hotspots["functions"])
            found += [[f"Where the time of an SFT step goes, by perf: {parts}.", f"The functions that take most: {functions}."]]
        return found

    def remarks(self) -> list[str]:
        notes = list(self.notes)
        if self.options.quick and any("groups" in name for name in self.against):
            notes.append("Groups: for TRL four pairs are four rows like any others, so that its figure is that of single pairs.")
        if self.setup.state.taken:
            notes.append(f"{self.setup.state.taken} measurements are from an earlier run that was cut off.")
        busiest = self.setup.state.busiest()
        if busiest >= 0.1:
            notes.append(f"Other programs kept up to {busiest:.2f} cores busy during a measurement: take no figure of this run for a "
                         "result.")
        return notes

    def ratios(self) -> dict[str, float | None]:
        name = self.small.name if self.small else ""
        found = {part: self.against.get(f"{name} {part}") for part in ("dpo", "groups", "sft")}
        values = {"dpo": found["dpo"] and found["dpo"].ratio, "dpo_groups": found["groups"] and found["groups"].ratio,
                  "sft": found["sft"] and found["sft"].ratio, "memory": found["dpo"] and found["dpo"].memory}
        return {key: None if value is None else round(value, 3) for key, value in values.items()}

    def details(self) -> dict[str, Any]:
        return {
            "ratios": self.ratios(), "version": self.setup.assize.version, "threads": self.options.threads,
            "processor": report.processor(), "measurements": list(self.setup.state.entries.values()), "notes": self.remarks()}


def main() -> None:
    options = arguments()
    machine.refuse_when_busy(options.force)
    scratch = Path(tempfile.mkdtemp(prefix="assize-bench-"))
    problem: BaseException | None = None
    try:
        bench = Bench(options, scratch)
        try:
            bench.run()
        except (BenchmarkError, KeyboardInterrupt) as error:
            # Hours may have been measured: what there is, is shown.
            problem = error
        bench.show()
        if problem:
            raise problem
        bench.setup.state.finish()
    finally:
        machine.stop_all()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        say("interrupted; the same command goes on with what was measured")
        sys.exit(130)
