"""Where a run stops."""

from cnncalc.diagnostics import Source
from cnncalc.interpret.build import Spec


def test_the_limit_on_layers_stops_within_a_block():
    text = "input 1x8x8\nblock b:\n    conv 1 1 | relu | relu\nrepeat 10:\n    b\n"
    network = Spec(Source("model.txt", text), max_layers=8).network()
    assert len(network.nodes) == 1 + 8
    assert [one.code for one in network.diagnostics] == ["too-many-layers"]
