"""What is written of networks, as it was recorded: a heading `### NAME` before each text of a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cnncalc
from cnncalc import SpecError
from cnncalc.convert.out.formats import FORMATS, WriteOptions
from cnncalc.diagnostics import Diagnostic
from cnncalc.interpret import build
from cnncalc.network import Network

from ..samples import MORE_ROWS, ROWS, specs
from .models import described

FOLDER = Path(__file__).parent
#: What the sources of modules begin with.
HEAD = "import torch\nimport torch.nn.functional as F\nfrom collections import OrderedDict\nfrom torch import nn\n"


def sections(name: str) -> dict[str, str]:
    """The texts of a file by their headings."""
    found: dict[str, str] = {}
    for part in f"\n{(FOLDER / name).read_text('utf-8')}".split("\n### ")[1:]:
        heading, _, text = part.partition("\n")
        found[heading] = text.rstrip("\n") + "\n"
    return found


def of_kinds() -> dict[str, str]:
    """Every kind of layer in its several ways."""
    return specs(ROWS) | specs(MORE_ROWS)


def of_networks() -> dict[str, str]:
    """Small networks of every structure that a text can have."""
    return sections("networks.txt")


def of_sources() -> dict[str, str]:
    """Modules of PyTorch."""
    return sections("sources.txt")


def of_graphs() -> dict[str, str]:
    """Those of the small networks in which a graph has more than the operators of its layers."""
    few = (
        "every odd",
        "what",
        "several",
        "heads",
        "stages",
        "shared",
        "channels",
        "one output",
        "the input",
        "a merge",
    )
    return {name: text for name, text in of_networks().items() if name.startswith(few)}


#: Where the networks stand, and what they are written as: ONNX of the newest version and of the oldest.
WRITTEN: dict[str, tuple[Callable[[], dict[str, str]], tuple[str, ...]]] = {
    "kinds": (of_kinds, ("torch", "keras", "onnx", "onnx13")),
    "networks": (of_networks, ("spec", "torch", "keras")),
    "graphs": (of_graphs, ("onnx",)),
    "sources": (of_sources, ("spec", "torch", "keras")),
}


def network(text: str, folder: Path) -> Network:
    """The network of a spec; of code, whose first line says what enters its class Net: `# 3x12x12`."""
    if not text.startswith("# "):
        return cnncalc.loads(text)
    shape, _, code = text.partition("\n")
    (folder / "net.py").write_text(f"{HEAD}\n\n{code}", "utf-8")
    return cnncalc.load(f"{folder}/net.py:Net", input=shape.removeprefix("# "))


def written(text: str, target: str, folder: Path) -> str:
    """What is written of a network, and what is said of it."""
    if target == "onnx13":
        return _older(text, folder)
    try:
        made = FORMATS[target].write(network(text, folder), WriteOptions(read=build))
    except SpecError as error:
        return "".join(map(_said, error.diagnostics))
    data = described(made.data) if isinstance(made.data, bytes) else made.data
    return data + "".join(map(_said, made.diagnostics))


def _older(text: str, folder: Path) -> str:
    """The lines of a model of the oldest operators that one of today's has not."""
    newer = set(written(text, "onnx", folder).splitlines()[1:])
    try:
        made = FORMATS["onnx"].write(cnncalc.loads(text), WriteOptions(opset=13))
    except SpecError as error:
        return "".join(map(_said, error.diagnostics))
    assert isinstance(made.data, bytes)
    return "".join(f"{line}\n" for line in described(made.data).splitlines() if line not in newer)


def _said(one: Diagnostic) -> str:
    line = getattr(one.span, "line", None)
    return f"{line or '-'}: {one.severity}: {one.message}\n" + (f"   = {one.help}\n" if one.help else "")


def keys() -> list[tuple[Any, ...]]:
    """The file of a record, and the heading in it."""
    return [(f"{group}-{target}", name) for group, (texts, targets) in WRITTEN.items()
            for target in targets for name in texts()]  # fmt: skip


def text_of(file: str, name: str) -> str:
    """The network of a record."""
    return WRITTEN[file.partition("-")[0]][0]()[name]
