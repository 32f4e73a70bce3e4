"""Tables in Markdown, ready for Documentation/Performance.md."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

import flops
import machine
from measurements import Against, Model, median, speed
from ours import RANK
from state import Figures

# What processors have for matrix products, as Linux names it.
FLAGS = ["avx2", "fma", "avx512f", "avx512_bf16", "avx_vnni", "amx_bf16", "asimd", "bf16", "i8mm", "sve"]
# Any of these multiplies BF16 by itself.
BF16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}


def processor() -> tuple[str, list[str]]:
    """The processor's name, and which of `FLAGS` it has."""
    name, flags = platform.processor() or platform.machine(), set()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                name = value.strip()
            elif key.strip() in ("flags", "Features"):
                flags = set(value.split())
                break
    except OSError:
        pass
    return name, [flag for flag in FLAGS if flag in flags]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|"] + [f"| {' | '.join(row)} |" for row in rows]


def mebibytes(figures: Figures) -> str:
    return f"{figures['peak_bytes'] / 2**20:,.0f} MiB"


def spread(figures: Figures) -> str:
    """Median and extremes of the steps' seconds."""
    steps = figures["step_seconds"]
    text = f"{statistics.median(steps):.2f} s"
    return text + (f" ({min(steps):.2f} to {max(steps):.2f}, {len(steps)} steps)" if len(steps) > 1 else " (1 step)")


def way(figures: Figures) -> str:
    return f"{figures['dtype'].upper()}, {figures['batch']} a step"


# --- one model against the other side -----------------------------------------------------------------------------

def comparison(dpo: Against | None, groups: Against | None, sft: Against | None, precomputed: Figures | None,
               least: tuple[Figures, Figures] | None, goals: bool) -> list[str]:
    rows: list[list[str]] = []

    def add(what: str, ours: float, theirs: float, unit: str, how: str, goal: str) -> None:
        rows.append([what, f"{ours:,.3g} {unit}", f"{theirs:,.3g} {unit} ({how})", f"{ours / theirs:.2f}", goal if goals else ""])

    if dpo:
        ours, theirs = speed(dpo.ours), speed(dpo.peer)
        add("DPO, single pairs, the reference computed on both sides", ours.whole, theirs.whole, "pairs/s", way(dpo.peer), "8")
        if precomputed:
            before = speed(precomputed)
            add("the same, steps alone, the reference known before on both sides", ours.steps, before.steps, "pairs/s",
                way(precomputed), "")
        add("the same, steps alone here (a second pass over the rows), TRL as it is by default", ours.steps, theirs.whole,
            "pairs/s", way(dpo.peer), "")
    if groups:
        ours, theirs = speed(groups.ours), speed(groups.peer)
        add("DPO, groups of 4 pairs over 5 answers, the reference computed on both sides", ours.whole, theirs.whole, "pairs/s",
            way(groups.peer), "16")
        if precomputed:
            add("the same, steps alone, the reference known before on both sides", ours.steps, speed(precomputed).steps,
                "pairs/s", way(precomputed) + ", its single pairs", "")
        add("the same, steps alone here, TRL as it is by default", ours.steps, theirs.whole, "pairs/s", way(groups.peer), "")
    if sft:
        tokens = sft.ours["row_tokens"]
        add("SFT", speed(sft.ours).whole * tokens, speed(sft.peer).whole * tokens, "tokens/s", way(sft.peer), "4")

    def memory(what: str, ours: Figures, theirs: Figures, how: str, goal: str) -> None:
        rows.append([what, mebibytes(ours), f"{mebibytes(theirs)} ({how})", f"{ours['peak_bytes'] / theirs['peak_bytes']:.2f}",
                     goal if goals else ""])

    if dpo:
        memory("peak memory, DPO, single pairs", dpo.ours, dpo.peer_small, way(dpo.peer_small), "at most 0.5")
    if sft:
        memory("peak memory, SFT", sft.ours, sft.peer_small, way(sft.peer_small), "at most 0.5")
    if least:
        memory("peak memory, DPO, layers computed again on the way back on both sides", *least, way(least[1]), "")
    return table(["what", "Assize", "TRL", "ratio", "goal"], rows) if rows else []


def tried(against: Iterable[Against]) -> list[str]:
    """Every way in which the other side was tried, and our own figures beside it."""
    rows = []
    for one in against:
        rows.append([one.title, "Assize", spread(one.ours), f"{one.ours['reference_seconds']:.2f} s a row", mebibytes(one.ours),
                     f"{one.ours['row_tokens']:.0f}"])
        rows += [[one.title, f"TRL, {way(figures)}", spread(figures), "in the step" if figures.get("kind") == "dpo" else "",
                  mebibytes(figures), f"{figures['row_tokens']:.0f}"] for figures in one.tried]
    return table(["what", "who", "a step", "the reference", "peak memory", "tokens a row"], rows) if rows else []


# --- our own figures ----------------------------------------------------------------------------------------------

def work_of(model: Model, figures: Figures, prompt: int, answers: list[int]) -> tuple[flops.Work, float]:
    """The operations of a step, and GFLOP/s."""
    work = flops.step(model.shape, prompt, answers, RANK)
    return work, work.total / median(figures) / 1e9


def paths(model: Model, found: dict[str, Figures], prompt: int, answer: int) -> list[str]:
    rows = []
    for name, figures in found.items():
        pace = speed(figures)
        rows.append([name, figures["device"], spread(figures), f"{pace.steps:.3f}", f"{pace.whole:.3f}",
                     f"{work_of(model, figures, prompt, [answer, answer])[1]:.0f}", mebibytes(figures)])
    head = ["path", "computed with", "a step", "pairs/s", "with the reference", "GFLOP/s", "peak memory"]
    return table(head, rows)


def growth(model: Model, ours: dict[int, Figures], theirs: dict[int, Figures], answer: int) -> list[str]:
    rows = []
    for prompt, figures in ours.items():
        tokens = prompt + answer
        work, rate = work_of(model, figures, prompt, [answer])
        peer = theirs.get(prompt)
        said = f"{spread(peer)}, {mebibytes(peer)}" if peer else ""
        rows.append([str(prompt), spread(figures), f"{1000 * median(figures) / tokens:.2f} ms", f"{tokens / median(figures):.0f}",
                     f"{rate:.0f}", f"{100 * work.shares()['attention']:.0f} %", mebibytes(figures), said])
    head = ["prompt tokens", "a step", "a token", "tokens/s", "GFLOP/s", "attention's share of the operations", "peak memory", "TRL"]
    return table(head, rows)


def vocabulary(found: list[tuple[Model, tuple[int, Figures], tuple[int, Figures]]], total: int, answer: int) -> list[str]:
    """The head's cost, from two runs of equal length whose answers differ."""
    rows = []
    for model, (few, small), (many, large) in found:
        each = (median(large) - median(small)) / (many - few)
        whole = median(small) + each * (answer - few)
        share = flops.step(model.shape, total - answer, [answer], RANK).shares()["head"]
        rows.append([model.name, f"{model.shape.vocabulary:,}", spread(small), spread(large), f"{1000 * each:.3f} ms",
                     f"{100 * each * answer / whole:.0f} %", f"{100 * share:.0f} %"])
    if not rows:
        return []
    few, many = found[0][1][0], found[0][2][0]
    return table(["model", "vocabulary", f"a step, {few} answer tokens of {total}", f"{many} of {total}", "an answer token's head",
                  f"the head's share at {answer}", "of the operations"], rows)


def peak(figures: Figures) -> tuple[list[str], float, str]:
    """The table, the highest rate in GFLOP/s, and in which format it was reached."""
    rows = [["x".join(map(str, shape)), f"{fp32:.0f}", f"{bf16:.0f}"]
            for shape, fp32, bf16 in zip(figures["shapes"], figures["fp32"], figures["bf16"])]
    best = max((rate, name) for name in ("fp32", "bf16") for rate in figures[name])
    return table(["rows x outputs x inputs", "FP32 GFLOP/s", "BF16 GFLOP/s"], rows), best[0], best[1].upper()


def fractions(entries: list[tuple[str, Model, Figures, int, list[int]]], best: float) -> list[str]:
    rows = []
    for what, model, figures, prompt, answers in entries:
        work, rate = work_of(model, figures, prompt, answers)
        shares = ", ".join(f"{name} {100 * share:.0f} %" for name, share in work.shares().items())
        rows.append([what, f"{work.total / 1e9:.0f}", f"{median(figures):.2f} s", f"{rate:.0f}", f"{100 * rate / best:.0f} %", shares])
    head = ["step", "GFLOP", "time", "GFLOP/s", "of the peak", "operations"]
    return table(head, rows)


def heading(version: str, threads: int, peer_versions: str) -> list[str]:
    name, flags = processor()
    words = " ".join(flags) or "no vector flags known"
    kind = "multiplies BF16 by itself" if BF16_FLAGS & set(flags) else "has no BF16 products"
    return [f"{name} ({words}; {kind}), {threads} of {machine.CORES} cores, {platform.system()} {platform.release()}. "
            f"Assize {version}; {peer_versions}."]
