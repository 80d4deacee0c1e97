"""The same network in ONNX, without weights: every learned tensor is an input of the graph, which has its shape.

As a script: twins.py FOLDER SPEC … writes NAME.onnx for every spec. Needs onnx, and the cnncalc of the checkout.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    TESTS = Path(__file__).resolve().parents[1]
    sys.path[:1] = [str(TESTS), str(TESTS.parent)]

from benchmarks.onnx_graph import Graph, NoTwin, Place
from benchmarks.onnx_rules import RULES
from cnncalc import load
from cnncalc.network import Network


def twin(network: Network) -> Any:
    """The ONNX model of `network`; tensor `n5` is the output of its node 5. Raises NoTwin."""
    graph = Graph()
    for node in network.nodes:
        assert node.output is not None
        if node.layer is None:
            graph.learned(f"n{node.position}", (1, *node.output))
        elif node.kind in RULES:
            RULES[node.kind](graph, Place(node, [network.nodes[index].output or () for index in node.inputs]))
        else:
            raise NoTwin(node.kind)
    ends = dict.fromkeys(port.node for port in network.outputs)
    return graph.model([(f"n{end}", 1 + len(network.nodes[end].output or ())) for end in ends])


def main(folder: Path, specs: list[Path]) -> None:
    """Writes what has a twin."""
    for spec in specs:
        with suppress(NoTwin):
            (folder / f"{spec.stem}.onnx").write_bytes(twin(load(spec)).SerializeToString())


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
