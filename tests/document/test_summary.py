"""The lines above and below the rows."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from cnncalc.deployment import Dtypes
from cnncalc.document import summary
from document.fakes import Port, Row, lenet, residual


def test_the_title_is_the_models_name_or_its_files():
    assert summary.title(lenet()) == "LeNet-5"
    assert summary.title(replace(lenet(), model=None)) == "model.txt"


@pytest.mark.parametrize(
    ("ports", "more", "text"),
    [
        ([Port("input", (1, 32, 32))], {}, "input 1×32×32"),
        ([Port("input", (1, 32, 32))], {"batch": 1_024}, "input 1×32×32   batch 1,024"),
        ([Port("a", (3, 8, 6)), Port("b", None)], {}, "inputs a 3×8×6, b ?"),
        ([Port("a", (3, 8, 6)), Port("b", (7,))], {"layout": "hwc", "batch": 2}, "inputs a 8×6×3, b 7   channels last   batch 2"),
        ([], {}, ""),
        ([], {"batch": 2}, "batch 2"),
    ],
)  # fmt: skip
def test_the_inputs(ports, more, text):
    analysis = replace(lenet(), inputs=ports, **more)
    assert summary.inputs(analysis, analysis.layout) == text


def one(**numbers):
    return replace(lenet(), layers=[Row("fc1", "fc 1", (1,), **numbers)])


@pytest.mark.parametrize(
    ("analysis", "texts"),
    [
        (one(params=1, macs=1), ["1 parameter (4 bytes in fp32)", "1 MAC", "2 FLOPs (2 a MAC)"]),
        (
            replace(one(params=1024, macs=0, buffers=1), dtypes=Dtypes("bf16", "fp32", "bf16")),
            ["1,024 parameters (2 KiB in bf16)", "1 buffer element", "0 MACs", "0 FLOPs (2 a MAC)"],
        ),
        (one(params=2, macs=None, buffers=3), ["2 parameters (8 bytes in fp32)", "3 buffer elements", "MACs unknown", "FLOPs unknown"]),
        (
            replace(one(params=3, macs=0), dtypes=Dtypes("int8", "fp32", "int32"), execution=SimpleNamespace(way="fused")),
            ["3 parameters (3 bytes in int8, biases int32, fused)", "0 MACs", "0 FLOPs (2 a MAC)"],
        ),
        (one(params=None, macs=3), ["parameters unknown", "3 MACs", "6 FLOPs (2 a MAC)"]),
        (
            replace(lenet(), layers=[Row("a", "fc 1", (1,), params=5, macs=2), Row("b", "fc 1", (1,), params=None, macs=None)]),
            ["at least 5 parameters", "at least 2 MACs", "at least 4 FLOPs (2 a MAC)"],
        ),
        (one(params=None, macs=None, buffers=3), ["no totals: not everything could be worked out"]),
    ],
)  # fmt: skip
def test_the_totals(analysis, texts):
    assert summary.totals(analysis) == texts


def test_heads_for_training_only():
    assert summary.train_heads(lenet()) is None
    analysis = residual()
    with_them = sum(row.params for row in analysis.layers)
    assert summary.train_heads(analysis) == f"besides, 75 parameters in the train head aux: {with_them:,} with them"
    analysis.outputs.append(Port("aux2", (5,), train=True))
    assert "in the train heads aux and aux2: " in summary.train_heads(analysis)
    analysis.layers[-2].params = None
    assert summary.train_heads(analysis) == "besides, parameters in the train heads aux and aux2"
    analysis.layers[-1].params = None
    assert summary.train_heads(analysis) == "besides, parameters in the train heads aux and aux2"
