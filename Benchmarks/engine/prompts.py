"""The prompts that Assize renders, rendered a second time, so that the peers get the same text.

Reads the subset of YAML and of Mustache in which the published recipes are written. Rows are read from the user's files
and written in a short form to the run's temporary folder; nothing of them stays.
"""

import json
import re
from pathlib import Path

from machine import BenchmarkError


# --- YAML, as far as recipes use it -------------------------------------------------------------------------------

def _scalar(text):
    text = text.strip()
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return json.loads(text)
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return text[1:-1].replace("''", "'")
    if text.startswith("[") and text.endswith("]"):
        parts = re.findall(r'"(?:[^"\\]|\\.)*"|[^,\s][^,]*', text[1:-1])
        return [_scalar(part) for part in parts]
    return text


def _block(lines, index, indent, folded):
    """A block scalar whose lines are indented by more than `indent`."""
    taken = []
    while index < len(lines) and (not lines[index].strip() or _indent(lines[index]) > indent):
        taken.append(lines[index])
        index += 1
    margin = min((_indent(line) for line in taken if line.strip()), default=0)
    taken = [line[margin:] for line in taken]
    while taken and not taken[-1].strip():
        taken.pop()
    return (" ".join(taken) if folded else "\n".join(taken)), index


def _indent(line):
    return len(line) - len(line.lstrip(" "))


def _mapping(lines, index, indent):
    """A mapping, a list or a plain text that is indented by `indent`."""
    result = {}
    while index < len(lines):
        line = lines[index]
        if not line.strip() or line.lstrip().startswith("#"):
            index += 1
            continue
        if _indent(line) < indent:
            break
        if line.lstrip().startswith("- "):
            items = []
            while index < len(lines) and lines[index].strip() and _indent(lines[index]) == indent:
                rest = lines[index].lstrip()[2:]
                if re.match(r"[\w-]+:( |$)", rest):
                    lines[index] = " " * (indent + 2) + rest
                    item, index = _mapping(lines, index, indent + 2)
                else:
                    more, index = _block(lines, index + 1, indent, True)
                    item = _scalar(rest + (" " + more if more else ""))
                items.append(item)
            return items, index
        name, value = re.match(r"\s*([^:]+):\s*(.*)$", line).groups()
        index += 1
        if value[:1] in ("|", ">"):
            result[name], index = _block(lines, index, indent, value[0] == ">")
        elif value:
            result[name] = _scalar(value)
        else:
            deeper = next((_indent(text) for text in lines[index:] if text.strip()), 0)
            if deeper > indent or (deeper == indent and lines[index].lstrip().startswith("- ")):
                result[name], index = _mapping(lines, index, deeper)
            else:
                result[name] = ""
    return result, index


def read_yaml(text):
    """The values of a recipe or rubric file; all scalars are strings."""
    return _mapping(text.splitlines(), 0, 0)[0]


# --- Mustache, as far as recipes use it ---------------------------------------------------------------------------

TAG = re.compile(r"\{\{([#^/]?)\s*([^}]+?)\s*\}\}")
ALONE = re.compile(r"^[ \t]*(\{\{[#^/][^}]+\}\})[ \t]*\n", re.MULTILINE)


def render(template, values):
    """Variables, sections over lists and truths, inverted sections; a section tag alone on its line takes the line."""
    return _render(ALONE.sub(r"\1", template + "\n")[:-1], [values])


def _render(template, stack):
    output, place = [], 0
    while match := TAG.search(template, place):
        output.append(template[place:match.start()])
        kind, name = match.groups()
        value = next((values[name] for values in reversed(stack) if name in values), None)
        if not kind:
            output.append("" if value is None else str(value))
            place = match.end()
            continue
        depth, end = 1, None
        for other in TAG.finditer(template, match.end()):
            if other.group(2) == name:
                depth += {"#": 1, "^": 1, "/": -1, "": 0}[other.group(1)]
                if depth == 0:
                    end = other
                    break
        if end is None:
            raise BenchmarkError(f"the template's section '{name}' has no end")
        body = template[match.end():end.start()]
        if kind == "^":
            output.append(_render(body, stack) if not value else "")
        elif isinstance(value, list):
            output.extend(_render(body, stack + [element]) for element in value)
        elif value:
            output.append(_render(body, stack))
        place = end.end()
    return "".join(output) + template[place:]


# --- recipes ------------------------------------------------------------------------------------------------------

class Recipe:
    """A published recipe, with the item first."""

    def __init__(self, path):
        self.text = Path(path).read_text()
        values = read_yaml(self.text)
        prompt = values["prompt"]
        self.prompt = prompt["item_first"] if isinstance(prompt, dict) else prompt
        self.system = values.get("system")
        self.kind = values["protocol"]
        self.criterion = values["rubric"]["criteria"][0]
        self.format = values["format"]
        self.sampling = values["sampling"]

    def fixed_length(self, tokens):
        """A copy whose rationales have exactly `tokens` tokens, with the item first."""
        text = re.sub(r"^prompt:.*?(?=^\S)", lambda _: self._pinned(), self.text, flags=re.MULTILINE | re.DOTALL)
        text = re.sub(r"^layout:.*\n", "", text, flags=re.MULTILINE)
        for name, value in (("maximum_tokens", tokens), ("minimum_tokens", tokens), ("stops", "[]")):
            text, count = re.subn(rf"^  {name}:.*$", f"  {name}: {value}", text, flags=re.MULTILINE)
            if count != 1:
                raise BenchmarkError(
                    f"the recipe has no single '{name}' in its format; Benchmarks/engine/prompts.py must learn its form")
        return text

    def _pinned(self):
        lines = "".join(f"  {line}\n" if line else "\n" for line in self.prompt.splitlines())
        return f"prompt: |\n{lines}\n"

    def ask(self, row, swapped=False):
        """System and user turn, what stands in the model's mouth before the rationale, and the marker behind it."""
        values = {"instruction": row.get("instruction") or row.get("prompt", ""), "label_only": False, "tie": False}
        for name in ("reference", "context"):
            if (row.get(name) or "").strip():
                values[name] = row[name]
        if self.kind == "pairwise":
            first, second = (row["b"], row["a"]) if swapped else (row["a"], row["b"])
            values |= {"response_a": first, "response_b": second, "criterion": self.criterion["text"],
                       "label_choice": "A or B", "is_ordinal": False}
            labels = ["A", "B"]
        else:
            question, levels = prometheus_rubric(row["rubric"]) if "rubric" in row else (
                self.criterion["text"], self.criterion["scale"]["levels"])
            scores = sorted(int(level) for level in levels) if "rubric" in row else list(
                range(int(self.criterion["scale"]["from"]), int(self.criterion["scale"]["to"]) + 1))
            described = [{"label": str(level), "description": levels[str(level)]} for level in scores if str(level) in levels]
            values |= {"response": row["response"], "criterion": question, "is_ordinal": True,
                       "lower": str(scores[0]), "upper": str(scores[-1]), "has_levels": bool(described), "levels": described}
            labels = [str(score) for score in scores]
        messages = [{"role": "system", "content": render(self.system, values)}] if self.system else []
        messages.append({"role": "user", "content": render(self.prompt, values)})
        opening = render(self.format.get("opening", ""), values) + render(self.format.get("lead", ""), values)
        return messages, opening, render(self.format["marker"], values), labels


def prometheus_rubric(text):
    """The question in brackets and the levels of Prometheus's form."""
    question, levels, current = [], {}, None
    for line in text.splitlines():
        if match := re.match(r"\s*[Ss]core\s*(\d+)\s*:(.*)$", line):
            current = match.group(1)
            levels[current] = match.group(2).strip()
        elif current is not None:
            levels[current] += "\n" + line
        else:
            question.append(line)
    sentence = "\n".join(question).strip()
    if sentence.startswith("[") and sentence.endswith("]"):
        sentence = sentence[1:-1]
    return sentence.strip(), {level: text.strip() for level, text in levels.items()}


# --- rows ---------------------------------------------------------------------------------------------------------

def read_rows(path, kind, count):
    """The first `count` rows of a JSONL file, with the fields that the prompts show and no others."""
    if not Path(path).is_file():
        what = "pairs with PAIRS=FILE" if kind == "pairwise" else "items with ITEMS=FILE"
        raise BenchmarkError(f"there is no file {path}; name a JSONL file of {what}")
    rows = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if len(rows) == count:
                break
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                raise BenchmarkError(f"line {number} of {path} is not JSON") from None
            rows.append(_pair(row, number, path) if kind == "pairwise" else _item(row, number, path))
    if not rows:
        raise BenchmarkError(f"{path} holds no rows")
    return rows


def _item(row, number, path):
    if not isinstance(row.get("instruction"), str) or not isinstance(row.get("response"), str):
        raise BenchmarkError(f"line {number} of {path} has no texts 'instruction' and 'response'; use another file")
    kept = {"id": f"item-{number}", "instruction": row["instruction"], "response": row["response"]}
    for name in ("reference", "context"):
        if isinstance(row.get(name), str) and row[name].strip():
            kept[name] = row[name]
    rubric = row.get("rubric")
    if isinstance(rubric, str) and len(prometheus_rubric(rubric)[1]) > 1:
        kept["rubric"] = rubric
    return kept


def _pair(row, number, path):
    prompt = row.get("prompt") or row.get("instruction")
    if not all(isinstance(text, str) for text in (prompt, row.get("a"), row.get("b"))):
        raise BenchmarkError(f"line {number} of {path} has no texts 'prompt', 'a' and 'b'; use another file")
    return {"id": f"pair-{number}", "prompt": prompt, "a": row["a"], "b": row["b"]}


def write_rows(rows, path):
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def lengthened(rows, characters):
    """Copies of the rows whose instruction is repeated or cut until the whole item has about so many characters."""
    result = []
    for row in rows:
        others = sum(len(text) for name, text in row.items() if name not in ("id", "instruction"))
        wanted = characters - others
        if wanted < 100:
            row = {name: row[name] for name in ("id", "instruction", "response")}
            row["response"] = row["response"][:characters // 2]
            wanted = characters - len(row["response"])
        text = row["instruction"] or "?"
        text = ((text + "\n\n") * (wanted // (len(text) + 2) + 1))[:wanted]
        result.append(row | {"instruction": text})
    return result
