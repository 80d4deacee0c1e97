"""Keras runs the source that is written: outputs of the shapes that are said, and as many weights as are counted.

Every kind of layer, every bundled example, and generated networks. Needs Keras 3 with PyTorch: KERAS_BACKEND=torch.
"""

from __future__ import annotations

import os
from math import prod
from pathlib import Path
from random import Random
from typing import Any

import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras")

import numpy  # noqa: E402

import cnncalc  # noqa: E402
from cnncalc.network import Network  # noqa: E402
from convert.out.keras.test_source import EXAMPLES, SAID  # noqa: E402
from convert.out.written.records import network as recorded  # noqa: E402
from convert.out.written.records import of_networks, of_sources  # noqa: E402

from .generator import program  # noqa: E402
from .printer import Printer  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

FACTOR = int(os.environ.get("CNNCALC_ORACLE_FACTOR", "1"))
#: What Keras has no room for is not run.
RECORDED = {name: text for name, text in (of_networks() | of_sources()).items() if not name.startswith("what is ")}
NETWORKS, CHUNK = 300 * FACTOR, 50
#: Multiply-accumulates of what is run; networks that Keras can say.
MOST_MACS, SAID_AT_LEAST = 3 * 10**8, 0.9


def made(network: Network) -> Any:
    """The model that the function of the source makes."""
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(network.to_keras_source(), "written.py", "exec"), space)
    keras.backend.clear_session()
    (name,) = [name for name, value in space.items() if getattr(value, "__annotations__", {}).get("return")]
    return space[name]()


def unread(network: Network) -> set[int]:
    """The nodes that no output hangs on, which Keras has not."""
    wanted = {port.node for port in network.outputs if not port.train}
    for node in reversed(network.nodes):
        wanted |= set(node.inputs) if node.position in wanted else set()
    return {node.position for node in network.nodes} - wanted


def check(network: Network) -> None:
    model = made(network)
    totals = cnncalc.analyze(network).totals
    shapes = [network.nodes[port.node].output or () for port in network.outputs if not port.train]
    wanted = [(*shape[1:], shape[0]) for shape in shapes]
    assert [tuple(one.shape[1:]) for one in model.outputs] == wanted
    if not unread(network):
        weights = [prod(one.shape) for one in model.trainable_weights]
        statistics = [prod(one.shape) for one in model.non_trainable_weights if "seed" not in one.name]
        assert (sum(weights), sum(statistics)) == (totals.params, totals.buffers)
    if totals.macs < MOST_MACS:
        random = numpy.random.default_rng(0)
        feeds = [random.integers(0, 2, (2, *one.shape[1:])) if "int" in str(one.dtype)
                 else random.random((2, *one.shape[1:]), numpy.float32) for one in model.inputs]  # fmt: skip
        found = model(feeds[0] if len(feeds) == 1 else feeds)
        found = found if isinstance(found, list | tuple) else [found]
        assert [tuple(one.shape) for one in found] == [(2, *shape) for shape in wanted]


@pytest.mark.parametrize("row", SAID)
def test_every_kind(row: str) -> None:
    check(cnncalc.loads(SAID[row]))


@pytest.mark.parametrize("name", RECORDED)
def test_what_is_recorded(name: str, tmp_path: Path) -> None:
    """The networks of tests/convert/out/written, but for those that Keras has no layers for."""
    found = recorded(RECORDED[name], tmp_path)
    try:
        found.to_keras_source()
    except cnncalc.SpecError:
        return
    check(found)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    check(cnncalc.load(path))


@pytest.mark.parametrize("start", range(0, NETWORKS, CHUNK))
def test_generated_networks(start: int) -> None:
    said = 0
    for seed in range(start, start + CHUNK):
        try:
            network = cnncalc.loads(Printer(program(seed), {}, Random(seed)).text())
            network.to_keras_source()
        except cnncalc.SpecError:
            continue
        said += 1
        check(network)
    assert said >= SAID_AT_LEAST * CHUNK
