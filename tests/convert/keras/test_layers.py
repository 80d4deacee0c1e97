"""Single layers of Keras, of generated configurations: shape, parameters and products are Keras's (record_layers.py)."""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import Any

import pytest

import cnncalc

CASES = [json.loads(line) for line in (Path(__file__).parent / "layers.jsonl").read_text().splitlines()]
KINDS = sorted({case[1][-1][0] for case in CASES})


def described(shapes: list[list[int]], chain: list[Any]) -> dict[str, Any]:
    """A model of inputs and a chain of layers, the first of which is called on all inputs."""
    entries = [f"x{number}" for number in range(len(shapes))]
    made = [
        {"class_name": "InputLayer", "name": name, "config": {"name": name, "batch_shape": [None, *shape]}, "inbound_nodes": []}
        for name, shape in zip(entries, shapes, strict=True)
    ]  # fmt: skip
    reads = entries
    for number, (kind, config) in enumerate(chain):
        name = f"made{number}"
        made.append({"class_name": kind, "name": name, "config": {**config, "name": name},
                     "inbound_nodes": [[[one, 0, 0, {}] for one in reads]]})  # fmt: skip
        reads = [name]
    ends = {"input_layers": [[name, 0, 0] for name in entries], "output_layers": [[reads[0], 0, 0]]}
    return {"class_name": "Functional", "config": {"name": "one", "layers": made, **ends}}


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_is_what_keras_makes_of_it(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    for shapes, chain, output, learned, others, macs in CASES:
        if chain[-1][0] != kind:
            continue
        path.write_text(json.dumps(described(shapes, chain)))
        network = cnncalc.load(path)
        totals = cnncalc.analyze(network).totals
        shape = network.nodes[network.outputs[0].node].output
        assert shape is not None
        first = any(config.get("data_format") == "channels_first" for _, config in chain)
        shown = list(shape) if first or len(shape) < 2 else [*shape[1:], shape[0]]
        assert (shown, totals.params, totals.buffers) == (output, learned, others), (shapes, chain)
        if macs is not None:
            assert totals.macs == macs, (shapes, chain)
        assert prod(shape) == prod(output)
