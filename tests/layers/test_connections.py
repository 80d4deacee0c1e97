"""Which pixels of input and output a convolution joins, counted one by one."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.layers import LayerError
from cnncalc.values import Pair, Size, Word
from layers.making import made, traits

SAME, CAUSAL = Word("same"), Word("causal")


def pairs(size: int, taps: int, stride: int, dilation: int, before: int, outputs: int) -> int:
    """Pairs of an output and an input pixel that a tap joins, counted one by one."""
    places = [i * stride + tap * dilation - before for i in range(outputs) for tap in range(taps)]
    return sum(0 <= place < size for place in places)


@pytest.mark.parametrize(
    ("given", "size"),
    [({"pad": 1}, 7), ({"pad": Pair(2, 0)}, 7), ({"pad": SAME}, 7), ({"dilation": 2, "pad": 2}, 7), ({"stride": 2}, 8)],
)
def test_connections_of_a_convolution_are_the_taps_off_the_padding(given: dict[str, Any], size: int) -> None:
    layer = made("conv", filters=5, kernel=3, **given)
    before = layer.steps((2, size))[0].before
    outputs = layer.output(((2, size),))[1]
    wanted = pairs(size, 3, given.get("stride", 1), given.get("dilation", 1), before, outputs)
    assert layer.connections(((2, size),)) == 10 * wanted
    assert layer.connections(((2, size, size),)) == 10 * wanted**2


@pytest.mark.parametrize(
    ("given", "before"),
    [({"stride": 2}, 0), ({"stride": 2, "pad": 1}, 1), ({"pad": Pair(0, 1)}, 0), ({"pad": Pair(2, 1)}, 2),
     ({"stride": 2, "pad": SAME}, 0), ({"pad": SAME}, 1), ({"dilation": 2, "pad": SAME}, 2), ({"dilation": 2, "pad": 1}, 1)],
)  # fmt: skip
def test_connections_of_a_transposed_convolution_are_those_of_what_it_transposes(
    given: dict[str, Any], before: int
) -> None:
    layer = made("upconv", filters=5, kernel=3, **given)
    outputs = layer.output(((2, 6),))[1]
    wanted = pairs(outputs, 3, given.get("stride", 1), given.get("dilation", 1), before, 6)
    assert layer.connections(((2, 6),)) == 10 * wanted


@pytest.mark.parametrize(
    ("given", "entering", "joins"),
    [
        # Of the convolution that is transposed: its input size, the pads, its output size.
        ({"kernel": 3, "stride": 2, "pad": Pair(1, 2)}, (2, 6), [(10, 1, 2, 6)]),
        ({"kernel": 4, "pad": SAME}, (2, 6), [(6, 1, 2, 6)]),
        ({"kernel": 5, "pad": SAME}, (2, 6), [(6, 2, 2, 6)]),
        ({"kernel": 3, "dilation": 2, "stride": 2, "pad": SAME}, (2, 6), [(12, 1, 2, 6)]),
        ({"kernel": 2, "stride": 2, "pad": SAME}, (2, 6), [(12, 0, 0, 6)]),
        ({"kernel": 2, "stride": 5, "pad": SAME}, (2, 6), [(30, 0, 0, 6)]),
        ({"kernel": Size((3, 2)), "stride": Size((1, 2)), "pad": Size((1, 0))}, (2, 6, 5), [(6, 1, 1, 6), (10, 0, 0, 5)]),
    ],
)  # fmt: skip
def test_a_transposed_convolution_joins_what_its_convolution_joins(
    given: dict[str, Any], entering: tuple[int, ...], joins: list[tuple[int, ...]]
) -> None:
    found = made("upconv", filters=5, **given).joins(entering)
    assert [(one.size, one.before, one.after, one.output) for one in found] == joins


def test_pixels_put_behind_a_transposed_convolution_are_joined_to_nothing() -> None:
    assert made("upconv", filters=5, kernel=3, outpad=2).connections(((2, 6),)) == 10 * 6 * 3


def test_windows_alone_say_what_does_not_fit_them() -> None:
    with pytest.raises(LayerError, match="a filter spans all 3 input channels"):
        made("conv", filters=8, kernel=Size((5, 5, 3))).windows((3, 32, 32))
    with pytest.raises(LayerError, match="needs spatial axes"):
        made("upconv", filters=8, kernel=3).formula(((10,),))


def test_an_output_is_blind_where_it_is_on_one_axis() -> None:
    assert "blind" in traits("localconv", (1, 4, 4), filters=1, kernel=2, pad=Size((0, 2)))
    assert "blind" not in traits("localconv", (1, 4, 4), filters=1, kernel=2, pad=Size((0, 1)))
