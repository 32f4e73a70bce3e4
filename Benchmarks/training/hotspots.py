"""Where our time goes, as far as `perf` tells: samples by function, put together by what the functions are for."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import child
from machine import BenchmarkError
from ours import Assize, Job
from state import Figures

# The first pattern that is found in a function's name decides.
PARTS = [
    ("attention", r"attention|forward_item|score_block|soften|gradient_block|backward_rows|backward_strip|accumulate|"
                  r"^turn|pad_rows"),
    ("the adapters' gradients", r"outer"),
    ("norms, SwiGLU, softmax", r"rms_norm|swiglu|log_softmax|exp|silu"),
    ("optimiser and packing of the adapters", r"adamw|pack_(lora|columns|depths|scaled|rows|begin)|assize_pack"),
    ("products", r"linear|rows_to_|take_panels|pack_x|widen|mul_mat|sgemm|tinyBLAS|gemm"),
    ("copies", r"mem(move|cpy|set)"),
    ("threads that wait", r"barrier|graph_compute_thread|futex|yield|pthread|syscall"),
]
SYSTEM, REST = "the system's kernel", "everything else"


def shares(assize: Assize, job: Job, load_seconds: float, folder: Path) -> Figures:
    """The share of each part of a run behind its first seconds, in which the model is loaded.

    Raises with the reason where `perf` is missing or not permitted.
    """
    perf = shutil.which("perf")
    if perf is None:
        raise BenchmarkError("perf is not installed")
    data, output, log = folder / "perf.data", folder / "perf.gguf", folder / "perf.log"
    trial = subprocess.run([perf, "record", "-q", "-o", data, "true"], capture_output=True, text=True)
    if trial.returncode != 0:
        raise BenchmarkError(f"perf may not record here: {' '.join(trial.stderr.split())[:200]}")
    try:
        child.run([perf, "record", "-q", "-F", 499, "-D", int(load_seconds * 1000), "-o", data, "--",
                   *assize.command(job, output)], what="assize train under perf", log=log)
        said = subprocess.run([perf, "report", "-i", data, "--stdio", "--no-children", "--sort", "symbol"],
                              capture_output=True, text=True)
    finally:
        shutil.rmtree(f"{output}.run", ignore_errors=True)
        for path in (data, output):
            path.unlink(missing_ok=True)
    if said.returncode != 0:
        raise BenchmarkError(f"perf report failed: {said.stderr.strip()[:200]}")
    return grouped(said.stdout)


def grouped(report: str) -> Figures:
    """Shares by part, and the functions that took most."""
    found: dict[str, float] = {}
    functions: list[tuple[float, str]] = []
    for line in report.splitlines():
        match = re.match(r"\s*([\d.]+)%\s+\[(.)\]\s+(.+?)[\s-]*$", line)
        if not match:
            continue
        share, mode, name = float(match.group(1)) / 100, match.group(2), match.group(3)
        functions.append((share, name))
        if mode == "k":
            part = SYSTEM
        else:
            part = next((part for part, pattern in PARTS if re.search(pattern, name)), REST)
        found[part] = found.get(part, 0.0) + share
    if not functions:
        raise BenchmarkError("perf took no samples")
    functions.sort(reverse=True)
    return {"parts": dict(sorted(found.items(), key=lambda entry: -entry[1])), "functions": functions[:12]}
