"""TRL's SFTTrainer and DPOTrainer on rows of token ids, and what they log after each step."""

import tempfile

import lora

SETTINGS = dict(adam_beta1=0.9, adam_beta2=0.999, adam_epsilon=1e-8, optim="adamw_torch",
               lr_scheduler_type="cosine", train_sampling_strategy="sequential", logging_steps=1, save_strategy="no",
               report_to=[], use_cpu=True, bf16=False, gradient_checkpointing=False, disable_tqdm=True,
               remove_unused_columns=False, max_length=None, seed=1)
DPO_LOGS = {"margins": "rewards/margins", "chosen_rewards": "rewards/chosen", "rejected_rewards": "rewards/rejected",
            "accuracies": "rewards/accuracies", "chosen_log_probabilities": "logps/chosen",
            "rejected_log_probabilities": "logps/rejected"}


def tokenizer(vocabulary):
    """TRL wants one; only its padding token is used, whose id is 0."""
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    words = Tokenizer(models.WordLevel({f"t{index}": index for index in range(vocabulary)}, unk_token="t0"))
    return PreTrainedTokenizerFast(tokenizer_object=words, pad_token="t0", eos_token="t2", unk_token="t0")


def trainer_for(kind, network, rows, vocabulary, rank, alpha, beta, settings, folder):
    from datasets import Dataset
    from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

    class TokenDPOTrainer(DPOTrainer):
        """TRL's own, given token ids: its preparation only accepts text."""

        def _prepare_dataset(self, dataset, *_):
            return dataset

    common = dict(processing_class=tokenizer(vocabulary), peft_config=lora.config(rank, alpha))
    options = {**SETTINGS, **settings, "output_dir": folder}
    if kind == "sft":
        data = Dataset.from_list([{"input_ids": row["prompt"] + row["answer"],
                                   "labels": [-100] * len(row["prompt"]) + row["answer"]} for row in rows])
        return SFTTrainer(network, args=SFTConfig(**options), train_dataset=data, **common)
    data = Dataset.from_list([{"prompt_ids": row["prompt"], "chosen_ids": row["chosen"], "rejected_ids": row["rejected"]}
                              for row in rows])
    return TokenDPOTrainer(network, args=DPOConfig(**options, beta=beta), train_dataset=data, **common)


def train(kind, network, model, rows, *, rank, alpha, seed, steps, batch, accumulation=1, rate=1e-3, warmup=5, decay=0.0,
          clip=1.0, beta=0.1):
    """One run: the settings, the series that TRL logs, and the adapter at the end. `clip` 0 means no clipping."""
    from transformers import PrinterCallback

    settings = dict(max_steps=steps, per_device_train_batch_size=batch, gradient_accumulation_steps=accumulation,
                    learning_rate=rate, warmup_steps=warmup, weight_decay=decay, max_grad_norm=clip)
    with tempfile.TemporaryDirectory() as folder:
        trainer = trainer_for(kind, network, rows, model["vocabulary"], rank, alpha, beta, settings, folder)
        trainer.remove_callback(PrinterCallback)
        lora.fill(trainer.model, model, seed, b_amplitude=0.0)
        trainer.train()
    logs = [entry for entry in trainer.state.log_history if "loss" in entry]
    if len(logs) != steps:
        raise SystemExit(f"{len(logs)} steps were logged, not {steps}")
    series = {"loss": "loss", "gradient_norm": "grad_norm", "learning_rate": "learning_rate", **(DPO_LOGS if kind == "dpo" else {})}
    arrays = {name: lora.in_gguf_order(parameter, heads) for name, parameter, heads in lora.matrices(trainer.model, model)}
    run = {"kind": kind, "rank": rank, "alpha": alpha, "adapter_seed": seed, "steps": steps, "batch": batch,
           "accumulation": accumulation, "learning_rate": rate, "warmup_steps": warmup, "weight_decay": decay, "max_gradient_norm": clip}
    if kind == "dpo":
        run["beta"] = beta
    return {**run, "series": {name: [entry[key] for entry in logs] for name, key in series.items()}, "final": lora.summary(arrays)}


def difference(one, other):
    """The largest difference of each series and of the final adapter's samples between two runs."""
    result = {name: max(abs(a - b) for a, b in zip(values, other["series"][name])) for name, values in one["series"].items()}
    result["final"] = max(abs(a - b) for name, values in one["final"].items()
                          for a, b in zip(values["samples"], other["final"][name]["samples"]))
    return result
