"""Commands, timed as whole processes in turns, so that what else the machine does falls on all of them alike."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

SPAWNER = str(Path(__file__).with_name("spawner.py"))
#: What getrusage counts peak memory in.
MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024
#: Rounds that are always run, however long they take.
LEAST_ROUNDS = 3


class Measure(NamedTuple):
    """One run of a process: seconds on the clock and of the CPU, peak memory in bytes."""

    wall: float
    cpu: float
    peak: int


class Command(NamedTuple):
    """What is run: `argv` starts with a path. `terminal`: its output goes to a terminal, not a pipe."""

    argv: tuple[str, ...]
    terminal: bool = False

    def __str__(self) -> str:
        return " ".join(self.argv)


class Failed(Exception):
    """A command that did not end well: its last words."""


def command(*argv: str | Path, terminal: bool = False) -> Command:
    return Command(tuple(map(str, argv)), terminal)


def environment() -> dict[str, str]:
    """The caller's, without what would change how Python or a table behaves."""
    names = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "GITHUB_ACTIONS")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON") and key not in names}
    return {**kept, "TERM": "xterm-256color"}


def measure(one: Command, limit: float | None = None) -> Measure:
    """Run it once. Raises Failed, also where it takes over `limit` seconds."""
    mode = "pty" if one.terminal else "pipe"
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", SPAWNER, mode, *one.argv],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, error = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        raise Failed(f"over {limit:.0f} s") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    words = out.split()
    if process.returncode or words[0] != "0":
        said = error.strip().splitlines()[-1:] or [f"exit code {words[0] if words else process.returncode}"]
        raise Failed(said[0][:100])
    wall, user, system, peak = map(float, words[1:])
    return Measure(wall, user + system, int(peak) * MEMORY_UNIT)


Runs = dict[str, list[Measure]]


def interleave(commands: Mapping[str, Command], rounds: int, seconds: float = 600.0, *, first: bool = True) -> Runs:
    """`rounds` times every command once, A B A B …: entry i of each belongs to round i.

    With `first` each runs once before, untimed, which fills the disk's cache and writes the .pyc files. Stops early,
    but for LEAST_ROUNDS, once the timed runs have taken `seconds`. Raises Failed.
    """
    if first:
        for one in commands.values():
            measure(one)
    runs: Runs = {name: [] for name in commands}
    began = time.perf_counter()
    for number in range(rounds):
        if number >= min(rounds, LEAST_ROUNDS) and time.perf_counter() - began > seconds:
            break
        for name, one in commands.items():
            runs[name].append(measure(one))
    return runs


def walls(measures: Sequence[Measure]) -> list[float]:
    return [one.wall for one in measures]


def cpus(measures: Sequence[Measure]) -> list[float]:
    return [one.cpu for one in measures]
