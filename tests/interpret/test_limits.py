"""Where a run stops."""

import gc

from cnncalc.diagnostics import Source
from cnncalc.interpret.build import Spec


def test_the_limit_on_layers_stops_within_a_block():
    text = "input 1x8x8\nblock b:\n    conv 1 1 | relu | relu\nrepeat 10:\n    b\n"
    network = Spec(Source("model.txt", text), max_layers=8).network()
    assert len(network.nodes) == 1 + 8
    assert [one.code for one in network.diagnostics] == ["too-many-layers"]


def test_a_run_leaves_no_cycles_behind():
    """The command line runs without the collector: what a cycle holds would stay for good."""
    text = "input 1x8x8\nblock b(n):\n    conv n 1 -> 3x8x8\n    add:\n        - relu\n        - tanh\nrepeat 2:\n    b 2\n"
    gc.collect()
    gc.disable()
    try:
        network = Spec(Source("model.txt", text)).network()
        assert gc.collect() == 0
        assert len(network.nodes) == 9
    finally:
        gc.enable()
