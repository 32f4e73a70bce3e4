/// The program that trains under `accelerate launch`.
enum TrlScript {
    /// `train.py`; it runs where Python, TRL and PEFT are, and reads nothing but its job's folder and the model's.
    static let text = #"""
        """Trains a LoRA adapter with TRL, as `assize train --engine trl` wrote it down in job.json.

            accelerate launch --config_file accelerate.yaml train.py job.json

        Beside job.json lie data.jsonl and held_out.jsonl, whose rows are token ids: no tokenizer is needed. What happens
        goes to log.jsonl, checkpoints to checkpoints/, the adapter to adapter/, and how the run ended to result.json. SIGINT
        and SIGTERM end it after the step that is being taken, with a checkpoint, from which the next start goes on.
        """

        import json
        import math
        import os
        import signal
        import sys
        import time
        from pathlib import Path

        import torch
        from datasets import Dataset
        from peft import LoraConfig, PeftModel
        from tokenizers import Tokenizer, models
        from transformers import AutoModelForCausalLM, PrinterCallback, PreTrainedTokenizerFast, TrainerCallback
        from transformers.trainer_utils import get_last_checkpoint
        from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer


        class TokenDPOTrainer(DPOTrainer):
            """TRL's own on token ids: its preparation takes text only."""

            def _prepare_dataset(self, dataset, *_):
                return dataset


        class TokenKTOTrainer(KTOTrainer):
            """TRL's own on token ids, with the answers of other rows by which it measures how far it has come."""

            def _prepare_dataset(self, dataset, processing_class, args, *_):
                def other_answers(rows):
                    answers = rows["completion_ids"]
                    return {"KL_completion_ids": [answers[-1]] + answers[:-1]}

                return dataset.map(other_answers, batched=True, batch_size=args.per_device_train_batch_size)


        KINDS = {"sft": (SFTConfig, SFTTrainer), "dpo": (DPOConfig, TokenDPOTrainer), "kto": (KTOConfig, TokenKTOTrainer)}


        def lines(path):
            return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


        def micro_batch(job, processes):
            """The rows that a process computes at once, and how often it does so in a step."""
            rows, rest = divmod(job["batch"], processes)
            if rest:
                raise SystemExit(f"{job['batch']} rows a step can't be shared evenly by {processes} processes; change --batch")
            sizes = [size for size in range(1, rows + 1) if rows % size == 0]
            sizes = [size for size in sizes if job["least_rows"] <= size <= job["most_rows"]]
            if not sizes:
                raise SystemExit(f"{rows} rows a process are too few for {job['kind']}; raise --batch, or use fewer processes")
            fitting = [size for size in sizes if size * job["row_tokens"] <= job["tokens_at_once"]]
            size = max(fitting or sizes[:1])
            return size, rows // size


        def stand_in():
            """TRL wants a tokenizer; only its padding is used, which every mask leaves out."""
            words = Tokenizer(models.WordLevel({"<pad>": 0}, unk_token="<pad>"))
            return PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="<pad>", unk_token="<pad>")


        def network(job, folder):
            """The model, with the adapter to go on from where there is one, and the form of a new adapter elsewhere."""
            model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=getattr(torch, job["dtype"]))
            if job["start"]:
                return PeftModel.from_pretrained(model, folder / job["start"], is_trainable=True), None
            return model, LoraConfig(**job["lora"])


        class Reporter(TrainerCallback):
            """Writes log.jsonl, keeps the best adapter, and stops when it should."""

            def __init__(self, job, folder, rows):
                self.job, self.folder, self.rows = job, folder, rows
                self.trainer = None
                self.earlier = lines(folder / "log.previous.jsonl")
                self.losses = []
                self.evaluated = None
                self.tokens = 0
                self.began = 0.0
                self.is_told_to_stop = False
                self.reason = "finished"

            def write(self, line):
                if self.trainer.is_world_process_zero():
                    with open(self.folder / "log.jsonl", "a") as log:
                        log.write(json.dumps(line, allow_nan=False, sort_keys=True) + "\n")

            def on_train_begin(self, args, state, control, **_):
                kept = [line for line in self.earlier
                        if 0 < max(line.get(key, {}).get("step", 0) for key in ("step", "evaluation")) <= state.global_step]
                evaluations = [line["evaluation"] for line in kept if "evaluation" in line]
                self.losses = [record["loss"] for record in evaluations]
                self.evaluated = evaluations[-1]["step"] if evaluations else None
                for line in kept:
                    self.write(line)
                parameters = sum(part.numel() for part in self.trainer.model.parameters() if part.requires_grad)
                self.write({"begin": {"steps": state.max_steps, "done": state.global_step, "parameters": parameters,
                                      "device": str(args.device), "processes": args.world_size}})
                for number in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(number, self.stop)

            def stop(self, *_):
                self.is_told_to_stop = True

            def on_step_begin(self, args, state, control, **_):
                self.began = time.monotonic()

            def on_step_end(self, args, state, control, **_):
                # A signal reaches the processes at different times; they have to stop after the same step.
                accelerator = self.trainer.accelerator
                told = torch.tensor(float(self.is_told_to_stop), device=accelerator.device)
                if accelerator.reduce(told, "sum").item() > 0 and state.global_step < state.max_steps:
                    self.reason = "interrupted"
                    control.should_save = True
                    control.should_training_stop = True

            def rewards(self, logs, prefix=""):
                if self.job["kind"] == "sft":
                    return None
                names = {"chosen": "rewards/chosen", "rejected": "rewards/rejected"}
                if self.job["kind"] == "dpo":
                    names["accuracy"] = "rewards/accuracies"
                values = {name: logs.get(prefix + key) for name, key in names.items()}
                return {name: value for name, value in values.items() if value is not None and math.isfinite(value)}

            def on_log(self, args, state, control, logs, **_):
                if "loss" not in logs:
                    return
                for name in ("loss", "grad_norm"):
                    if not math.isfinite(logs[name]):
                        raise SystemExit(f"the {name} of step {state.global_step} is {logs[name]}; lower the learning rate")
                steps = math.ceil(self.rows / self.job["batch"])
                rows = min(self.job["batch"], self.rows - (state.global_step - 1) % steps * self.job["batch"])
                seen = int(logs.get("num_tokens", 0))
                tokens, self.tokens = seen - self.tokens if self.tokens else seen, seen
                record = {"step": state.global_step, "steps": state.max_steps, "epoch": logs["epoch"], "loss": logs["loss"],
                          "rate": logs["learning_rate"], "gradientNorm": logs["grad_norm"], "tokens": tokens,
                          "unsharedTokens": tokens, "rows": rows, "seconds": time.monotonic() - self.began}
                rewards = self.rewards(logs)
                self.write({"step": record | ({"rewards": rewards} if rewards else {})})

            def on_evaluate(self, args, state, control, metrics, **_):
                loss = metrics["eval_loss"]
                if not math.isfinite(loss):
                    raise SystemExit(f"the loss on the held-out rows after step {state.global_step} is {loss}")
                is_best = loss < min(self.losses, default=math.inf)
                self.losses.append(loss)
                self.evaluated = state.global_step
                rewards = self.rewards(metrics, "eval_")
                self.write({"evaluation": {"step": state.global_step, "loss": loss, "isBest": is_best}
                            | ({"rewards": rewards} if rewards else {})})
                if is_best and self.job["evaluation_interval"]:
                    self.save()
                waited = len(self.losses) - 1 - self.losses.index(min(self.losses))
                if 0 < self.job["patience"] <= waited and state.global_step < state.max_steps:
                    self.reason = "stoppedEarly"
                    control.should_training_stop = True

            def on_save(self, args, state, control, **_):
                self.write({"checkpoint": {"step": state.global_step}})

            def save(self):
                """The adapter as PEFT has it; every process takes part, since each may hold a part of it."""
                accelerator = self.trainer.accelerator
                weights = accelerator.get_state_dict(self.trainer.model_wrapped)
                if self.trainer.is_world_process_zero():
                    accelerator.unwrap_model(self.trainer.model).save_pretrained(
                        self.folder / "adapter", state_dict=weights, selected_adapters=["default"])
                accelerator.wait_for_everyone()


        def main():
            path = Path(sys.argv[1]).resolve()
            job, folder = json.loads(path.read_text()), path.parent
            processes = int(os.environ.get("WORLD_SIZE", "1"))
            size, accumulation = micro_batch(job, processes)
            configuration, trainer_class = KINDS[job["kind"]]
            has_device = torch.accelerator.is_available() if hasattr(torch, "accelerator") else torch.cuda.is_available()
            # Before the model: DeepSpeed decides by these where the weights go.
            arguments = configuration(
                **job["arguments"], output_dir=str(folder / "checkpoints"), per_device_train_batch_size=size,
                per_device_eval_batch_size=size, gradient_accumulation_steps=accumulation, use_cpu=not has_device)
            rows, held_out = (lines(folder / name) for name in ("data.jsonl", "held_out.jsonl"))
            model, form = network(job, folder)
            reporter = Reporter(job, folder, len(rows))
            trainer = trainer_class(
                model, args=arguments, processing_class=stand_in(), peft_config=form, callbacks=[reporter],
                train_dataset=Dataset.from_list(rows), eval_dataset=Dataset.from_list(held_out) if held_out else None)
            trainer.remove_callback(PrinterCallback)
            reporter.trainer = trainer
            last = get_last_checkpoint(arguments.output_dir) if os.path.isdir(arguments.output_dir) else None
            trainer.train(resume_from_checkpoint=last)
            if reporter.reason != "interrupted":
                if held_out and reporter.evaluated != trainer.state.global_step:
                    trainer.evaluate()
                if not (held_out and job["evaluation_interval"]):
                    reporter.save()
            if trainer.is_world_process_zero():
                result = {"reason": reporter.reason, "steps": trainer.state.global_step}
                (folder / "result.json").write_text(json.dumps(result) + "\n")


        if __name__ == "__main__":
            main()

        """#
}
