"""What was measured already, so that a run that was cut off can go on."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import machine
from machine import say

Figures = dict[str, Any]


class State:
    """A file of figures by measurement and settings; a finished run removes it.

    `identity` names everything that all figures depend on: with another one, all are measured anew.
    """

    def __init__(self, file: Path, identity: dict[str, str], fresh: bool) -> None:
        self.file, self.identity = file, identity
        self.entries: dict[str, Figures] = {}
        self.taken = 0
        if fresh:
            file.unlink(missing_ok=True)
        elif file.is_file():
            known = json.loads(file.read_text())
            if known["identity"] == identity:
                self.entries = known["entries"]
                say(f"going on with a run that was cut off: {len(self.entries)} measurements are there (--fresh: begin anew)")

    def get(self, what: str, settings: Figures, measure: Callable[[], Figures]) -> Figures:
        """The figures of a measurement, taken now unless they are there."""
        key = hashlib.sha256(json.dumps([what, settings], sort_keys=True).encode()).hexdigest()[:16]
        if key in self.entries:
            self.taken += 1
            return self.entries[key]["figures"]
        said = ", ".join(f"{name} {value}" for name, value in settings.items())
        say(f"{what}: {said}")
        load, began = machine.ForeignLoad(), time.monotonic()
        figures = measure()
        self.entries[key] = {
            "what": what, "settings": settings, "figures": figures, "seconds": time.monotonic() - began,
            "cores_of_others": load.cores(), "at": time.strftime("%Y-%m-%d %H:%M:%S")}
        self._save()
        return figures

    def _save(self) -> None:
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps({"identity": self.identity, "entries": self.entries}, indent=1))
        part.replace(self.file)

    def busiest(self) -> float:
        """The most cores that others kept busy during a measurement."""
        return max((entry["cores_of_others"] or 0.0 for entry in self.entries.values()), default=0.0)

    def finish(self) -> None:
        self.file.unlink(missing_ok=True)
