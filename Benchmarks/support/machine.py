"""The machine: what else runs on it, and the processes that a benchmark starts."""

import atexit
import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

LINUX = sys.platform == "linux"
CORES = len(os.sched_getaffinity(0)) if LINUX else os.cpu_count() or 1


# What `say` puts before each line; a benchmark gives its own name.
program = "bench"


class BenchmarkError(Exception):
    """A sentence for the person who ran the benchmark."""


def say(text):
    print(f"{program}: {text}", file=sys.stderr, flush=True)


# --- processes of our own -----------------------------------------------------------------------------------------

running = set()


def _die_with_parent():
    """The child ends when this program does, also when it is killed outright."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def start(command, log, **options):
    """Starts a command with its output in the file `log`; `stop` or `finish` ends it."""
    if LINUX:
        options["preexec_fn"] = _die_with_parent
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=options.pop("stdout", output),
            stderr=output, **options)
    running.add(process)
    return process


def stop(process):
    """Ends a process by its id and waits for it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    running.discard(process)


def finish(process, what, log, seconds=None, statuses=(0,)):
    """Waits for a process; its output where it was piped. A failure shows the end of its log."""
    try:
        output = process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        raise BenchmarkError(f"{what} took more than {seconds:.0f} seconds and was ended; its log is {log}") from None
    finally:
        stop(process)
    if process.returncode not in statuses:
        raise BenchmarkError(f"{what} ended with status {process.returncode}; the end of {log}:\n{tail(log)}")
    return output


def tail(log, lines=15):
    try:
        return "\n".join("  " + line for line in Path(log).read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "  (no log)"


@atexit.register
def stop_all():
    for process in list(running):
        stop(process)


def _interrupt(number, frame):
    raise KeyboardInterrupt


# Also SIGINT: a shell that starts this in the background has it ignored.
for _number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(_number, _interrupt)


# --- the load of others -------------------------------------------------------------------------------------------

def _busy_seconds():
    """Processor seconds that all cores have spent at work since they started."""
    with open("/proc/stat") as file:
        fields = [int(word) for word in file.readline().split()[1:9]]
    user, nice, system, idle, waiting, hard, soft, stolen = fields
    return (user + nice + system + hard + soft + stolen) / os.sysconf("SC_CLK_TCK")


def _processor_times():
    """Processor seconds by process id, with the command."""
    times = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            text = Path(entry.path, "stat").read_text()
            command = Path(entry.path, "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        name = text[text.index("(") + 1:text.rindex(")")]
        fields = text[text.rindex(")") + 2:].split()
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        times[int(entry.name)] = (seconds, command or f"[{name}]")
    return times


def load_of_others(seconds=2.0):
    """How many cores others keep busy, sampled over some seconds, and the processes that do.

    Returns `None` where the system doesn't tell (no /proc).
    """
    if not Path("/proc/stat").is_file():
        return None
    before, own, whole, started = _processor_times(), time.process_time(), _busy_seconds(), time.monotonic()
    time.sleep(seconds)
    after, elapsed = _processor_times(), time.monotonic() - started
    busy = (_busy_seconds() - whole - (time.process_time() - own)) / elapsed
    shares = []
    for pid, (spent, command) in after.items():
        share = (spent - before.get(pid, (0.0, ""))[0]) / elapsed
        if pid != os.getpid() and share >= 0.03:
            shares.append((share, pid, command))
    return max(0.0, busy), sorted(shares, reverse=True)


def refuse_when_busy(force, limit=0.15):
    """Says what else runs; raises unless `force` when it would spoil the times."""
    load = load_of_others()
    if load is None:
        say("the load of other processes can't be seen on this system; close what you can")
        return 0.0
    cores, processes = load
    if cores < limit:
        return cores
    names = "; ".join(f"{share:.2f} cores: {command[:80]} (process {pid})" for share, pid, command in processes[:6])
    text = f"other processes keep {cores:.2f} of {CORES} cores busy ({names or 'none of them visible from here'})"
    if not force:
        raise BenchmarkError(f"{text}; times would mean nothing. Wait until they are done, or set FORCE=1")
    say(f"{text}; timed all the same, since FORCE=1: take no figure of this run for a result")
    return cores


class ForeignLoad:
    """How many cores others kept busy over a whole run, on average."""

    def __init__(self):
        self.started = time.monotonic()
        self.known = Path("/proc/stat").is_file()
        self.busy = _busy_seconds() if self.known else 0.0
        self.own = self._own()

    @staticmethod
    def _own():
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(usage.ru_utime + usage.ru_stime for usage in used)

    def cores(self):
        """The mean so far, right only while no process of ours runs; `None` where the system doesn't tell."""
        if not self.known:
            return None
        elapsed = max(1e-9, time.monotonic() - self.started)
        return max(0.0, (_busy_seconds() - self.busy - (self._own() - self.own)) / elapsed)
