"""How long ResNet-50 takes to be read from other tools' formats, and to be drawn, beside its spec."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from benchmarks import formats, peers
from benchmarks.bench import EXAMPLES, Bench, Column, Part, Table, Target
from benchmarks.figures import ratios, spread
from benchmarks.formats import FORMATS, SOURCES
from benchmarks.timing import Command, Measure, command, cpus, interleave, walls

SPEC = "cnncalc shapes resnet50.txt"
DRAWING, PAGE = "cnncalc draw resnet50.txt -o FILE.svg", "cnncalc report resnet50.txt -o FILE.html"
#: Times `shapes` of the spec. What loads a library of somebody else's (TFLite), or makes a page, has no bound.
BOUNDS = {"ONNX": 1.5, "pt2": 2.0, "Keras JSON": 1.2, "Caffe": 1.2, "Darknet": 1.2, "PyTorch source": 3.0, DRAWING: 2.0}
#: The most KiB of the picture.
SIZE = 40
ONNX_TOOL = "import sys, onnx_tool; onnx_tool.model_profile(sys.argv[1])"
TORCHINFO = (
    "import runpy, sys, torchinfo\n"
    "print(torchinfo.summary(runpy.run_path(sys.argv[1])['resnet50'](), (1, 3, 224, 224), verbose=0))"
)
COLUMNS = (
    Column("what is read or written"), Column("ms", "ms"), Column("CPU ms", "ms"), Column("× the spec", "×"),
    Column("peak MiB", "MiB"),
)  # fmt: skip


def _commands(bench: Bench) -> dict[str, Command]:
    folder = bench.folder / "files"
    folder.mkdir()
    read = formats.write(folder)
    if subprocess.run([bench.python, "-c", "import tflite"], capture_output=True, check=False).returncode:
        read.pop("TFLite", None)
    spec = EXAMPLES / "resnet50.txt"
    return {
        SPEC: bench.shapes(spec),
        **{name: command(bench.cnncalc, "shapes", *words) for name, words in read.items()},
        **_onnx(folder),
        **_torch(folder),
        DRAWING: command(bench.cnncalc, "draw", spec, "-o", folder / "drawn.svg"),
        PAGE: command(bench.cnncalc, "report", spec, "-o", folder / "page.html"),
    }


def _onnx(folder: Path) -> dict[str, Command]:
    """What others take for the same ONNX file, where they are installed: onnx itself, and onnx-tool for its table."""
    file = folder / FORMATS["ONNX"][0]
    found: dict[str, Command] = {}
    if peers.installed("onnx"):
        found["onnx, load + shape inference, of the ONNX file"] = peers.onnx(file)
    if find_spec("onnx_tool"):
        found["onnx-tool on the ONNX file"] = command(sys.executable, "-c", ONNX_TOOL, file)
    return found


def _torch(folder: Path) -> dict[str, Command]:
    """What PyTorch itself takes, where it is installed: to be imported, and to run the same source for a table."""
    found: dict[str, Command] = {}
    if peers.installed("flop counter"):
        found["python -c 'import torch'"] = command(sys.executable, "-c", "import torch")
    if peers.installed("torchinfo"):
        file = SOURCES["PyTorch source"][0]
        found["torchinfo on the PyTorch source"] = command(sys.executable, "-c", TORCHINFO, folder / file)
    return found


def run(bench: Bench) -> Part:
    runs = interleave(_commands(bench), bench.rounds)
    wall = {name: walls(each) for name, each in runs.items()}
    beside = {name: ratios(each, wall[SPEC]) for name, each in wall.items()}
    rows = [
        (name, spread(wall[name]), spread(cpus(each)), beside[name], max(one.peak for one in each))
        for name, each in runs.items()
    ]
    targets = [
        Target(f"{name} ÷ `{SPEC}`", beside[name], bound, remark=f"of CPU time {_work(runs, name):.2f} ×")
        for name, bound in BOUNDS.items()
    ]
    size = (bench.folder / "files" / "drawn.svg").stat().st_size
    targets.append(Target(f"KiB of `{DRAWING}`", -(-size // 1024), SIZE, unit="n"))
    note = "Whole processes, output piped. The ONNX file holds weights of 97 MiB, the others none or their names."
    return Part([Table(f"ResNet-50 in other formats, {bench.rounds} rounds", COLUMNS, rows, note)], targets)


def _work(runs: dict[str, list[Measure]], name: str) -> float:
    return ratios(cpus(runs[name]), cpus(runs[SPEC])).median
