"""ONNX Runtime runs the models that are written, on two samples: each gives outputs of the shapes that are said.

Every kind of layer, every bundled example that a laptop runs, and 300 generated networks, which are read again, too.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")

import numpy  # noqa: E402

import cnncalc  # noqa: E402
from cnncalc.network import Network  # noqa: E402
from convert.out.onnx.test_models import ALL, EXAMPLES, assert_equal  # noqa: E402

from .generator import program  # noqa: E402
from .printer import Printer  # noqa: E402

FACTOR = int(os.environ.get("CNNCALC_ORACLE_FACTOR", "1"))
NETWORKS, CHUNK = 300 * FACTOR, 50
#: Multiply-accumulates of what is run; sound ones among the generated networks, and versions of operators in turn.
MOST_MACS, SOUND_AT_LEAST, OPSETS = 10**9, 0.9, (13, 17, 18, 21)
runtime.set_default_logger_severity(3)


def run(network: Network, data: bytes) -> None:
    """Runs a model on two samples of random numbers, words by number 0 or 1."""
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    random, feeds = numpy.random.default_rng(0), dict[str, Any]()
    for one in session.get_inputs():
        shape = [2 if isinstance(size, str) else size for size in one.shape]
        whole = one.type == "tensor(int64)"
        feeds[one.name] = random.integers(0, 2, shape) if whole else random.random(shape, numpy.float32)
    made = [one.shape for one in session.run(None, feeds)]
    assert made == [(2, *(network.nodes[port.node].output or ())) for port in network.outputs if not port.train]


@pytest.mark.parametrize("row", ALL)
def test_every_kind(row: str) -> None:
    network = cnncalc.loads(ALL[row])
    run(network, network.to_onnx())
    run(network, network.to_onnx(weights="none"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    network = cnncalc.load(path)
    if cnncalc.analyze(network).totals.macs > MOST_MACS:
        pytest.skip("it takes long")
    run(network, network.to_onnx())


@pytest.mark.parametrize("start", range(0, NETWORKS, CHUNK))
def test_generated_networks(start: int, tmp_path: Path) -> None:
    sound = 0
    for seed in range(start, start + CHUNK):
        try:
            network = cnncalc.loads(Printer(program(seed), {}, Random(seed)).text())
        except cnncalc.SpecError:
            continue
        sound += 1
        data = network.to_onnx(opset=OPSETS[seed % len(OPSETS)], seed=seed)
        onnx.checker.check_model(data, full_check=True)
        run(network, data)
        (tmp_path / "net.onnx").write_bytes(data)
        assert_equal(network, cnncalc.load(tmp_path / "net.onnx"))
    assert sound >= SOUND_AT_LEAST * CHUNK


def test_a_stub_is_refused() -> None:
    network = cnncalc.loads("input 3x8x8\nop Warp shape=3x4x4\nrelu\n")
    with pytest.raises(Exception, match="Warp"):
        run(network, network.to_onnx(partial=True))
