"""Loads an adapter folder in PEFT and prints what PEFT makes of it, as JSON.

    python3 peft_check.py FOLDER BASE

BASE is the name of a tiny model, or `smollm2`. FOLDER holds adapter_config.json and adapter_model.safetensors.
"""

import argparse
import hashlib
import json
import warnings

import environment


def base(name):
    import smollm2
    import tiny

    if name != "smollm2":
        return tiny.load(tiny.spec(name)), tiny.spec(name)
    return smollm2.load(smollm2.default_file())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("base")
    options = parser.parse_args()
    environment.enter()

    import generator
    import lora
    import output
    import torch
    import transformers
    from peft import PeftModel

    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    network, model = base(options.base)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        network = PeftModel.from_pretrained(network, options.folder).eval()
    tokens = generator.tokens("peft_check", 1, 24, 0, model["vocabulary"])
    with torch.no_grad():
        with_adapter = network(torch.tensor([tokens])).logits[0, -1]
        with network.disable_adapter():
            without = network(torch.tensor([tokens])).logits[0, -1]
    arrays = {name: lora.in_gguf_order(parameter, heads) for name, parameter, heads in lora.matrices(network, model)}
    weights = {name: one | {"shape": list(arrays[name].shape),
                            "sha256": hashlib.sha256(arrays[name].astype("<f4").tobytes()).hexdigest()}
               for name, one in lora.summary(arrays).items()}
    config = network.peft_config["default"]
    print(json.dumps(output.plain({
        "warnings": [str(one.message).splitlines()[0] for one in said if "missing" in str(one.message)],
        "rank": config.r, "alpha": config.lora_alpha, "targets": sorted(config.target_modules), "tokens": tokens,
        "logits": with_adapter[:96], "base_logits": without[:96], "weights": weights})))


if __name__ == "__main__":
    main()
