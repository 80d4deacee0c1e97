"""What the parts of the benchmark share: where things are, how much is to be run, and what they give back."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import Spread
from benchmarks.timing import Command, command

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXAMPLES = ROOT / "examples"
SCRIPTS = {name: str(HERE / f"{name}.py") for name in ("bare_loop", "peer_torch", "torch_twins", "twins", "warm")}

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
        return command(self.python, SCRIPTS["bare_loop"], file)

    def some(self, most: int) -> int:
        """The rounds of what takes long."""
        return min(self.rounds, most)


#: By the name of the peer, the package that it needs beside torch.
PEERS = {"onnx": "onnx", "torchinfo": "torchinfo", "fvcore": "fvcore", "flop counter": "torch"}
ONNX = "import sys, onnx; onnx.shape_inference.infer_shapes(onnx.load(sys.argv[1]))"


def installed(peer: str) -> bool:
    """Whether the caller's environment has it."""
    found = find_spec(PEERS[peer]) is not None
    return found and (peer == "onnx" or find_spec("torch") is not None)


def absent() -> list[str]:
    return [peer for peer in PEERS if not installed(peer)]


def onnx(model: Path) -> Command:
    return command(sys.executable, "-c", ONNX, model)


def torch_peer(peer: str, device: str, twin: Path) -> Command:
    tool = peer.replace(" ", "")
    return command(sys.executable, SCRIPTS["peer_torch"], tool, device, twin.parent, twin.stem)


def twins(script: str, folder: Path, specs: Sequence[Path]) -> None:
    """Write the twins of the specs, by a process of its own: this one stays small, and imports no peer."""
    subprocess.run([sys.executable, SCRIPTS[script], str(folder), *map(str, specs)], check=True)


def here() -> tuple[str, str]:
    """The interpreter that runs this, and its cnncalc."""
    return sys.executable, str(Path(sysconfig.get_path("scripts")) / "cnncalc")


def say(text: str) -> None:
    """What is being done, for whoever waits."""
    print(text, file=sys.stderr, flush=True)


Runner = Callable[[Bench], Part]
