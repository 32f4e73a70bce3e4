"""TRL's trainers on the same model and rows, in a Python environment of its own.

Imported, it starts itself in the environment of the training oracles, which is made on first use in the user's cache folder.
Started as a program, it is the worker: it does one task and writes what it found as JSON.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ORACLES = ROOT / "Tests" / "Oracles" / "training" / "environment.py"
PROMPTS = ROOT / "Sources" / "AssizeCommands" / "Prepare" / "judging-prompts.jsonl"


# --- here ---------------------------------------------------------------------------------------------------------

def python() -> Path:
    """The environment's Python, made on first use."""
    from machine import BenchmarkError

    spec = importlib.util.spec_from_file_location("oracle_environment", ORACLES)
    if spec is None or spec.loader is None:
        raise BenchmarkError(f"{ORACLES} can't be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        return module.environment()
    except SystemExit as problem:
        raise BenchmarkError(str(problem)) from None


def ask(python: Path, task: dict[str, Any], *, threads: int, folder: Path) -> dict[str, Any]:
    """Lets the worker do a task in a process of its own; adds that process's peak memory."""
    import child
    from machine import BenchmarkError

    what = f"the TRL worker ({task['task']})"
    log, answer = folder / "worker.log", folder / "worker-answer.json"
    log.unlink(missing_ok=True)
    answer.unlink(missing_ok=True)
    order = folder / "worker-task.json"
    order.write_text(json.dumps(task | {"threads": threads, "answer": str(answer)}))
    environment = {
        "OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false", "CUDA_VISIBLE_DEVICES": "", "TRL_EXPERIMENTAL_SILENCE": "1",
        "HF_DATASETS_CACHE": str(folder / "datasets"), "PYTHONDONTWRITEBYTECODE": "1"}
    usage = child.run([python, __file__, order], what=what, log=log, environment=environment)
    if not answer.is_file():
        raise BenchmarkError(f"{what} gave no answer; its log is {log}")
    return json.loads(answer.read_text()) | {"peak_bytes": usage.peak_bytes, "seconds": usage.seconds}


# --- in the environment -------------------------------------------------------------------------------------------

def tokenizer_of(model: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(model.parent, gguf_file=model.name)


def rows(task: dict[str, Any]) -> dict[str, Any]:
    """Writes files of rows for a model's tokenizer, and tells the model's sizes."""
    import texts
    from transformers import AutoConfig

    model = Path(task["model"])
    tokenizer = tokenizer_of(model)
    special = len(tokenizer.encode("a")) - len(tokenizer.encode("a", add_special_tokens=False))
    for entry in task["files"]:
        wanted = texts.Wanted(**entry)
        writer = texts.Writer(lambda text: tokenizer.encode(text, add_special_tokens=False), PROMPTS)
        writer.write(wanted, special, Path(task["folder"]) / wanted.name)
    config = AutoConfig.from_pretrained(model.parent, gguf_file=model.name)
    head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return {"layers": config.num_hidden_layers, "width": config.hidden_size, "heads": config.num_attention_heads,
            "kv_heads": config.num_key_value_heads, "head_size": head, "inner": config.intermediate_size,
            "vocabulary": config.vocab_size}


def load(model: Path, dtype: str) -> Any:
    import torch
    from transformers import AutoModelForCausalLM, GgufConfig

    wanted = torch.bfloat16 if dtype == "bf16" else torch.float32
    network = AutoModelForCausalLM.from_pretrained(
        model.parent, gguf_file=model.name, dtype=wanted, quantization_config=GgufConfig(dequantize=True))
    found = {parameter.dtype for parameter in network.parameters()}
    if found != {wanted}:
        raise SystemExit(f"the weights came as {', '.join(sorted(map(str, found)))}, not as {wanted}")
    return network


def train(task: dict[str, Any]) -> dict[str, Any]:
    """Seconds of each step but the first, of TRL's own trainer on its own reading of the rows.

    With BF16 the weights are in BF16 and the trainer's autocast is on, as is its default; with FP32 neither.
    """
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import PrinterCallback, TrainerCallback
    from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

    class Clock(TrainerCallback):
        """Notes when steps begin and end; the run ends early when the time given is up, after two steps at least."""

        def __init__(self) -> None:
            self.steps: list[float] = []
            self.started = time.monotonic()

        def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.begun = time.monotonic()

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            now = time.monotonic()
            self.steps.append(now - self.begun)
            if task["limit"] and len(self.steps) >= 2 and now - self.started + self.steps[-1] > task["limit"]:
                control.should_training_stop = True

    class TimedDPOTrainer(DPOTrainer):
        """TRL's own; notes how long the reference takes where it is computed before."""

        reference_seconds = 0.0

        def _precompute_ref_logps(self, *arguments: Any) -> Any:
            began = time.monotonic()
            found = super()._precompute_ref_logps(*arguments)
            self.reference_seconds = time.monotonic() - began
            return found

    model = Path(task["model"])
    network = load(model, task["dtype"])
    loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    table = [json.loads(line) for line in Path(task["data"]).read_text().splitlines()]
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        options = dict(
            output_dir=folder, max_steps=task["steps"], per_device_train_batch_size=task["batch"],
            gradient_accumulation_steps=1, train_sampling_strategy="sequential", max_length=None, seed=1,
            gradient_checkpointing=task["checkpointing"], bf16=task["dtype"] == "bf16", use_cpu=True,
            dataloader_pin_memory=False, logging_strategy="no", save_strategy="no", report_to=[], disable_tqdm=True)
        common = dict(
            train_dataset=Dataset.from_list(table), processing_class=tokenizer_of(model),
            peft_config=LoraConfig(r=task["rank"], lora_alpha=task["alpha"], lora_dropout=0.0, bias="none",
                                   task_type="CAUSAL_LM", target_modules="all-linear"))
        if task["kind"] == "sft":
            trainer = SFTTrainer(network, args=SFTConfig(**options), **common)
            tokens = [len(row["input_ids"]) for row in trainer.train_dataset]
        else:
            settings = DPOConfig(precompute_ref_log_probs=task["precompute"], **options)
            trainer = TimedDPOTrainer(network, args=settings, **common)
            tokens = [2 * len(row["prompt_ids"]) + len(row["chosen_ids"]) + len(row["rejected_ids"])
                      for row in trainer.train_dataset]
        trainer.remove_callback(PrinterCallback)
        trainer.add_callback(clock)
        trained = trainer.model.get_nb_trainable_parameters()[0]
        result = trainer.train()
    if len(clock.steps) < 2:
        raise SystemExit(f"{len(clock.steps)} steps were taken; two are needed to time one")
    return {"first_seconds": clock.steps[0], "step_seconds": clock.steps[1:], "rows_a_step": task["batch"],
            "row_tokens": statistics.fmean(tokens), "loaded_bytes": loaded, "parameters": trained,
            "reference_seconds": getattr(trainer, "reference_seconds", 0.0) / len(table),
            "loss": result.training_loss, "attention": network.config._attn_implementation, "versions": versions()}


def versions() -> str:
    import peft
    import torch
    import transformers
    import trl

    return (f"TRL {trl.__version__}, PEFT {peft.__version__}, transformers {transformers.__version__}, "
            f"torch {torch.__version__}")


def peak(task: dict[str, Any]) -> dict[str, Any]:
    """GFLOP/s of PyTorch's matrix products on some shapes, rows x outputs x inputs, in FP32 and BF16: the best of a second."""
    import torch

    def rate(shape: list[int], dtype: torch.dtype) -> float:
        rows, outputs, inputs = shape
        weights, values = torch.randn(outputs, inputs).to(dtype), torch.randn(rows, inputs).to(dtype)
        times: list[float] = []
        began = time.monotonic()
        while len(times) < 3 or time.monotonic() - began < task["seconds"]:
            started = time.perf_counter()
            torch.nn.functional.linear(values, weights)
            times.append(time.perf_counter() - started)
        return 2 * rows * outputs * inputs / min(times) / 1e9

    mkldnn = torch.backends.mkldnn.is_available()
    native = mkldnn and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    with torch.inference_mode():
        return {"shapes": task["shapes"], "onednn": mkldnn, "onednn_bf16": native, "versions": versions(),
                "fp32": [rate(shape, torch.float32) for shape in task["shapes"]],
                "bf16": [rate(shape, torch.bfloat16) for shape in task["shapes"]]}


def main(file: str) -> None:
    import torch
    import transformers

    task = json.loads(Path(file).read_text())
    torch.set_num_threads(task["threads"])
    torch.manual_seed(1)
    transformers.logging.set_verbosity_error()
    answer = {"rows": rows, "train": train, "peak": peak}[task["task"]](task)
    Path(task["answer"]).write_text(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
