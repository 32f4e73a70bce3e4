"""The tiny models: their GGUF tensors by rule, and the same weights as a Hugging Face model.

`python3 tiny.py NAME FILE.gguf` writes a model's file.
"""

import hashlib
import math

import generator

COMMON = dict(layers=2, vocabulary=96, context=256)
MODELS = {
    "llama-tied": dict(architecture="llama", seed=101, width=48, heads=6, kv_heads=2, head_size=8, ffn=96, tied=True,
                       theta=10000.0, epsilon=1e-5, scaling=None, bias=False, qk_norm=False),
    "llama-untied-scaled": dict(architecture="llama", seed=202, width=64, heads=4, kv_heads=2, head_size=16, ffn=128,
                                tied=False, theta=8000.0, epsilon=1e-5, scaling=dict(factor=8.0, low=1.0, high=4.0, context=64),
                                bias=False, qk_norm=False),
    "qwen2": dict(architecture="qwen2", seed=303, width=64, heads=4, kv_heads=2, head_size=16, ffn=96, tied=True,
                  theta=1000000.0, epsilon=1e-6, scaling=None, bias=True, qk_norm=False),
    "qwen3": dict(architecture="qwen3", seed=404, width=48, heads=4, kv_heads=2, head_size=16, ffn=96, tied=False,
                  theta=1000000.0, epsilon=1e-6, scaling=None, bias=False, qk_norm=True),
}
LINEARS = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]
HF_LINEARS = {"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
              "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}
HF_NORMS = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q_norm": "self_attn.q_norm",
            "attn_k_norm": "self_attn.k_norm"}


def spec(name):
    return {"name": name, **COMMON, **MODELS[name]}


def linear_shapes(model):
    """[outputs, inputs] of each linear, by its GGUF name."""
    width, ffn = model["width"], model["ffn"]
    q, kv = model["heads"] * model["head_size"], model["kv_heads"] * model["head_size"]
    return {"attn_q": [q, width], "attn_k": [kv, width], "attn_v": [kv, width], "attn_output": [width, q],
            "ffn_gate": [ffn, width], "ffn_up": [ffn, width], "ffn_down": [width, ffn]}


def rope_factors(model):
    """rope_freqs.weight of a Llama 3.1 model, as convert_hf_to_gguf.py computes it; by it the angles are divided."""
    scaling, size = model["scaling"], model["head_size"]
    factors = []
    for index in range(size // 2):
        wavelength = 2 * math.pi * model["theta"] ** (2 * index / size)
        smooth = (scaling["context"] / wavelength - scaling["low"]) / (scaling["high"] - scaling["low"])
        smooth = min(1.0, max(0.0, smooth))
        factors.append(1 / ((1 - smooth) / scaling["factor"] + smooth))
    return factors


def rules(model):
    """The tensors in file order: name, shape (the last index runs fastest), and the offset and amplitude or the data."""
    width, vocabulary = model["width"], model["vocabulary"]

    def even(name, shape, offset, amplitude):
        return dict(name=name, shape=shape, offset=offset, amplitude=amplitude)

    def norm(name, size):
        return even(name, [size], 1.0, 0.2)

    yield even("token_embd.weight", [vocabulary, width], 0.0, 0.4 if model["tied"] else 1.0)
    if model["scaling"]:
        yield dict(name="rope_freqs.weight", shape=[model["head_size"] // 2], data=rope_factors(model))
    for layer in range(model["layers"]):
        yield norm(f"blk.{layer}.attn_norm.weight", width)
        for linear, (outputs, inputs) in linear_shapes(model).items():
            if linear == "ffn_gate":
                yield norm(f"blk.{layer}.ffn_norm.weight", width)
            yield even(f"blk.{layer}.{linear}.weight", [outputs, inputs], 0.0, math.sqrt(3 / inputs))
            if model["bias"] and linear in ("attn_q", "attn_k", "attn_v"):
                yield even(f"blk.{layer}.{linear}.bias", [outputs], 0.0, 0.1)
            if model["qk_norm"] and linear in ("attn_q", "attn_k"):
                yield norm(f"blk.{layer}.{linear}_norm.weight", model["head_size"])
    yield norm("output_norm.weight", width)
    if not model["tied"]:
        yield even("output.weight", [vocabulary, width], 0.0, 2 * math.sqrt(3 / width))


def tensors(model):
    """Pairs of a rule and its float32 array."""
    import numpy

    for rule in rules(model):
        if "data" in rule:
            yield rule, numpy.array(rule["data"], dtype=numpy.float32)
        else:
            yield rule, generator.values(rule["name"], model["seed"], rule["shape"], rule["offset"], rule["amplitude"])


def metadata(model):
    """Key, GGUF type and value, in file order."""
    arch = model["architecture"]
    entries = [
        ("general.architecture", "string", arch), ("general.name", "string", model["name"]),
        ("general.file_type", "uint32", 0), (f"{arch}.block_count", "uint32", model["layers"]),
        (f"{arch}.context_length", "uint32", model["context"]), (f"{arch}.embedding_length", "uint32", model["width"]),
        (f"{arch}.feed_forward_length", "uint32", model["ffn"]), (f"{arch}.attention.head_count", "uint32", model["heads"]),
        (f"{arch}.attention.head_count_kv", "uint32", model["kv_heads"]),
        (f"{arch}.attention.layer_norm_rms_epsilon", "float32", model["epsilon"]),
        (f"{arch}.rope.freq_base", "float32", model["theta"]), (f"{arch}.vocab_size", "uint32", model["vocabulary"]),
    ]
    if model["head_size"] * model["heads"] != model["width"]:
        entries += [(f"{arch}.attention.key_length", "uint32", model["head_size"]),
                    (f"{arch}.attention.value_length", "uint32", model["head_size"])]
    elif arch == "llama":
        entries += [(f"{arch}.rope.dimension_count", "uint32", model["head_size"])]
    return [*entries, ("tokenizer.ggml.model", "string", "no_vocab")]


# --- as a Hugging Face model --------------------------------------------------------------------------------------

def heads_of(model, linear):
    """The heads whose rows llama's GGUF files permute in this linear, or None."""
    if model["architecture"] != "llama":
        return None
    return {"attn_q": model["heads"], "attn_k": model["kv_heads"]}.get(linear)


def rows_to_hf(array, heads):
    """Undoes LlamaModel.permute of convert_hf_to_gguf.py on the rows."""
    if heads is None:
        return array
    rest = array.shape[1:]
    return array.reshape(heads, array.shape[0] // heads // 2, 2, *rest).swapaxes(1, 2).reshape(array.shape)


def rows_to_gguf(array, heads):
    """LlamaModel.permute of convert_hf_to_gguf.py, on the rows."""
    if heads is None:
        return array
    rest = array.shape[1:]
    return array.reshape(heads, 2, array.shape[0] // heads // 2, *rest).swapaxes(1, 2).reshape(array.shape)


def hf_name(name):
    """The Hugging Face name of a GGUF tensor."""
    top = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
    parts = name.split(".")
    if parts[0] != "blk":
        return f"{top[parts[0]]}.{parts[1]}"
    return f"model.layers.{parts[1]}.{ {**HF_LINEARS, **HF_NORMS}[parts[2]] }.{parts[3]}"


def configuration(model):
    from transformers import LlamaConfig, Qwen2Config, Qwen3Config

    rope = {"rope_type": "default", "rope_theta": model["theta"]}
    if model["scaling"]:
        scaling = model["scaling"]
        rope = {"rope_type": "llama3", "rope_theta": model["theta"], "factor": scaling["factor"],
                "low_freq_factor": scaling["low"], "high_freq_factor": scaling["high"],
                "original_max_position_embeddings": scaling["context"]}
    kind = {"llama": LlamaConfig, "qwen2": Qwen2Config, "qwen3": Qwen3Config}[model["architecture"]]
    return kind(
        vocab_size=model["vocabulary"], hidden_size=model["width"], intermediate_size=model["ffn"],
        num_hidden_layers=model["layers"], num_attention_heads=model["heads"], num_key_value_heads=model["kv_heads"],
        head_dim=model["head_size"], max_position_embeddings=model["context"], rms_norm_eps=model["epsilon"],
        tie_word_embeddings=model["tied"], rope_parameters=rope, attention_dropout=0.0, bos_token_id=1, eos_token_id=2,
        pad_token_id=0)


def load(model, dtype="float32"):
    """The Hugging Face model, with eager attention."""
    import torch
    from transformers import AutoModelForCausalLM

    network = AutoModelForCausalLM.from_config(configuration(model), attn_implementation="eager", dtype=torch.float32)
    state = {}
    for rule, array in tensors(model):
        parts = rule["name"].split(".")
        if rule["name"] == "rope_freqs.weight":
            continue
        heads = heads_of(model, parts[2]) if parts[0] == "blk" else None
        state[hf_name(rule["name"])] = torch.from_numpy(rows_to_hf(array, heads).copy())
    missing, unexpected = network.load_state_dict(state, strict=False)
    if unexpected or set(missing) - ({"lm_head.weight"} if model["tied"] else set()):
        raise SystemExit(f"weights that do not fit: missing {missing}, unexpected {unexpected}")
    network.tie_weights()
    return network.to(getattr(torch, dtype)).eval()


def write(model, path):
    """Writes the GGUF file, version 3, tensor data aligned to 32 bytes."""
    import gguf

    writer = gguf.GGUFWriter(path, model["architecture"])
    for key, kind, value in metadata(model):
        if key != "general.architecture":
            {"string": writer.add_string, "uint32": writer.add_uint32, "float32": writer.add_float32}[kind](key, value)
    for rule, array in tensors(model):
        writer.add_tensor(rule["name"], array)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def record():
    """models.json."""
    import output

    models = {}
    for name in MODELS:
        model, digest, listed = spec(name), hashlib.sha256(), []
        for rule, array in tensors(model):
            digest.update(array.astype("<f4").tobytes())
            entry = {"name": rule["name"], "dims": list(reversed(rule["shape"]))}
            for key in ("offset", "amplitude"):
                if key in rule:
                    entry[key] = output.Exact(rule[key])
            data = array.reshape(-1)
            entry["data" if "data" in rule else "first"] = [output.Exact(float(one)) for one in (data if "data" in rule else data[:4])]
            listed.append(entry)
        models[name] = {"seed": model["seed"], "architecture": model["architecture"],
                        "metadata": [{"key": key, "type": kind, "value": output.Exact(value) if kind == "float32" else value}
                                     for key, kind, value in metadata(model)],
                        "tensors": listed, "data_sha256": digest.hexdigest()}
    output.save("models.json", {"models": models}, depth=4)


if __name__ == "__main__":
    import sys

    import environment
    environment.enter()
    write(spec(sys.argv[1]), sys.argv[2])
