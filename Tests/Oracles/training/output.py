"""How the fixtures are written: 8 significant digits, and lines that a reviewer can read."""

import json
import math
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "AssizeTrainingTests" / "Fixtures"


class Exact(float):
    """A number that keeps all its digits."""


def plain(value, digits=8):
    """`value` with tensors and arrays as lists and numbers rounded."""
    if isinstance(value, Exact):
        return float(value)
    if isinstance(value, dict):
        return {str(key): plain(one, digits) for key, one in value.items()}
    if isinstance(value, (bool, int, str)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [plain(one, digits) for one in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist(), digits)
    if not math.isfinite(value):
        raise ValueError("a fixture holds finite numbers only")
    return float(f"{value:.{digits}g}")


def lines(value, depth, indent=""):
    """JSON with one line for each entry down to `depth`; a list of numbers is on one line."""
    flat = not isinstance(value, (dict, list)) or isinstance(value, list) and not any(isinstance(one, (dict, list)) for one in value)
    if depth == 0 or flat or not value:
        return json.dumps(value, separators=(",", ":"))
    inner = indent + " "
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(key)}: {lines(one, depth - 1, inner)}" for key, one in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + lines(one, depth - 1, inner) for one in value) + f"\n{indent}]"


def save(name, value, depth=3):
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = lines(plain(value), depth) + "\n"
    (FOLDER / name).write_text(text)
    print(f"{name}: {len(text)} bytes", flush=True)
