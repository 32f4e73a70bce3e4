"""The oracles' Python environment: made on first use in the user's cache folder, pinned, and never part of the build.

`python3 environment.py` makes it and prints its Python. Imported, `enter()` starts the calling script again inside it.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = ["transformers==5.23.0", "peft==0.21.2", "trl==1.16.0", "gguf==0.19.0", "accelerate==1.15.0",
            "datasets==5.2.0", "safetensors==0.8.0"]
# The first can only be had where CPU wheels are; the second may bring more than a CPU needs.
TORCH = ["torch==2.13.0+cpu", "torch==2.13.0"]
INSIDE = "ASSIZE_ORACLE_PYTHON"


def cache():
    return Path(os.environ.get("ASSIZE_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "assize")


def environment():
    """The environment's Python, made on first use."""
    root = cache() / "oracle"
    name = hashlib.sha256(" ".join([*PACKAGES, *TORCH, sys.version]).encode()).hexdigest()[:12]
    folder, python = root / name, root / name / "bin" / "python"
    root.mkdir(parents=True, exist_ok=True)
    with open(root / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "ready").is_file():
            return python
        print(f"installing torch, transformers, peft and trl in {folder} (once; about 2 GB)", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        for position, torch in enumerate(TORCH):
            words = [python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", torch, *PACKAGES]
            if subprocess.run(words).returncode == 0:
                break
            if position == len(TORCH) - 1:
                shutil.rmtree(folder, ignore_errors=True)
                raise SystemExit("pip could not install the packages named in environment.py")
        (folder / "ready").touch()
    return python


def enter():
    """Starts this script again in the environment, unless it already runs there; one thread, no hub, CPU only."""
    if os.environ.get(INSIDE):
        return
    settings = {INSIDE: "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1",
                "TOKENIZERS_PARALLELISM": "false", "CUDA_VISIBLE_DEVICES": "", "HF_DATASETS_CACHE": str(cache() / "oracle" / "datasets"),
                "TRL_EXPERIMENTAL_SILENCE": "1"}
    python = str(environment())
    os.execve(python, [python, *sys.argv], {**os.environ, **settings})


if __name__ == "__main__":
    print(environment())
