"""The chains: as long as they say, all that they say, and read alike by cnncalc and by the bare loop."""

import subprocess
import sys

import pytest

import cnncalc
from benchmarks import chains
from benchmarks.bench import HERE


@pytest.mark.parametrize("chain", [chains.five, chains.distinct, chains.block])
def test_the_bare_loop_and_cnncalc_agree(chain, tmp_path):
    file = chains.flat(tmp_path, chain, 123)
    printed = subprocess.run([sys.executable, HERE / "bare_loop.py", file], capture_output=True, text=True, check=True)
    rows = [line.split() for line in printed.stdout.splitlines()]
    layers = cnncalc.analyze(cnncalc.load(file)).layers
    assert len(layers) == 123
    assert [(kind, shape, int(params)) for _, kind, shape, params in rows] == [
        (layer.kind, "x".join(map(str, layer.output)), layer.params) for layer in layers
    ]


def test_how_many_lines_differ():
    assert len(set(chains.five(1_000))) == 5
    assert len(set(chains.distinct(10_000))) == 10_000


def test_nothing_is_said_of_them(tmp_path):
    """A warning a layer would be time that no other network takes."""
    assert cnncalc.load(chains.flat(tmp_path, chains.distinct, 1_000)).diagnostics == ()


def test_a_repeat_is_the_chain_that_it_stands_for(tmp_path):
    """Layer by layer."""
    repeated = cnncalc.load(chains.repeated(tmp_path, 30))
    written = cnncalc.load(chains.flat(tmp_path, chains.block, 120))
    assert [(node.kind, node.output) for node in repeated.nodes] == [(node.kind, node.output) for node in written.nodes]
