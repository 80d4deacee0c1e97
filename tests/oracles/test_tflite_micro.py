"""The arena of a microcontroller: against the allocation report of TFLite Micro itself, on models of the same networks.

Needs `pip install -e '.[micro]'` (Linux); run with `-m slow`. With
a folder of real .tflite files in CNNCALC_TFLITE, of mlcommons/tiny and tensorflow/tflite-micro, say, all of them are
asked for, too.
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
    print("file", file=sys.stderr, flush=True)
    try:
        runtime.Interpreter.from_file(path, arena_size=30_000_000).print_allocations()
    except RuntimeError:
        pass
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


def heads(texts: list[str], folder: Path) -> list[int | None]:
    """The bytes of the arena's head, in which activations are, of a model of each text."""
    return reported(written([Writer(cnncalc.loads(text)).model() for text in texts], folder))


def written(models: list[bytes], folder: Path) -> list[str]:
    """Files of the models."""
    paths = [folder / f"{number}.tflite" for number in range(len(models))]
    for path, model in zip(paths, models, strict=True):
        path.write_bytes(model)
    return [str(path) for path in paths]


def reported(paths: list[str]) -> list[int | None]:
    """The bytes of the arena's head of each model; None where the interpreter refuses it."""
    call = [sys.executable, "-c", REPORT, *paths]
    said = subprocess.run(call, capture_output=True, text=True, check=True, timeout=300, env=dict(os.environ))
    parts = re.split(r"^file$", said.stderr, flags=re.MULTILINE)[1:]
    found = [re.search(r"Arena allocation head (\d+) bytes", part) for part in parts]
    return [None if one is None else int(one[1]) for one in found]


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


def test_files_with_types_a_tensor(tmp_path: Path) -> None:
    """States, scratch buffers, floating point ends: tests/convert/tflite has the first of them recorded."""
    from convert.tflite.drawn import drawn as drawn_file

    paths = written([drawn_file(seed) for seed in range(500)], tmp_path)
    found = [Footprint(cnncalc.analyze(cnncalc.load(path))).arena_bytes for path in paths]
    assert found == reported(paths)


@pytest.mark.skipif("CNNCALC_TFLITE" not in os.environ, reason="a folder of real models")
def test_real_models() -> None:
    paths = sorted(str(path) for path in Path(os.environ["CNNCALC_TFLITE"]).rglob("*.tflite"))
    arenas = {path: Footprint(cnncalc.analyze(cnncalc.load(path))).arena_bytes for path in paths}
    assert paths
    assert {path: head for path, head in zip(paths, reported(paths), strict=True) if arenas[path] != head} == {}


def test_the_known_figures() -> None:
    assert arena(MODELS["detector of one channel"]) == 55_296
    assert arena(MODELS["detector of three"]) == 73_728
