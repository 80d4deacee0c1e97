"""A spec as PyTorch, Keras and ONNX, read again by the readers of these formats: the same numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.convert.out.formats import FORMATS, WriteOptions
from cnncalc.interpret.specification import specification
from cnncalc.network import Network
from cnncalc.values import times
from readme import ROOT

EXAMPLES = [path for path in sorted((ROOT / "examples").glob("*.txt"))
            if not specification(cnncalc.load(path)).library]  # fmt: skip
#: Where Keras keeps less than there is, and says so: the last sum of WaveNet, which nothing reads.
LESS = {("wavenet", "keras"): ("unread-left-out", 1_515_968 - 33 * 32)}


def numbers(network: Network) -> tuple[object, ...]:
    """Parameters, buffers, MACs and the shapes of outputs, in whatever order."""
    totals = cnncalc.analyze(network).totals
    shapes = sorted(str(network.nodes[port.node].output) for port in network.outputs if not port.train)
    return totals.params, totals.buffers, totals.macs, shapes


def read_back(network: Network, target: str, folder: Path) -> tuple[Network, set[str]]:
    """The network as a file of a format, read, and the codes of what writing it said."""
    written = FORMATS[target].write(network, WriteOptions(weights=False))
    path = folder / f"net{FORMATS[target].suffixes[0]}"
    path.write_bytes(written.data if isinstance(written.data, bytes) else written.data.encode())
    name, shapes = str(path), None
    if target == "torch":
        name += ":" + str(written.data).rpartition("\nclass ")[2].partition("(")[0]
        shapes = {str(number): times(node.output or (), "@" if len(node.output or ()) == 2 else "x")
                  for number, node in enumerate(network.inputs)}  # fmt: skip
        shapes = shapes if len(shapes) > 1 else shapes["0"]
    return cnncalc.load(name, input=shapes), {one.code for one in written.diagnostics}


@pytest.mark.parametrize("target", ["torch", "keras", "onnx"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path, target: str, tmp_path: Path) -> None:
    if target == "onnx":
        pytest.importorskip("onnx")
    network = cnncalc.load(path)
    found, said = read_back(network, target, tmp_path)
    less = LESS.get((path.stem, target))
    if less is None:
        assert numbers(found) == numbers(network)
    else:
        assert less[0] in said
        assert numbers(found)[0] == less[1]
