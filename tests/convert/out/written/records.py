"""What is written of networks, as it was recorded: a heading `### NAME` before each text of a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cnncalc
from cnncalc import SpecError
from cnncalc.convert.out.formats import FORMATS, WriteOptions
from cnncalc.diagnostics import Diagnostic
from cnncalc.interpret import build
from cnncalc.network import Network
from readme import ROOT

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


def of_stubs() -> dict[str, str]:
    """Those in which stubs stand in the place of what cannot be said."""
    return {name: text for name, text in (of_kinds() | of_networks()).items()
            if name.startswith("what has no") or "stride=2 outpad=3" in name}  # fmt: skip


def of_returns() -> dict[str, str]:
    """Modules that give more than a layer does."""
    return {name: text for name, text in of_sources().items() if "indices" in name or "no layer" in name}


def of_sources() -> dict[str, str]:
    """Modules of PyTorch."""
    return sections("sources.txt")


def of_graphs() -> dict[str, str]:
    """Those of the small networks in which a graph has more than the operators of its layers."""
    few = ("every odd", "what", "several", "heads", "stages", "shared", "channels", "one", "the input", "a merge",
           "pools with", "statistics")  # fmt: skip
    return {name: text for name, text in of_networks().items() if name.startswith(few)}


def of_examples() -> dict[str, str]:
    """Examples whose structures the others have not."""
    names = ("convnext_tiny crnn densenet121 efficientnet eegnet fcn8s googlenet hrnet_w18 inception_v3 mobilenet_v3 "
             "repvgg_a0 resnext50 ssd300 tcn unet vit_b_16 wavenet yolov3")  # fmt: skip
    return {name: (ROOT / "examples" / f"{name}.txt").read_text("utf-8") for name in names.split()}


#: Where the networks stand, and what they are written as: ONNX of the usual version and of older ones.
WRITTEN: dict[str, tuple[Callable[[], dict[str, str]], tuple[str, ...]]] = {
    "kinds": (of_kinds, ("spec", "torch", "keras", "onnx", "onnx13", "onnx17")),
    "networks": (of_networks, ("spec", "torch", "keras")),
    "returns": (of_returns, ("onnx",)),
    "stubs": (of_stubs, ("torch", "keras", "onnx")),
    "graphs": (of_graphs, ("onnx",)),
    "examples": (of_examples, ("spec", "torch")),
    "sources": (of_sources, ("spec", "torch", "keras")),
}


def network(text: str, folder: Path) -> Network:
    """The network of a spec; of code, whose first line says what enters its class Net: `# input 3x12x12`."""
    if not text.startswith("# input "):
        return cnncalc.loads(text)
    shape, _, code = text.partition("\n")
    (folder / "net.py").write_text(f"{HEAD}\n\n{code}", "utf-8")
    entering = shape.removeprefix("# input ")
    several = dict(word.split("=") for word in entering.split()) if "=" in entering else None
    return cnncalc.load(f"{folder}/net.py:Net", input=several or entering)


def written(text: str, target: str, folder: Path, partial: bool = False) -> str:
    """What is written of a network, where `partial` with stubs, and what is said of it."""
    if target not in FORMATS:
        return _older(text, int(target.removeprefix("onnx")), folder)
    try:
        made = FORMATS[target].write(network(text, folder), WriteOptions(read=build, partial=partial))
    except SpecError as error:
        return "".join(map(_said, error.diagnostics))
    data = described(made.data) if isinstance(made.data, bytes) else made.data
    return data + "".join(map(_said, made.diagnostics))


def _older(text: str, opset: int, folder: Path) -> str:
    """The lines of a model of older operators that one of today's has not."""
    newer = set(written(text, "onnx", folder).splitlines()[1:])
    try:
        made = FORMATS["onnx"].write(cnncalc.loads(text), WriteOptions(opset=opset))
    except SpecError as error:
        return "".join(map(_said, error.diagnostics))
    assert isinstance(made.data, bytes)
    return "".join(f"{line}\n" for line in described(made.data).splitlines() if line not in newer)


def _said(one: Diagnostic) -> str:
    line = getattr(one.span, "line", None)
    return f"{line or '-'}: {one.severity}: {one.message}\n" + (f"   = {one.help}\n" if one.help else "")


def parts(most: int = 12) -> list[tuple[str, tuple[str, ...]]]:
    """The files of records, each with the headings of some of them."""
    found = []
    for group, (texts, targets) in WRITTEN.items():
        names = tuple(texts())
        found += [(f"{group}-{target}", names[start : start + most])
                  for target in targets for start in range(0, len(names), most)]  # fmt: skip
    return found


def write(file: str, names: tuple[str, ...], folder: Path) -> dict[str, str]:
    """What is written today, by the headings."""
    group, _, target = file.partition("-")
    texts = WRITTEN[group][0]()
    return {name: written(texts[name], target, folder, group == "stubs") for name in names}
