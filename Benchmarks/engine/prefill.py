"""llama-bench: how fast a prompt is read, with nothing round it."""

import json
import subprocess

import machine

BATCH = 512


def tokens_per_second(program, model, length, threads, log):
    """Prompt tokens a second at one length; llama-bench warms up with the same length first."""
    words = [program, "-m", model, "-p", length, "-n", 0, "-t", threads, "-b", BATCH, "-ub", BATCH, "-fa", "auto", "-r", 1,
             "-o", "json"]
    output = machine.finish(machine.start(words, log, stdout=subprocess.PIPE), "llama-bench", log)
    return json.loads(output)[0]["avg_ts"]
