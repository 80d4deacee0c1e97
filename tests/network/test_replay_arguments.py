"""Arguments that cannot be, inputs that nothing reads: what a replay, a trial and an assembly say of them."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.diagnostics import Source
from cnncalc.layers import LayerError
from cnncalc.network.accepted import SizeRange, accepted, fitting
from cnncalc.network.assembler import Assembler
from cnncalc.network.replay import replay
from helpers import network


def test_arguments_that_do_not_go_together_are_refused() -> None:
    made = network("input 4x8x8\nu = upconv 4 4 stride=2 pad=same")
    with pytest.raises(LayerError, match="outpad goes with a pad in numbers"):
        replay(made, arguments={"u": {"outpad": 1}})
    assert replay(made, arguments={"u": {"outpad": 1, "pad": 1}}).nodes[-1].output == (4, 17, 17)


@pytest.mark.parametrize(
    "text", ["x = input 4@9\ny = input 4@9\n@y | conv 4 5", "x = input 4@9\ny = input 4@9\n@x | conv 4 5"]
)
def test_an_input_that_nothing_reads_is_tried_with_the_others(text: str) -> None:
    (found,) = accepted(cnncalc.loads(text))
    assert (found.inputs, found.sizes) == (("x", "y"), (SizeRange(5, None),))


def test_an_input_that_nothing_uses_is_unused_wherever_it_stands() -> None:
    made = Assembler(Source("x", ""))
    first, second = (made.add_input(name, (4, 9), None) for name in ("a", "b"))
    assert [node.name for node in made.unused()] == ["a", "b"]
    made.use(second)
    assert [node.name for node in made.unused()] == ["a"]
    made.use(first)
    assert [*made.unused()] == []


def test_a_network_that_does_not_fit_is_tried_where_that_is_worth_a_statement() -> None:
    """A fifth of the trials that a sound one has: 96 at the least."""
    text = "input 4@9\nrepeat {}:\n    relu\nconv 4 11"
    most = 1_200_000 // (96 * 5) - 2
    assert [bool(fitting(network(text.format(count)))) for count in (most, most + 30)] == [True, False]
