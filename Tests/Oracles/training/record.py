"""Records the fixtures anew: `python3 record.py`, or `python3 record.py --only gradients`."""

import argparse
import time

import environment

NAMES = ["models", "forward", "losses", "gradients", "trajectories", "smollm2"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=NAMES, action="append", help="record this fixture alone; may be repeated")
    parser.add_argument("--model", help="the SmolLM2-135M-Instruct Q4_1 GGUF file; by default where `assize models pull` puts it")
    options = parser.parse_args()
    environment.enter()

    import importlib

    import torch
    import transformers

    torch.set_num_threads(1)
    torch.manual_seed(1)
    transformers.logging.set_verbosity_error()
    for name in options.only or NAMES:
        started = time.monotonic()
        module = importlib.import_module({"models": "tiny"}.get(name, name))
        if name == "smollm2":
            module.record(options.model)
        else:
            module.record()
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
