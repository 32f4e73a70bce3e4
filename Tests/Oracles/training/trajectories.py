"""trajectories.json: runs of TRL's trainers on tiny models, FP32, with the same run in FP64 to tell rounding from error."""

import generator
import output
import tiny
import trainers

RANK, ALPHA, SEED, ROWS, STEPS = 4, 8, 9, 40, 50


def rows(seed, count=ROWS):
    """Answers and chosen completions are drawn from a few low ids, rejected ones from a few high ids: a thing to learn."""
    made = []
    for index in range(count):
        prompt, answer, rejected = (3 + int(unit * 10) for unit in generator.units(f"row.{index}.lengths", seed, 3))
        made.append({"prompt": generator.tokens(f"row.{index}.prompt", seed, prompt, 3, 96),
                     "answer": generator.tokens(f"row.{index}.answer", seed, answer, 8, 32),
                     "rejected": generator.tokens(f"row.{index}.rejected", seed, rejected, 60, 92)})
    return made


def preference(row):
    return {"prompt": row["prompt"], "chosen": row["answer"], "rejected": row["rejected"]}


def run(model, kind, data, **settings):
    """The FP32 run, with the largest difference of each series from the same run in FP64."""
    data = [preference(row) for row in data] if kind == "dpo" else data
    one, other = (trainers.train(kind, tiny.load(model, dtype), model, data, rank=RANK, alpha=ALPHA, seed=SEED, batch=4, **settings)
                  for dtype in ("float32", "float64"))
    return one | {"fp64_difference": trainers.difference(one, other)}


def record():
    result = {}
    for name in ("llama-tied", "qwen2"):
        model = tiny.spec(name)
        data = rows(model["seed"])
        runs = {}
        for kind, rate in (("sft", 3e-3), ("dpo", 1e-3)):
            runs[kind] = run(model, kind, data, steps=STEPS, rate=rate, decay=0.01)
            runs[f"{kind} without decay or clipping"] = run(model, kind, data, steps=STEPS, rate=rate, decay=0.0, clip=0.0)
            runs[f"{kind} accumulated"] = run(model, kind, data, steps=10, accumulation=2, rate=rate, warmup=2, decay=0.01)
        result[name] = {"rows": data, "runs": runs}
    output.save("trajectories.json", {"models": result}, depth=6)
