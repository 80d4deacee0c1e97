"""Where a run stops."""

import gc

import pytest

from cnncalc.diagnostics import Source
from cnncalc.interpret.build import Spec
from cnncalc.interpret.interpreter import Interpreter
from helpers import fault


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


@pytest.mark.parametrize(
    ("body", "code", "rounds"),
    [
        ("conv 4 1", "too-many-layers", 1),
        ("let w = 2", "too-many-steps", 1),
        ("if k == 2:\n        relu", "too-many-steps", 1),
    ],
)
def test_rounds_without_end_are_told_after_the_first(monkeypatch, body, code, rounds):
    run, levels = Interpreter.run, []
    monkeypatch.setattr(
        Interpreter, "run", lambda self, *given, **level: levels.append(level) or run(self, *given, **level)
    )
    one = fault(f"input 3x8x8\nrepeat 10**12 as k:\n    {body}\n")
    assert (one.code, one.span.line) == (code, 2)
    assert len([level for level in levels if "rounds" in level]) == rounds


def test_sizes_are_not_listed_to_be_tried():
    """Sixteen digits of them do not fit into memory, fifty not even into a range's length."""
    for size in (10**9, 10**16, 3 * 10**51):
        assert "has no axis L" in fault(f"input 3x{size}x32\nmean L\n").message
