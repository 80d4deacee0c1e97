"""The arena of a microcontroller: against the allocation report of TFLite Micro itself, on models of the same networks.

Needs `pip install tflite-micro==0.dev20261023182759 flatbuffers` (Linux, Python 3.11); run with `-m slow`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("tflite_micro")
pytest.importorskip("flatbuffers")

import cnncalc
from cnncalc.measure.footprint import Footprint
from helpers import DETECTOR

from .tflite_models import Writer

pytestmark = pytest.mark.slow
#: Prints where a model's tensors go, which the runtime writes past Python's standard output.
REPORT = """
import sys
from tflite_micro.python.tflite_micro import runtime
for path in sys.argv[1:]:
    interpreter = runtime.Interpreter.from_file(path, arena_size=8_000_000)
    interpreter.print_allocations()
"""
MODELS = {
    "lenet": "input 1x28x28\nconv 6 5 | relu | maxpool 2 | conv 16 5 | relu | maxpool 2 | flatten | fc 84 | fc 10 | softmax",
    "mlp": "input 1x28x28\nflatten | fc 64 | relu | fc 10 | softmax",
    "two outputs": "input 3x12x12\na = conv 4 3 pad=same\nb = @a | conv 8 3 pad=same | relu\noutput @a @b",
    "two inputs": "l = input 3x8x8\nr = input 5x8x8\na = @l | conv 4 3 pad=same\nb = @r | conv 4 3 pad=same\nadd @a @b",
    "equal sizes": "input 4x8x8\na = conv 4 3 pad=same\nb = conv 4 3 pad=same\nc = conv 4 3 pad=same\nadd @a @b\nadd @c",
    "detector of one channel": DETECTOR,
    "detector of three": DETECTOR.replace("channels = 1", "channels = 3"),
}


def heads(texts: list[str], folder: Path) -> list[int]:
    """The bytes of the arena's head, in which activations are, of a model of each text."""
    paths = []
    for number, text in enumerate(texts):
        paths.append(str(folder / f"{number}.tflite"))
        Path(paths[-1]).write_bytes(Writer(cnncalc.loads(text)).model())
    said = subprocess.run(
        [sys.executable, "-c", REPORT, *paths],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env=dict(os.environ),
    )
    return [int(one) for one in re.findall(r"Arena allocation head (\d+) bytes", said.stdout + said.stderr)]


def arena(text: str) -> int | None:
    return Footprint(cnncalc.analyze(cnncalc.loads(text), dtype="int8", execution="fused")).arena_bytes


def drawn(seed: int) -> str:
    """A network of branches, residuals and concatenations."""
    chance = Random(seed)
    lines, last = [f"input {chance.randint(1, 5)}x{chance.choice((8, 12, 16))}x{chance.choice((8, 9, 16))}"], "input"
    same: list[str] = ["input"]
    for number in range(chance.randint(2, 12)):
        name, kind = f"t{number}", chance.random()
        one = chance.choice(same)
        if kind < 0.5:
            width = chance.randint(1, 9)
            act = chance.choice((" | relu", " | bn | relu6", "", " | bn", " | dropout"))
            lines.append(f"{name} = @{one} | conv {width} {chance.choice((1, 3))} pad=same{act}")
        elif kind < 0.65:
            lines.append(f"{name} = @{one} | dwconv 3 pad=same | bn | relu")
        elif kind < 0.8:
            lines.append(f"{name} = concat @{one} @{chance.choice(same)}")
        else:
            lines += [f"{name}a = @{one} | conv 4 1", f"{name}b = @{chance.choice(same)} | conv 4 3 pad=same"]
            lines.append(f"{name} = add @{name}a @{name}b")
        same.append(name)
        last = name
    lines.append(f"@{last} | maxpool 2 | flatten | fc 7 | softmax")
    return "\n".join(lines)


@pytest.mark.parametrize("name", MODELS)
def test_models(name: str, tmp_path: Path) -> None:
    assert heads([MODELS[name]], tmp_path) == [arena(MODELS[name])]


def test_drawn_networks(tmp_path: Path) -> None:
    texts = [drawn(seed) for seed in range(200)]
    found = heads(texts, tmp_path)
    assert len(found) == len(texts)
    for text, head in zip(texts, found, strict=True):
        assert arena(text) == head, text


def test_the_known_figures() -> None:
    assert arena(MODELS["detector of one channel"]) == 55_296
    assert arena(MODELS["detector of three"]) == 73_728
