"""Hugging Face transformers on the same prompts, in a Python environment of its own.

Imported, it makes the environment in the user's cache folder and starts itself there; started as a program, it is the
worker: it loads the GGUF file, unpacked to BF16, and judges. A batch is the samples of one prompt. Two ways, of which the
faster one is timed: `repeated` lets `generate` repeat the prompt for every sample (num_return_sequences), `shared` reads the
prompt once and repeats its cache.
"""

import fcntl
import hashlib
import json
import os
import shutil
import sys
import time
from pathlib import Path

PACKAGES = ["transformers==5.23.0", "gguf==0.19.0", "accelerate==1.15.0"]
# The first can only be had where CPU wheels are; the second may bring more than a CPU needs.
TORCH = ["torch==2.13.0+cpu", "torch==2.13.0"]
READY = "TRANSFORMERS-PEER "


# --- here ---------------------------------------------------------------------------------------------------------

def environment(log):
    """The environment's Python, made on first use; raises with the reason when it can't be made."""
    import machine

    root = os.environ.get("ASSIZE_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "assize"
    root = Path(root) / "bench-engine"
    name = hashlib.sha256(" ".join([*PACKAGES, *TORCH, sys.version]).encode()).hexdigest()[:12]
    folder, python = root / name, root / name / "bin" / "python"
    root.mkdir(parents=True, exist_ok=True)
    with open(root / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "ready").is_file():
            return python
        machine.say(f"installing torch and transformers in {folder} (once; about 2 GB, some minutes)")
        shutil.rmtree(folder, ignore_errors=True)
        machine.finish(machine.start([sys.executable, "-m", "venv", folder], log), "python3 -m venv", log)
        for position, torch in enumerate(TORCH):
            words = [python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", torch, *PACKAGES]
            try:
                machine.finish(machine.start(words, log), "pip install torch transformers", log, seconds=1800)
                break
            except machine.BenchmarkError:
                if position == len(TORCH) - 1:
                    shutil.rmtree(folder, ignore_errors=True)
                    raise
        (folder / "ready").touch()
    return python


def measure(works, *, model, tokens, penalty, threads, repetitions, folder):
    """Judgments a second, one figure a repetition, and a sentence on how; raises when it can't be had."""
    import subprocess

    import machine

    log = Path(folder) / "transformers.log"
    python = environment(log)
    task = Path(folder) / "transformers.json"
    task.write_text(json.dumps({
        "model": str(model), "tokens": tokens, "penalty": penalty, "threads": threads, "repetitions": repetitions,
        "works": [{"prompt": work.prompt, "samples": work.samples, "marker": work.marker, "labels": work.labels}
                  for group in works for work in group]}))
    process = machine.start([python, __file__, task], log, stdout=subprocess.PIPE)
    output = machine.finish(process, "the transformers worker", log).decode()
    line = next((line for line in output.splitlines() if line.startswith(READY)), None)
    if line is None:
        raise machine.BenchmarkError(f"the transformers worker gave no result; the end of {log}:\n{machine.tail(log)}")
    return json.loads(line.removeprefix(READY))


# --- in the environment -------------------------------------------------------------------------------------------

def work(task):
    import resource

    import torch
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache, GgufConfig

    torch.set_num_threads(task["threads"])
    torch.manual_seed(1)
    folder, name = os.path.split(task["model"])
    model = AutoModelForCausalLM.from_pretrained(
        folder, gguf_file=name, dtype=torch.bfloat16, quantization_config=GgufConfig(dequantize=True)).eval()
    weights = {str(parameter.dtype) for parameter in model.parameters()}
    if weights != {"torch.bfloat16"}:
        raise SystemExit(f"the weights came as {', '.join(sorted(weights))}, not as BF16")
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=name)
    pad = model.generation_config.pad_token_id or tokenizer.eos_token_id or 0
    drawing = dict(do_sample=True, temperature=1.0, top_k=0, top_p=1.0, repetition_penalty=task["penalty"], use_cache=True,
                   return_dict_in_generate=True, pad_token_id=pad)

    def judge(job, way, tokens):
        prompt = torch.tensor([job["prompt"]])
        options = drawing | {"min_new_tokens": tokens, "max_new_tokens": tokens}
        if way == "shared":
            cache = DynamicCache(config=model.config)
            model(prompt[:, :-1], past_key_values=cache, use_cache=True, logits_to_keep=1)
            cache.batch_repeat_interleave(job["samples"])
            repeated = prompt.expand(job["samples"], -1).contiguous()
            made = model.generate(repeated, attention_mask=torch.ones_like(repeated), past_key_values=cache, **options)
        else:
            made = model.generate(prompt, attention_mask=torch.ones_like(prompt), num_return_sequences=job["samples"], **options)
        cache, length = made.past_key_values, made.sequences.shape[1]
        # The last token was drawn and not read: it goes in with the marker.
        rest = made.sequences[:, cache.get_seq_length():]
        marker = torch.tensor([job["marker"]]).expand(job["samples"], -1)
        logits = model(torch.cat([rest, marker], dim=1), past_key_values=cache, use_cache=True, logits_to_keep=1).logits[:, -1]
        labels = [tokenizer.encode(label, add_special_tokens=False)[-1] for label in job["labels"]]
        torch.log_softmax(logits.float(), dim=-1)[:, labels].exp().tolist()
        return job["samples"], job["samples"] * (length - len(job["prompt"]))

    def timed(jobs, way):
        started = time.monotonic()
        done = [judge(job, way, task["tokens"]) for job in jobs]
        seconds = time.monotonic() - started
        return {"seconds": seconds, "answers": sum(one[0] for one in done),
                "written_tokens": sum(one[1] for one in done)}

    with torch.inference_mode():
        trials = {}
        for way in ("repeated", "shared"):
            judge(task["works"][0], way, 4)
            trial = timed(task["works"][:1], way)
            trials[way] = trial["answers"] / trial["seconds"]
        best = max(trials, key=trials.get)
        runs = [timed(task["works"], best) for _ in range(task["repetitions"])]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(READY + json.dumps({
        "way": best, "trials": trials, "runs": runs, "peak_bytes": peak,
        "versions": f"transformers {transformers.__version__}, torch {torch.__version__}, "
                    f"{model.config._attn_implementation} attention"}), flush=True)


if __name__ == "__main__":
    work(json.loads(Path(sys.argv[1]).read_text()))
