"""The program `assize` itself: its version, and where its models are."""

import subprocess
from pathlib import Path

from machine import BenchmarkError


class Program:
    """The program that is measured; benchmarks add what they do with it."""

    def __init__(self, program):
        self.program = Path(program)
        if not self.program.is_file():
            raise BenchmarkError(f"there is no {program}; run 'make build', or name the program with ASSIZE=FILE")

    def run(self, words):
        """What a short command prints."""
        result = subprocess.run([self.program, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if result.returncode != 0:
            raise BenchmarkError(f"'assize {' '.join(words)}' failed: {result.stderr.strip()}")
        return result.stdout

    @property
    def version(self):
        return self.run(["--version"]).strip()

    def file_of(self, model):
        """The path of a model's GGUF file, given by its catalogue name or as a file."""
        if model.endswith(".gguf") or "/" in model:
            path = Path(model).resolve()
        else:
            path = next((Path(line.split(None, 1)[1]) for line in self.run(["models", "info", model]).splitlines()
                         if line.startswith("path ")), None)
        if path is None or not path.is_file():
            how = "" if path else f"pull it with '{self.program} models pull {model}', or "
            raise BenchmarkError(f"the model {model} is not here; {how}name a GGUF file with MODEL=FILE")
        return path
