"""llama-server: started on a free port, asked over HTTP, ended by its process id."""

import http.client
import json
import socket
import time
from dataclasses import dataclass

import machine
from machine import BenchmarkError


@dataclass(frozen=True)
class Settings:
    """How a llama-server is started, and how it is given its work (see `ways.py`)."""
    way: str
    slots: int
    unified: bool
    # The prompt cache in memory, which moves prompts between slots.
    memory_cache: bool = False
    # Draws tokens within the computation's graph, which llama.cpp calls experimental.
    graph_sampling: bool = False
    batch: int = 2048
    micro_batch: int = 512

    def __str__(self):
        flags = [f"-np {self.slots}", "-kvu" if self.unified else "-no-kvu", f"-b {self.batch} -ub {self.micro_batch}"]
        if not self.memory_cache:
            flags.append("--cache-ram 0")
        if self.graph_sampling:
            flags.append("--backend-sampling")
        return f"{self.way}, {' '.join(flags)}"


class Server:
    """A running llama-server; used with `with`."""

    def __init__(self, program, model, settings, context, threads, log):
        """`context` is the room for one prompt with its answer; every slot gets as much."""
        self.settings, self.log = settings, log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        words = [program, "--model", model, "--host", "127.0.0.1", "--port", self.port, "--offline",
                 "--ctx-size", context * settings.slots, "--parallel", settings.slots,
                 "--kv-unified" if settings.unified else "--no-kv-unified",
                 "--batch-size", settings.batch, "--ubatch-size", settings.micro_batch,
                 "--threads", threads, "--threads-batch", threads, "--threads-http", settings.slots + 4,
                 "--flash-attn", "auto", "--cont-batching", "--cache-prompt", "--no-context-shift", "--no-slots",
                 "--log-verbosity", 1]
        if not settings.memory_cache:
            # Every prompt here is asked for once, so that to save and restore slots would only cost time.
            words += ["--cache-ram", 0, "--no-cache-idle-slots"]
        if settings.graph_sampling:
            words += ["--backend-sampling"]
        self.process = machine.start(words, log)

    def __enter__(self):
        limit = time.monotonic() + 120
        while True:
            if self.process.poll() is not None:
                raise BenchmarkError(
                    f"llama-server ended with status {self.process.returncode}; the end of {self.log}:\n"
                    f"{machine.tail(self.log)}")
            try:
                if self.get("/health").get("status") == "ok":
                    return self
            except (OSError, http.client.HTTPException, BenchmarkError):
                pass
            if time.monotonic() > limit:
                self.__exit__()
                raise BenchmarkError(f"llama-server was not ready after two minutes; its log is {self.log}")
            time.sleep(0.1)

    def __exit__(self, *_):
        machine.stop(self.process)

    def get(self, path):
        return self._request("GET", path, None)

    def post(self, path, body):
        return self._request("POST", path, json.dumps(body).encode())

    def _request(self, method, path, body):
        # A connection each: the server closes those it has not heard of for some seconds, and a new one costs 0.1 ms.
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json", "Connection": "close"})
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        if response.status != 200:
            raise BenchmarkError(f"llama-server answered {path} with {response.status}: {text.decode(errors='replace')[:400]}")
        return json.loads(text)

    def tokens(self, text, special=False):
        return self.post("/tokenize", {"content": text, "add_special": special, "parse_special": special})["tokens"]

    def prompt(self, messages, opening):
        """The tokens of a chat in the model's own form, up to the first words of the answer."""
        text = self.post("/apply-template", {"messages": messages})["prompt"] + opening
        return self.tokens(text, special=True)

    def memory(self):
        """The most memory it has held, in bytes; 0 where the system doesn't tell."""
        try:
            with open(f"/proc/{self.process.pid}/status") as file:
                return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
        except OSError:
            return 0
