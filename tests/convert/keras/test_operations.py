"""Operations of keras.ops where layers stand: of descriptions that Keras wrote, the shapes that it gives (operations.jsonl, by
record_operations.py).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cnncalc

CASES = {
    row[0]: row[1:] for row in map(json.loads, (Path(__file__).parent / "operations.jsonl").read_text().splitlines())
}
#: What is a layer of ours.
KINDS = {
    "mean all": ["gavgpool", "flatten"], "mean keep": ["gavgpool"], "max all": ["gmaxpool", "flatten"], "mean all first": ["conv", "op"],
    "mean channels": ["op"], "relu": ["relu"], "leaky": ["leakyrelu"], "hard silu": ["hardswish"], "hard sigmoid": ["hardsigmoid"], "softsign": ["op"],
    "log softmax": ["logsoftmax"], "softmax": ["softmax"], "add": ["add"], "subtract": ["relu", "sub"], "multiply": ["mul"], "divide": ["op"], "number": ["op"],
    "maximum": ["op", "maximum"], "concatenate": ["concat"], "flat": ["flatten"], "reshape": ["reshape"], "resize": ["resize"], "gate": ["gavgpool", "mul"],
    "matmul": ["op", "op"], "layer behind": ["gavgpool", "flatten", "fc"],
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_what_keras_makes_of_it(what: str, tmp_path: Path) -> None:
    model, shapes = CASES[what]
    (tmp_path / "model.json").write_text(json.dumps(model))
    network = cnncalc.load(tmp_path / "model.json")
    assert network.diagnostics == ()
    outputs = [network.nodes[port.node].output or () for port in network.outputs]
    first = what.endswith(" first")
    assert [list(shape) if first or len(shape) < 2 else [*shape[1:], shape[0]] for shape in outputs] == shapes
    totals = cnncalc.analyze(network).totals
    learned = {"layer behind": (15, 12)}.get(what, (16, 16 * 48) if first else (0, 0))
    products = {"matmul": 6 * 8 * 8 * 4, "matmul first": 16 * 48 + 4 * 6 * 6 * 8}.get(what, learned[1])
    assert (totals.params, totals.macs, totals.buffers) == (learned[0], products, 0)
    if what in KINDS:
        assert [node.kind for node in network.layers] == KINDS[what]
