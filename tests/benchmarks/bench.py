"""What the parts of the benchmark share: where things are, how much is to be run, and what they give back."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import Spread
from benchmarks.timing import Command, command

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXAMPLES = ROOT / "examples"

Cell = str | int | float | Spread | None


class Column(NamedTuple):
    """A heading, and how its values read: "ms", "s", "×", "MiB", "n" (a whole number), "e" (an exponent), "" (text)."""

    title: str
    unit: str = ""


class Table(NamedTuple):
    title: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]
    note: str = ""


class Target(NamedTuple):
    """A promise, and what was measured. `least`: it must be as much at least, not at most. None: not measured."""

    promise: str
    measured: Spread | float | None
    bound: float
    unit: str = "×"
    least: bool = False
    remark: str = ""

    @property
    def met(self) -> bool | None:
        if self.measured is None:
            return None
        value = self.measured.median if isinstance(self.measured, Spread) else self.measured
        return value >= self.bound if self.least else value <= self.bound


class Part(NamedTuple):
    """What one part of the benchmark found."""

    tables: list[Table]
    targets: list[Target]


class Bench(NamedTuple):
    """How it is run: `python` and `cnncalc` of one environment, the peers in that of the caller."""

    python: str
    cnncalc: str
    folder: Path
    rounds: int
    quick: bool

    def shapes(self, file: Path, *words: str, terminal: bool = False) -> Command:
        return command(self.cnncalc, "shapes", file, *words, terminal=terminal)

    def code(self, code: str) -> Command:
        return command(self.python, "-c", code)

    def bare(self, file: Path) -> Command:
        return command(self.python, HERE / "bare_loop.py", file)

    def some(self, most: int) -> int:
        """The rounds of what takes long."""
        return min(self.rounds, most)


def here() -> tuple[str, str]:
    """The interpreter that runs this, and its cnncalc. Ends the program where it has none."""
    script = Path(sysconfig.get_path("scripts")) / "cnncalc"
    if not script.exists():
        sys.exit(f"no cnncalc beside {sys.executable}: install it there, or give --wheel")
    return sys.executable, str(script)


def say(text: str) -> None:
    """What is being done, for whoever waits."""
    print(text, file=sys.stderr, flush=True)


Runner = Callable[[Bench], Part]
