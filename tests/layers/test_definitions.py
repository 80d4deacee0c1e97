"""Layers without windows, by hand: dense ones, norms, activations, merges, and those that move values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cnncalc.layers.reach import Resample, Taps, Whole
from cnncalc.layers.result import Quantities, named
from cnncalc.values import Pair, Size, Word
from layers.making import made, measures, refusal, traits

Shape = tuple[int, ...]

#: Kind, arguments, input; output, learned tensors, running statistics, MACs.
TABLE: list[tuple[str, dict[str, Any], Shape, Shape, dict[str, Shape], int, int]] = [
    ("fc", {"units": 10}, (5,), (10,), {"weight": (10, 5), "bias": (10,)}, 0, 50),
    ("fc", {"units": 10, "bias": False}, (5, 1, 1), (10,), {"weight": (10, 5)}, 0, 50),
    ("attention", {"heads": 4}, (8, 10), (8, 10), {"weight": (4, 8, 8), "bias": (4, 8)}, 0, 4 * 64 * 10 + 2 * 8 * 100),
    ("attention", {"heads": 1, "bias": False}, (8, 10), (8, 10), {"weight": (4, 8, 8)}, 0, 4160),
    ("scale", {}, (6, 4), (6, 4), {"weight": (6,)}, 0, 0),
    ("scale", {"bias": True}, (6, 4), (6, 4), {"weight": (6,), "bias": (6,)}, 0, 0),
    ("bn", {}, (6, 4, 4), (6, 4, 4), {"weight": (6,), "bias": (6,)}, 12, 0),
    ("bn", {"bias": False}, (6,), (6,), {"weight": (6,)}, 12, 0),
    ("bn", {"affine": False}, (6, 4, 4), (6, 4, 4), {}, 12, 0),
    ("ln", {}, (6, 4), (6, 4), {"weight": (6,), "bias": (6,)}, 0, 0),
    ("in", {}, (6, 4), (6, 4), {"weight": (6,), "bias": (6,)}, 0, 0),
    ("gn", {"groups": 3, "bias": False}, (6, 4), (6, 4), {"weight": (6,)}, 0, 0),
    ("lrn", {"size": 5}, (6, 4), (6, 4), {}, 0, 0),
    ("prelu", {}, (6, 4), (6, 4), {"weight": (6,)}, 0, 0),
    ("prelu", {"shared": True}, (6, 4), (6, 4), {"weight": (1,)}, 0, 0),
    ("glu", {}, (6, 4, 5), (3, 4, 5), {}, 0, 0),
    ("flatten", {}, (6, 4, 5), (120,), {}, 0, 0),
    ("reshape", {"shape": Size((8, None))}, (6, 4, 5), (8, 15), {}, 0, 0),
    ("reshape", {"shape": Size((2, 3, 4, 5))}, (120,), (2, 3, 4, 5), {}, 0, 0),
    ("reshape", {"shape": Size((None,))}, (6, 4), (24,), {}, 0, 0),
    ("tokens", {}, (6, 4, 5), (6, 20), {}, 0, 0),
    ("tokens", {}, (6, 2, 4, 5), (6, 40), {}, 0, 0),
    ("shuffle", {"groups": 3}, (6, 4), (6, 4), {}, 0, 0),
    ("take", {"range": Pair(1, 4)}, (6, 4, 5), (3, 4, 5), {}, 0, 0),
    ("take", {"range": Pair(0, 6)}, (6, 4, 5), (6, 4, 5), {}, 0, 0),
    ("take", {"range": Pair(1, 5), "axis": Word("W")}, (6, 4, 5), (6, 4, 4), {}, 0, 0),
    ("take", {"range": Pair(1, 2), "axis": Word("D")}, (6, 3, 4, 5), (6, 1, 4, 5), {}, 0, 0),
    ("take", {"range": Pair(2, 3)}, (6,), (1,), {}, 0, 0),
    ("mean", {"axis": Word("L")}, (6, 4), (6, 1), {}, 0, 0),
    ("mean", {"axis": Word("C")}, (6, 4, 5), (1, 4, 5), {}, 0, 0),
    ("max", {"axis": Word("H")}, (6, 3, 4, 5), (6, 3, 1, 5), {}, 0, 0),
    ("pad", {"amount": 1}, (6, 4), (6, 6), {}, 0, 0),
    ("pad", {"amount": Size((Pair(1, 2), 0))}, (6, 4, 5), (6, 7, 5), {}, 0, 0),
    ("pad", {"amount": Pair(-1, -2)}, (6, 4), (6, 1), {}, 0, 0),
    ("pad", {"amount": Pair(-4, 3)}, (6, 4), (6, 3), {}, 0, 0),
    ("pad", {"amount": Pair(3, -4)}, (6, 4), (6, 3), {}, 0, 0),
    ("pad", {"amount": Size((0, -2))}, (6, 4, 5), (6, 4, 1), {}, 0, 0),
    ("crop", {"size": 3}, (6, 4, 5), (6, 3, 3), {}, 0, 0),
    ("crop", {"size": Size((4, 2))}, (6, 4, 5), (6, 4, 2), {}, 0, 0),
    ("crop", {"like": (9, 2, 3)}, (6, 4, 5), (6, 2, 3), {}, 0, 0),
    ("resize", {"factor": 2}, (6, 4, 5), (6, 8, 10), {}, 0, 0),
    ("resize", {"factor": Fraction(3, 2)}, (6, 5), (6, 7), {}, 0, 0),
    ("resize", {"factor": Size((1, Fraction(1, 5)))}, (6, 4, 5), (6, 4, 1), {}, 0, 0),
    ("resize", {"to": Size((3, 9))}, (6, 4, 5), (6, 3, 9), {}, 0, 0),
    ("resize", {"to": 3}, (6, 4, 5), (6, 3, 3), {}, 0, 0),
    ("resize", {"like": (1, 7, 8)}, (6, 4, 5), (6, 7, 8), {}, 0, 0),
    ("pixelshuffle", {"factor": 2}, (8, 4, 5), (2, 8, 10), {}, 0, 0),
    ("pixelshuffle", {"factor": 3}, (9, 4, 5), (1, 12, 15), {}, 0, 0),
    ("pixelunshuffle", {"factor": 3}, (2, 6, 9), (18, 2, 3), {}, 0, 0),
    ("concat", {}, (6, 4), (6, 4), {}, 0, 0),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "entering", "leaving", "tensors", "buffers", "macs"), TABLE)
def test_a_layer_by_its_definition(
    kind: str,
    given: dict[str, Any],
    entering: Shape,
    leaving: Shape,
    tensors: dict[str, Shape],
    buffers: int,
    macs: int,
) -> None:
    layer = made(kind, **given)
    result = layer.result((entering,))
    assert result.output == leaving
    assert dict(layer.weights((entering,), leaving)) == tensors
    assert (result.buffers, result.macs) == (buffers, macs)


def test_a_learned_tensor_starts_a_line() -> None:
    layer = made("learned", shape=Size((192, 3)))
    result = layer.result(())
    assert (result.output, result.params, type(result.output)) == ((192, 3), 576, tuple)
    assert layer.quantities((), (192, 3)).values == {"I": 0, "O": 576, "params": 576}
    assert layer.quantities((), (192, 3)).traits == frozenset()
    assert refusal("learned", shape=Size((192, None))).argument == "shape"


#: Kind, arguments, inputs; the measures beside I, O and params, and the traits beside the rank.
FACTS: list[tuple[str, dict[str, Any], tuple[Shape, ...], dict[str, int], set[str]]] = [
    ("relu", {}, ((6, 4, 5),), {"rows": 20}, set()),
    ("softmax", {}, ((6,),), {"rows": 1}, set()),
    ("dropout", {}, ((6, 4),), {}, set()),
    ("bn", {}, ((6, 4, 5),), {"rows": 20}, {"affine"}),
    ("bn", {"affine": False}, ((6, 4, 5),), {"rows": 20}, set()),
    ("lrn", {"size": 5}, ((6, 4, 5),), {"padded": 10 * 20}, set()),
    ("fc", {"units": 10}, ((5,),), {"M": 50, "B": 10}, {"bias"}),
    ("fc", {"units": 10, "bias": False}, ((5,),), {"M": 50, "B": 0}, set()),
    ("scale", {}, ((6, 4),), {"B": 0}, set()),
    ("scale", {"bias": True}, ((6, 4),), {"B": 24}, {"bias"}),
    ("attention", {"heads": 2}, ((8, 10),),
     {"products": 4160, "dots": 5 * 80 + 200, "C·L²": 800, "heads·L²": 200, "B": 320}, {"bias"}),
    ("attention", {"heads": 2, "bias": False}, ((8, 10),),
     {"products": 4160, "dots": 600, "C·L²": 800, "heads·L²": 200, "B": 0}, set()),
    ("add", {}, ((6, 4), (6, 4), (6, 4)), {"O·(n−1)": 48}, set()),
    ("mul", {}, ((6, 4), (6, 1)), {"O·(n−1)": 24}, set()),
    ("mul", {}, ((6, 4), (6, 1), (6, 4)), {"O·(n−1)": 48}, {"stretched"}),
    ("concat", {}, ((6, 4), (2, 4)), {}, set()),
    ("mean", {"axis": Word("L")}, ((6, 4),), {"O·k": 24}, set()),
    ("resize", {"factor": 2}, ((6, 4, 5),), {}, {"nearest", "whole"}),
    ("resize", {"factor": 2, "mode": Word("bilinear")}, ((6, 4, 5),), {}, {"bilinear", "whole"}),
    ("resize", {"factor": Fraction(3, 2)}, ((6, 5),), {}, {"nearest"}),
    ("resize", {"factor": Fraction(3, 2)}, ((6, 4),), {}, {"nearest", "whole"}),
    ("resize", {"factor": Size((2, 3))}, ((6, 4, 5),), {}, {"nearest", "whole", "factors"}),
    ("resize", {"factor": Size((2, Fraction(3, 2)))}, ((6, 4, 4),), {}, {"nearest", "factors"}),
    ("resize", {"factor": Size((2, Fraction(3, 2)))}, ((6, 4, 5),), {}, {"nearest", "factors"}),
    ("resize", {"to": 7}, ((6, 4, 5),), {}, {"nearest", "whole"}),
    ("flatten", {}, ((6, 4, 5),), {}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "inputs", "values", "found"), FACTS)
def test_what_a_layer_computes(
    kind: str, given: dict[str, Any], inputs: tuple[Shape, ...], values: dict[str, int], found: set[str]
) -> None:
    assert measures(kind, *inputs, **given) == values
    assert traits(kind, *inputs, **given) == found


def test_what_all_layers_measure() -> None:
    """Elements of all inputs, elements out, learned numbers, and the rank."""
    layer = made("concat")
    measured = layer.quantities(((6, 4, 5), (2, 4, 5)), (8, 4, 5))
    assert (measured.values, measured.traits) == ({"I": 160, "O": 160, "params": 0}, frozenset({"2-D"}))
    layer = made("fc", units=10)
    assert layer.quantities(((5,),), (10,)).values == {"I": 5, "O": 10, "params": 60, "M": 50, "B": 10}
    assert made("relu").quantities(((5, 3),), (5, 3)).traits == {"1-D"}


def test_traits_that_hold_by_name() -> None:
    assert named(bias=True, same=False, groups=1, equal=0) == ("bias", "groups")
    assert Quantities({"O": 1}).traits == ()


#: Kind, arguments, input, what an output reads along each axis.
STEPS: list[tuple[str, dict[str, Any], Shape, tuple[Any, ...]]] = [
    ("relu", {}, (6, 4, 5), (Taps(4), Taps(5))),
    ("pad", {"amount": Size((Pair(1, 2), 3))}, (6, 4, 5), (Taps(4, before=1), Taps(5, before=3))),
    ("crop", {"size": 3}, (6, 7, 8), (Taps(7, before=-2), Taps(8, before=-2))),
    ("crop", {"like": (1, 4)}, (6, 4), (Taps(4),)),
    ("resize", {"factor": 2}, (6, 4), (Resample(4, Fraction(1, 2), 1),)),
    ("resize", {"factor": Fraction(3, 2), "mode": Word("bilinear")}, (6, 5), (Resample(5, Fraction(2, 3), 2),)),
    ("resize", {"to": Size((8, 2))}, (6, 4, 5), (Resample(4, Fraction(1, 2), 1), Resample(5, Fraction(5, 2), 1))),
    ("pixelshuffle", {"factor": 2}, (8, 4, 5), (Resample(4, Fraction(1, 2), 1), Resample(5, Fraction(1, 2), 1))),
    ("pixelunshuffle", {"factor": 2}, (8, 4, 6), (Taps(4, 2, 2), Taps(6, 2, 2))),
    ("take", {"range": Pair(2, 3), "axis": Word("H")}, (6, 4, 5), (Taps(4, before=-2), Taps(5))),
    ("take", {"range": Pair(2, 3), "axis": Word("W")}, (6, 4, 5), (Taps(4), Taps(5, before=-2))),
    ("take", {"range": Pair(2, 3)}, (6, 4, 5), (Taps(4), Taps(5))),
    ("mean", {"axis": Word("W")}, (6, 4, 5), (Taps(4), Whole(5))),
    ("mean", {"axis": Word("H")}, (6, 4, 5), (Whole(4), Taps(5))),
    ("mean", {"axis": Word("C")}, (6, 4, 5), (Taps(4), Taps(5))),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "entering", "steps"), STEPS)
def test_what_an_output_reads(kind: str, given: dict[str, Any], entering: Shape, steps: tuple[Any, ...]) -> None:
    assert made(kind, **given).steps(entering) == steps
