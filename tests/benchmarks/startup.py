"""Whole processes, timed: start-up against `import click`, a long chain against a bare loop, and growth.

Usage: startup.py [--quick] [--runs N]

The commands of a table take turns, so that what else the machine does falls on all of them alike; ratios of
medians are what to quote. Output goes through a pipe to `cat`, as in `cnncalc shapes FILE | cat`.
"""

import argparse
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
CNNCALC = str(Path(sysconfig.get_path("scripts")) / "cnncalc")
CHAIN = ["conv 8 3 pad=1", "bn", "relu"]


class Run(NamedTuple):
    seconds: float
    mebibytes: float


def timed(command: list[str]) -> Run:
    """Run a command with its output piped to `cat`; its wall time and its own peak memory."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    reader = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    reader.wait()
    if process.returncode:
        sys.exit(f"exit code {process.returncode}: {' '.join(command)}")
    return Run(seconds, usage.ru_maxrss / 1024)


def compare(commands: dict[str, list[str]], runs: int) -> None:
    """A table of medians, with the ratio to the first command."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for command in commands.values():
        timed(command)  # warms the disk's cache, and writes the .pyc files
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(timed(command).seconds)
    floor = statistics.median(next(iter(times.values())))
    print(f"  {'median of ' + str(runs):42} {'ms':>9} {'fastest':>9} {'ratio':>8}")
    for name, each in times.items():
        median = statistics.median(each)
        print(f"  {name:42} {median * 1e3:9.1f} {min(each) * 1e3:9.1f} {median / floor:7.2f}×")
    print()


def flat(layers: int) -> str:
    """A chain with every layer on its own line."""
    return "\n".join(["input 3x64x64", *(CHAIN[i % len(CHAIN)] for i in range(layers)), ""])


def repeated(layers: int) -> str:
    """The same chain, as a repeat of three lines."""
    body = "\n".join(f"    {line}" for line in CHAIN)
    return f"input 3x64x64\nrepeat {layers // len(CHAIN)}:\n{body}\n"


def grow(write: Callable[[int], str], sizes: list[int], folder: Path) -> None:
    """A table of time and memory over the number of layers: linear means equal figures a layer."""
    print(f"  {write.__name__ + ' chain, layers':42} {'s':>9} {'µs/layer':>9} {'MiB':>8} {'KiB/layer':>10}")
    for size in sizes:
        file = folder / f"{write.__name__}{size}.txt"
        file.write_text(write(size), "utf-8")
        seconds, memory = timed([CNNCALC, "shapes", str(file)])
        each, kibibytes = seconds / size * 1e6, memory * 1024 / size
        print(f"  {size:<42,} {seconds:9.2f} {each:9.1f} {memory:8.0f} {kibibytes:10.2f}")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs, and no chain of a million layers")
    parser.add_argument("--runs", type=int, help="how often each command is timed (21; 5 with --quick)")
    options = parser.parse_args()
    runs = options.runs or (5 if options.quick else 21)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chain = folder / "chain.txt"
        chain.write_text(flat(100_000), "utf-8")
        start = {
            'python -c "import click"': [sys.executable, "-c", "import click"],
            "cnncalc --version": [CNNCALC, "--version"],
            "cnncalc shapes examples/resnet50.txt | cat": [
                CNNCALC,
                "shapes",
                str(ROOT / "examples/resnet50.txt"),
            ],
        }
        work = {
            "bare loop, 100,000 lines": [
                sys.executable,
                str(ROOT / "tests/benchmarks/bare_loop.py"),
                str(chain),
            ],
            "cnncalc shapes, 100,000 lines": [CNNCALC, "shapes", str(chain)],
        }
        compare(start, runs)
        compare(work, max(3, runs // 4))
        sizes = [10_000, 100_000] if options.quick else [10_000, 100_000, 1_000_000]
        grow(flat, sizes, folder)
        grow(repeated, sizes, folder)


if __name__ == "__main__":
    main()
