"""One process a measurement, so that its peak memory is its own."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import machine
from machine import BenchmarkError

POLL = 0.01


@dataclass(frozen=True)
class Usage:
    """What the system says of a process that has ended."""
    seconds: float
    processor_seconds: float
    peak_bytes: int


def run(command: Sequence[object], *, what: str, log: Path, environment: Mapping[str, str] | None = None,
        watch: Callable[[], None] | None = None) -> Usage:
    """Runs a command to its end; `watch` is called all the while. A failure shows the end of its log."""
    began = time.monotonic()
    process = machine.start(list(command), log, env=None if environment is None else {**os.environ, **environment})
    try:
        while True:
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            if watch:
                watch()
            time.sleep(POLL)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        machine.stop(process)
    if process.returncode != 0:
        raise BenchmarkError(f"{what} ended with status {process.returncode}; the end of {log}:\n{machine.tail(log)}")
    # Kilobytes, but bytes on macOS.
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Usage(time.monotonic() - began, used.ru_utime + used.ru_stime, peak)
