"""smollm2.json: logits, LoRA gradients and TRL runs on SmolLM2-135M-Instruct, dequantised from its GGUF file to FP32."""

import hashlib
import os
from pathlib import Path

import lora
import output
import sequences
import smollm2_rows
import trainers

RANK, ALPHA, SEED, B_AMPLITUDE, BETA, STEPS = 16, 32, 11, 0.01, 0.1, 50


def default_file():
    home = os.environ.get("ASSIZE_HOME")
    home = Path(home) if home else Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "assize"
    return home / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"


def load(path, attention="eager"):
    import torch
    from transformers import AutoModelForCausalLM, GgufConfig

    network = AutoModelForCausalLM.from_pretrained(
        path.parent, gguf_file=path.name, dtype=torch.float32, attn_implementation=attention,
        quantization_config=GgufConfig(dequantize=True)).eval()
    if {str(parameter.dtype) for parameter in network.parameters()} != {"torch.float32"}:
        raise SystemExit("the weights did not come as FP32")
    config = network.config
    model = dict(architecture="llama", layers=config.num_hidden_layers, heads=config.num_attention_heads,
                 kv_heads=config.num_key_value_heads, vocabulary=config.vocab_size)
    return network, model


def rows(path):
    """Token ids of the rows, in ChatML; an answer ends with <|im_end|>."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)

    def encode(text):
        return tokenizer.encode(text, add_special_tokens=False)

    made = [{"prompt": encode(f"{smollm2_rows.SYSTEM}<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"),
             "answer": encode(f"{better}<|im_end|>"), "rejected": encode(f"{worse}<|im_end|>")}
            for question, better, worse in smollm2_rows.ROWS]
    return made, [encode(text) for text in smollm2_rows.PROMPTS]


def logits(network, prompts):
    import torch

    entries = []
    for prompt in prompts:
        with torch.no_grad():
            last = network(torch.tensor([prompt])).logits[0, -1]
        top = torch.topk(last, 8)
        ids = [1 + index * 3067 for index in range(16)]
        entries.append({"tokens": prompt, "top_ids": top.indices.tolist(), "top_logits": top.values, "ids": ids,
                        "logits": last[ids], "log_sum_exp": torch.logsumexp(last, 0)})
    return entries


def gradients(path, data):
    import torch

    network, model = load(path)
    network = lora.attach(network, model, RANK, ALPHA, SEED, B_AMPLITUDE)
    row = data[0]
    loss = -sequences.answer_log_probabilities(network, row["prompt"], row["answer"]).mean()
    loss.backward()
    sft = {"row": 0, "loss": loss, "gradients": lora.summary(lora.gradients(network, model))}
    network.zero_grad()
    answers = (row["answer"], row["rejected"])
    policy = [sequences.answer_sum(network, row["prompt"], one) for one in answers]
    with torch.no_grad(), network.disable_adapter():
        reference = [sequences.answer_sum(network, row["prompt"], one) for one in answers]
    loss = -torch.nn.functional.logsigmoid(BETA * (policy[0] - reference[0] - policy[1] + reference[1]))
    loss.backward()
    return {"b_amplitude": B_AMPLITUDE, "sft": sft,
            "dpo": {"row": 0, "beta": BETA, "loss": loss, "policy": policy, "reference": reference,
                    "gradients": lora.summary(lora.gradients(network, model))}}


def run(path, kind, data, rate):
    """The run with eager attention, and its largest differences from the same run with fused attention."""
    if kind == "dpo":
        data = [{"prompt": row["prompt"], "chosen": row["answer"], "rejected": row["rejected"]} for row in data]
    one, other = (trainers.train(kind, *load(path, attention), data, rank=RANK, alpha=ALPHA, seed=SEED, steps=STEPS, batch=2,
                                 rate=rate, decay=0.01, beta=BETA) for attention in ("eager", "sdpa"))
    return one | {"sdpa_difference": trainers.difference(one, other)}


def record(file=None):
    path = Path(file).expanduser() if file else default_file()
    if not path.is_file():
        print(f"no {path}: `assize models pull smollm2-135m` brings it; smollm2.json stays as it is")
        return
    data, prompts = rows(path)
    lengths = [len(row["prompt"]) + len(row[key]) for row in data for key in ("answer", "rejected")]
    print(f"rows of {min(lengths)} to {max(lengths)} tokens", flush=True)
    network, _ = load(path)
    result = {"file_sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "rank": RANK, "alpha": ALPHA, "adapter_seed": SEED,
              "rows": data, "logits": logits(network, prompts)}
    del network
    result["gradients"] = gradients(path, data)
    result["runs"] = {}
    for kind, rate in (("sft", 5e-4), ("dpo", 1e-4)):
        result["runs"][kind] = run(path, kind, data, rate)
    output.save("smollm2.json", result, depth=5)
