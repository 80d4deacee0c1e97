"""ResNet-50 in the formats of other tools. TFLite's wants the packages tflite and numpy, and is left out without them."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from benchmarks.bench import EXAMPLES, HERE
from benchmarks.format import Format
from benchmarks.formats_binary import Onnx, Pt2
from benchmarks.formats_text import Caffe, Darknet, Keras
from cnncalc import load

#: The modules in which people write it, and what of them is read.
SOURCES = {"PyTorch source": ("resnet_torch.py", ":resnet50")}
#: The file of each, and what makes it.
FORMATS: dict[str, tuple[str, type[Format]]] = {
    "ONNX": ("resnet50.onnx", Onnx), "pt2": ("resnet50.pt2", Pt2), "Keras JSON": ("resnet50.json", Keras),
    "Caffe": ("resnet50.prototxt", Caffe), "Darknet": ("resnet50.cfg", Darknet),
}  # fmt: skip


def write(folder: Path) -> dict[str, list[str]]:
    """Writes every file; the words behind `cnncalc shapes` that read it, by the name of its format."""
    network = load(EXAMPLES / "resnet50.txt")
    formats = dict(FORMATS)
    if find_spec("tflite") and find_spec("numpy"):
        from benchmarks.formats_tflite import Tflite

        formats["TFLite"] = ("resnet50.tflite", Tflite)
    words: dict[str, list[str]] = {}
    for name, (file, make) in formats.items():
        make(network).write(folder / file)
        words[name] = [str(folder / file)]
    for name, (file, what) in SOURCES.items():
        shutil.copy(HERE / file, folder)
        words[name] = [f"{folder / file}{what}", "--input", "3x224x224"]
    return words
