#!/usr/bin/env python3
"""Compares `assize judge` with llama-server, llama-bench and Hugging Face transformers on the same model and prompts.

    make bench-engine                 everything; takes hours on two cores
    make bench-engine QUICK=1         fewer items, shorter rationales, without transformers and growth; five minutes at most

Prints a table and what stands behind it; the last line is one JSON object of the ratios (above 1: Assize is faster; null:
skipped). Progress goes to stderr. `make` hands over these, all optional:

    MODEL=NAME|FILE   the model: a catalogue name or a GGUF file (qwen2.5-coder-0.5b)
    ITEMS=FILE        JSONL with instruction, response and, if any, reference and a rubric in Prometheus's form
    PAIRS=FILE        JSONL with prompt, a and b
    FORCE=1           time although other programs run
    ARGS="..."        any of the flags of bench.py --help
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

# The working tree stays as it was.
sys.dont_write_bytecode = True
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "support"))

import machine
import measurements
import prompts
import transformers_peer
from machine import BenchmarkError, say
from measurements import AgainstServer, Criteria, LabelOnly, Setup, counted
from ours import Assize
from server import Settings

machine.program = "bench-engine"
ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "eval"
QUICK_SECONDS = 285
# Sizes where no flag says another: of a full run, of a quick one, and of a quick one on a machine that reads fewer tokens a
# second than SLOW.
SIZES = {"items": (60, 2, 1), "pairs": (60, 1, 1), "tokens": (120, 48, 24), "criteria_items": (8, 1, 1),
         "trial_tokens": (40, 48, 24)}
SLOW = 250

# What llama-server is tried with; see `ways.py`. `plain` is what a simple client does.
FULL_SETTINGS = [
    Settings("n", 8, True), Settings("n", 16, True), Settings("n", 32, True), Settings("n", 16, False),
    Settings("n", 16, True, graph_sampling=True), Settings("slots", 8, False), Settings("slots", 16, False),
    Settings("plain", 8, True, memory_cache=True),
]
QUICK_SETTINGS = [Settings("n", 16, True), Settings("n", 16, False)]


class OutOfTime(Exception):
    """The quick run's time is up."""


def numbers(text):
    return [int(word) for word in text.split(",") if word]


def arguments():
    def environment(name, default):
        return os.environ.get(name) or default

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    quick = os.environ.get("QUICK", "") not in ("", "0")
    add("--quick", action="store_true", default=quick, help="as QUICK=1")
    add("--force", action="store_true", default=os.environ.get("FORCE", "") not in ("", "0"), help="as FORCE=1")
    add("--model", default=environment("MODEL", "qwen2.5-coder-0.5b"))
    add("--items-file", default=environment("ITEMS", str(DATA / "pointwise_prometheus_mt_bench.jsonl")), metavar="FILE")
    add("--pairs-file", default=environment("PAIRS", str(DATA / "pairwise_pandalm.jsonl")), metavar="FILE")
    add("--assize", default=environment("ASSIZE", str(ROOT / ".build" / "release" / "assize")), metavar="FILE")
    add("--tools", default=str(ROOT / "Artifacts" / "tools"), metavar="DIR", help="where llama-server and llama-bench are")
    add("--only", default="", metavar="LETTERS", help="of the measurements a to f only these, such as 'abd'")
    add("--threads", type=int, default=machine.CORES, help="of every side (%(default)s)")
    add("--jobs", type=int, help="our --jobs; default: assize's own")
    add("--repetitions", type=int, default=3)
    add("--items", type=int, help="(a) and (b): items (60; quick: 2, and 3 to read only)")
    add("--pairs", type=int, help="(d): pairs (60; quick: 1)")
    add("--samples", type=int, default=8, help="(a): judgments an item (%(default)s)")
    add("--pair-samples", type=int, default=4, help="(d): judgments a pair and order (%(default)s)")
    add("--tokens", type=int, help="tokens of every rationale (120; quick: 48)")
    add("--criteria-items", type=int, help="(c): items (8; quick: 1)")
    add("--trial-items", type=int, default=16, help="items to try each of llama-server's settings with (%(default)s)")
    add("--trial-tokens", type=int, help="tokens of the rationales meanwhile (40; quick: as --tokens)")
    add("--settings", help="of llama-server's settings, by position from 1, try these only, such as '2,5'")
    add("--peer-items", type=int, default=6, help="(e): items (%(default)s)")
    add("--growth-items", type=numbers, default=[60, 240], metavar="N,N", help="(f): the first is the base of the other points")
    add("--growth-samples", type=numbers, default=[1, 8, 32], metavar="N,N")
    add("--growth-lengths", type=numbers, default=[500, 2000, 6000], metavar="N,N", help="(f): tokens a prompt")
    add("--growth-length-items", type=int, default=6, help="(f): items of each length (%(default)s)")
    add("--growth-tokens", type=int, default=40, help="(f): tokens of every rationale (%(default)s)")
    add("--details", metavar="FILE", help="also write every figure, as JSON")
    options = parser.parse_args()
    options.only = options.only or ("abcd" if options.quick else "abcdef")
    if options.repetitions < 3:
        say(f"{options.repetitions} repetition{'s' * (options.repetitions != 1)}: too few to publish a figure")
    return options


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.started = time.monotonic()
        program = self._tool("llama-server")
        assize = Assize(options.assize, options.model, options.threads, folder, options.jobs)
        bench, model = self._tool("llama-bench"), assize.model_file()
        self._warm_up(assize, folder)
        self.setup = Setup(assize, program, bench, model, options.threads, folder, options.tokens, options.trial_items,
                           options.trial_tokens)
        # Of (a), (e) and (f) the prompts; of (a) also the measurement.
        self.source = self.judging = self.pairs = self.labels = self.criteria = None
        self.peer, self.growth, self.skipped, self.notes = None, [], {}, []
        self.peer_ours = []

    def _warm_up(self, assize, folder):
        """Brings the model file into memory, reads the rows, and settles the sizes; not timed."""
        options = self.options
        wanted = set(options.only)
        self.rows = self.pair_rows = None
        if wanted & set("abcef"):
            most = max(options.items or SIZES["items"][0], *(options.growth_items if "f" in wanted else [3]))
            self.rows = prompts.read_rows(options.items_file, "pointwise", most)
        if "d" in wanted:
            self.pair_rows = prompts.read_rows(options.pairs_file, "pairwise", options.pairs or SIZES["pairs"][0])
        file = prompts.write_rows((self.rows or self.pair_rows)[:1], folder / "warm.jsonl")
        run = assize.judge(file, "assize-pointwise" if self.rows else "assize-pairwise", label_only=True)
        size = 0
        if options.quick:
            rate = run.read_tokens / run.seconds
            size = 1 if rate >= SLOW else 2
            if size == 2:
                say(f"this machine reads {rate:.0f} tokens/s at first sight: the smallest sizes are taken, to end in time")
        for name, values in SIZES.items():
            if getattr(options, name) is None:
                setattr(options, name, values[size])
        options.trial_tokens = min(options.tokens, options.trial_tokens)

    def _tool(self, name):
        path = Path(self.options.tools) / name
        if not path.is_file():
            raise BenchmarkError(f"there is no {path}; run 'make tools'")
        return path

    def run(self):
        options = self.options
        self._prepare()
        rounds = [measure for measure in (self.judging, self.pairs, self.labels, self.criteria) if measure]
        try:
            if options.quick:
                left = QUICK_SECONDS - (time.monotonic() - self.started)
                signal.signal(signal.SIGALRM, self._time_is_up)
                signal.setitimer(signal.ITIMER_REAL, max(1, left))
            self._choose()
            for repetition in range(options.repetitions):
                began = time.monotonic()
                for measure in rounds:
                    measure.repeat(repetition)
                now = time.monotonic()
                more = repetition + 1 < options.repetitions
                if options.quick and more and now - self.started + (now - began) > QUICK_SECONDS:
                    self.notes.append(
                        f"only {repetition + 1} of {options.repetitions} repetitions: a further one would pass five minutes")
                    break
        except OutOfTime:
            machine.stop_all()
            self.notes.append("five minutes were up before all repetitions were done: this machine is slow or busy; use fewer "
                              "items (ARGS='--items 1 --tokens 24')")
        finally:
            if options.quick:
                signal.setitimer(signal.ITIMER_REAL, 0)
        if "e" in options.only:
            self._transformers()
        if "f" in options.only:
            self._growth()

    @staticmethod
    def _time_is_up(number, frame):
        raise OutOfTime

    def _prepare(self):
        options, setup = self.options, self.setup
        settings = QUICK_SETTINGS if options.quick else FULL_SETTINGS
        if options.settings:
            settings = [settings[number - 1] for number in numbers(options.settings)]
        wanted = set(options.only)
        if wanted & set("aef"):
            self.source = AgainstServer(setup, "pointwise", self.rows[:options.items], options.samples, settings)
            self.judging = self.source if "a" in wanted else None
        if "d" in wanted:
            self.pairs = AgainstServer(setup, "pairwise", self.pair_rows[:options.pairs], options.pair_samples, settings)
        if "b" in wanted:
            self.labels = LabelOnly(setup, self.rows[:max(3, options.items)])
        if "c" in wanted:
            rows = self.rows[:max(3, options.items)]
            if options.quick:
                rows = sorted(rows, key=lambda row: sum(map(len, row.values())))
            self.criteria = Criteria(setup, rows[:options.criteria_items])

    def _choose(self):
        if self.judging:
            self.judging.choose()
        if self.pairs:
            self.pairs.choose(self.judging.best if self.judging and self.options.quick else None)

    def _transformers(self):
        options, setup = self.options, self.setup
        source = self.source
        groups = source.groups[:options.peer_items]
        rows = prompts.write_rows(self.rows[:len(groups)], setup.folder / "peer.jsonl")
        try:
            self.peer = transformers_peer.measure(
                groups, model=setup.model, tokens=options.tokens, penalty=source.penalty, threads=options.threads,
                repetitions=options.repetitions, folder=setup.folder)
        except BenchmarkError as error:
            self.skipped["transformers"] = str(error)
            say(f"transformers skipped: {error}")
            return
        for _ in range(options.repetitions):
            run = setup.assize.judge(rows, source.recipe_file, samples=options.samples)
            self.peer_ours.append(run.answers_per_second)

    def _growth(self):
        options = self.options
        source = self.source
        characters = sum(len(text) for row in source.rows for name, text in row.items() if name != "id")
        tokens = sum(len(group[0].prompt) - 160 for group in source.groups)
        self.growth = measurements.growth(
            self.setup, self.rows, items=options.growth_items, samples=options.growth_samples, lengths=options.growth_lengths,
            length_items=options.growth_length_items, tokens=options.growth_tokens,
            characters_per_token=characters / max(1, tokens))

    # --- what is printed ------------------------------------------------------------------------------------------

    def heading(self):
        options, setup = self.options, self.setup
        return (f"Assize {setup.assize.version} and llama.cpp's tools of the same source; {setup.model.name}; "
                f"{options.threads} of {machine.CORES} cores; rationales of {options.tokens} tokens at temperature 1, repetition "
                "penalty as in the recipe; llama-server: flash attention auto, continuous batching, prompt cache")

    def show(self):
        print()
        for block in (self.table(), self.growth_table(), self.remarks()):
            if block:
                print("\n".join(block) + "\n")
        if self.options.details:
            Path(self.options.details).write_text(json.dumps(self.details(), indent=2) + "\n")
        print(json.dumps(self.ratios()), flush=True)

    def table(self):
        options = self.options
        rows = [["measurement", "Assize", "other", "", "ratio", "times"]]

        def add(title, ours, peer, name, unit):
            if not ours or not peer:
                return
            rows.append([title, figure(ours, unit), figure(peer, unit), name,
                         f"{statistics.median(ours) / statistics.median(peer):.2f}", f"{len(ours)}, {len(peer)}"])

        if self.judging:
            both = self.judging.comparison
            add(f"(a) rationale and score, N = {options.samples}", both.ours, both.peer, "llama-server", "judgments/s")
        if self.labels:
            both = self.labels.comparison
            add("(b) label only, tokens read", both.ours, both.peer, "llama-bench", "tokens/s")
            add("(b) label only, tokens asked", self.labels.asked, both.peer, "llama-bench", "tokens/s")
        if self.criteria:
            both = self.criteria.comparison
            add("(c) five criteria, label only", both.ours, both.peer, "Assize, one run each", "judgments/s")
        if self.pairs:
            both = self.pairs.comparison
            add(f"(d) pairs in both orders, N = {options.pair_samples}", both.ours, both.peer, "llama-server",
                "judgments/s")
        if self.peer:
            add(f"(e) as (a), {counted(options.peer_items, 'item')}", self.peer_ours, self._peer_rates(), "transformers", "judgments/s")
        return columns(rows) if len(rows) > 1 else []

    def _peer_rates(self):
        return [run["answers"] / run["seconds"] for run in self.peer["runs"]]

    def remarks(self):
        lines = []
        for letter, measure in (("a", self.judging), ("b", self.labels), ("c", self.criteria), ("d", self.pairs)):
            for line in measure.lines() if measure else []:
                lines.append(f"({letter}) {line}")
        if self.peer:
            tried = ", ".join(f"{way} {rate:.3f}" for way, rate in self.peer["trials"].items())
            written = [run["written_tokens"] / run["answers"] for run in self.peer["runs"]]
            lines.append(f"(e) {self.peer['versions']}, BF16, a batch is the samples of an item; prompt {self.peer['way']} "
                         f"(tried, judgments/s: {tried}); written {statistics.fmean(written):.1f} tokens each; peak memory "
                         f"{self.peer['peak_bytes'] / 2**20:.0f} MiB")
        lines += [f"{name} skipped: {reason}" for name, reason in self.skipped.items()]
        return lines + self.notes

    def growth_table(self):
        if not self.growth:
            return []
        head = ["(f) growth", "time", "prompt tokens", "distinct tokens", "a distinct token", "peak memory"]
        return columns([head] + [point.row() for point in self.growth])

    def ratios(self):
        result = {}
        measures = {"samples": self.judging, "label_only": self.labels, "criteria": self.criteria, "pairwise": self.pairs}
        for name, measure in measures.items():
            result[name] = measure.comparison.ratio if measure else None
        result["transformers"] = (
            statistics.median(self.peer_ours) / statistics.median(self._peer_rates()) if self.peer else None)
        return {name: ratio if ratio is None else round(ratio, 3) for name, ratio in result.items()}

    def details(self):
        def figures(measure):
            return measure and {"ours": measure.comparison.ours, "peer": measure.comparison.peer}

        return {
            "ratios": self.ratios(), "threads": self.options.threads, "tokens": self.options.tokens,
            "samples": figures(self.judging), "label_only": figures(self.labels), "criteria": figures(self.criteria),
            "pairwise": figures(self.pairs), "transformers": self.peer and self.peer | {"ours": self.peer_ours},
            "growth": [point.row() for point in self.growth], "remarks": self.remarks(),
        }


def figure(values, unit):
    digits = 0 if unit == "tokens/s" else 3
    text = f"{statistics.median(values):,.{digits}f} {unit}"
    if len(values) > 1:
        text += f" ({min(values):,.{digits}f} to {max(values):,.{digits}f})"
    return text


def columns(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def main():
    options = arguments()
    cores = machine.refuse_when_busy(options.force)
    scratch = Path(tempfile.mkdtemp(prefix="assize-bench-"))
    problem = foreign = None
    try:
        load = machine.ForeignLoad()
        bench = Bench(options, scratch)
        print(bench.heading(), flush=True)
        try:
            bench.run()
        except (BenchmarkError, KeyboardInterrupt) as error:
            # Hours may have been measured: what there is, is shown.
            problem = error
        machine.stop_all()
        foreign = load.cores()
    finally:
        machine.stop_all()
        shutil.rmtree(scratch, ignore_errors=True)
    if foreign is not None and max(foreign, cores) >= 0.1:
        bench.notes.append(f"other programs kept {foreign:.2f} cores busy meanwhile: take no figure of this run for a result")
    bench.show()
    if problem:
        raise problem


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        machine.stop_all()
        say("interrupted; everything it started has ended")
        sys.exit(130)
