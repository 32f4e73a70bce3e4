"""PEFT's LoRA on a Hugging Face model, set and read in GGUF names and orientation: A [rank][inputs], B [outputs][rank]."""

import math

import generator
import tiny


def config(rank, alpha):
    from peft import LoraConfig

    return LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=0.0, bias="none", task_type="CAUSAL_LM",
                      target_modules=[name.split(".")[1] for name in tiny.HF_LINEARS.values()])


def matrices(network, model):
    """GGUF name, PEFT parameter, and the heads whose rows are permuted (or None), for every A and B there is, in file order."""
    parameters = dict(network.named_parameters())
    for layer in range(model["layers"]):
        for linear in tiny.LINEARS:
            path = f"base_model.model.model.layers.{layer}.{tiny.HF_LINEARS[linear]}"
            name = f"blk.{layer}.{linear}.weight"
            if f"{path}.lora_A.default.weight" in parameters:
                yield f"{name}.lora_a", parameters[f"{path}.lora_A.default.weight"], None
                yield f"{name}.lora_b", parameters[f"{path}.lora_B.default.weight"], tiny.heads_of(model, linear)


def fill(network, model, seed, b_amplitude):
    """A by the rule with amplitude sqrt(3 / inputs); B by the rule, where amplitude 0 is how PEFT starts it."""
    import torch

    for name, parameter, heads in matrices(network, model):
        shape = list(parameter.shape)
        if name.endswith("lora_a"):
            array = generator.values(name, seed, shape, 0.0, math.sqrt(3 / shape[1]))
        else:
            array = tiny.rows_to_hf(generator.values(name, seed, shape, 0.0, b_amplitude), heads)
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(array.copy()))


def attach(network, model, rank, alpha, seed, b_amplitude):
    from peft import get_peft_model

    network = get_peft_model(network, config(rank, alpha))
    fill(network, model, seed, b_amplitude)
    return network


def in_gguf_order(tensor, heads):
    return tiny.rows_to_gguf(tensor.detach().numpy(), heads)


def gradients(network, model):
    """Every gradient as an array in GGUF orientation, by GGUF name."""
    return {name: in_gguf_order(parameter.grad, heads) for name, parameter, heads in matrices(network, model)}


def summary(arrays):
    """The norm of each array and the values at 4 even steps: index i * count // 4 of the flattened array."""
    import numpy

    result = {}
    for name, array in arrays.items():
        flat = array.reshape(-1)
        samples = [float(flat[step * flat.size // 4]) for step in range(4)]
        result[name] = {"norm": float(numpy.linalg.norm(flat.astype("float64"))), "samples": samples}
    return result
