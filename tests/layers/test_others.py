"""Layers without windows, by hand: dense ones, norms, activations, merges, and those that move values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cnncalc.layers import KINDS, MergeError
from cnncalc.layers.measures import Facts, named
from cnncalc.layers.reach import Resample, Taps, Whole
from cnncalc.values import Pair, Size, Word
from layers.making import made, measures, refusal, remarks, said, traits

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
    assert layer.measures((), (192, 3)).values == {"I": 0, "O": 576, "params": 576}
    assert layer.measures((), (192, 3)).traits == frozenset()
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
    measured = layer.measures(((6, 4, 5), (2, 4, 5)), (8, 4, 5))
    assert (measured.values, measured.traits) == ({"I": 160, "O": 160, "params": 0}, frozenset({"2-D"}))
    layer = made("fc", units=10)
    assert layer.measures(((5,),), (10,)).values == {"I": 5, "O": 10, "params": 60, "M": 50, "B": 10}
    assert made("relu").measures(((5, 3),), (5, 3)).traits == {"1-D"}


def test_traits_that_hold_by_name() -> None:
    assert named(bias=True, same=False, groups=1, equal=0) == ("bias", "groups")
    assert Facts({"O": 1}).traits == ()


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


#: Kind, arguments, inputs; the argument at fault, and words of the message.
REFUSED: list[tuple[str, dict[str, Any], tuple[Shape, ...], str | None, str]] = [
    ("fc", {"units": 10}, ((5, 2, 1),), None, "fc takes a vector or Cx1x1, not 5x2x1"),
    ("fc", {"units": 10}, ((5, 2),), None, "fc takes a vector or Cx1, not 5x2"),
    ("attention", {"heads": 2}, ((8, 4, 4),), None, "attention takes a sequence CxL"),
    ("attention", {"heads": 2}, ((8,),), None, "attention takes a sequence CxL"),
    ("attention", {"heads": 3}, ((8, 4),), "heads", "heads=3 does not divide the 8 channels"),
    ("gn", {"groups": 4}, ((6, 4),), "groups", "groups=4 does not divide the 6 channels"),
    ("shuffle", {"groups": 4}, ((6, 4),), "groups", "groups=4 does not divide the 6 channels"),
    ("shuffle", {"groups": 3}, ((6,),), None, "shuffle needs spatial axes"),
    ("glu", {}, ((5, 4),), None, "glu halves the channels, and 5 is odd"),
    ("reshape", {"shape": Size((None, None))}, ((6,),), "shape", "only one '?' can be worked out"),
    ("reshape", {"shape": Size((1, 1, 1, 1, 6))}, ((6,),), "shape", "at most 4 numbers"),
    ("reshape", {"shape": Size((5, 5))}, ((6, 4, 1100),), "shape", "has 26,400 values, which 5x5 (25) cannot hold"),
    ("reshape", {"shape": Size((1600, None))}, ((6, 4),), "shape", "which 1600x? (a multiple of 1,600) cannot hold"),
    ("reshape", {"shape": Size((2, 3))}, ((6, 4),), "shape", "which 2x3 (6) cannot hold"),
    ("take", {"range": Pair(2, 7)}, ((6, 4),), "range", "take 2:7 goes past the 6 of axis C"),
    ("take", {"range": Pair(2, 7), "axis": Word("H")}, ((6, 4),), "axis", "has no axis H: its axes are C, L"),
    ("mean", {"axis": Word("D")}, ((6, 4, 4),), "axis", "has no axis D: its axes are C, H, W"),
    ("mean", {"axis": Word("L")}, ((6, 4, 4, 4),), "axis", "its axes are C, D, H, W"),
    ("pad", {"amount": -2}, ((6, 4),), "amount", "nothing is left of 4: 0"),
    ("pad", {"amount": Pair(-5, 3)}, ((6, 4),), "amount", "nothing is left of 4: 2"),
    ("pad", {"amount": Pair(3, -5)}, ((6, 4),), "amount", "nothing is left of 4: 2"),
    ("pad", {"amount": Size((0, -3))}, ((6, 4, 5),), "amount", "nothing is left of 4x5: 4x-1"),
    ("pad", {"amount": Size((0, -2))}, ((6, 4, 4),), "amount", "nothing is left of 4x4: 4x0"),
    ("pad", {"amount": Size((0, Pair(-5, 3)))}, ((6, 4, 4),), "amount", "nothing is left of 4x4: 4x2"),
    ("pad", {"amount": 1}, ((6,),), None, "pad needs spatial axes"),
    ("crop", {"size": 5}, ((6, 4, 5),), "size", "crop to 5x5 of an input of only 4x5"),
    ("crop", {"like": (1, 5, 5)}, ((6, 4, 5),), "like", "crop to 5x5 of an input of only 4x5"),
    ("crop", {"like": (1, 5)}, ((6, 4, 5),), "like", "has another number of axes than the input 6x4x5"),
    ("crop", {"like": (1, 4), "size": 3}, ((6, 4),), "like", "crop has either size or like, not both"),
    ("resize", {"factor": Fraction(1, 5)}, ((6, 4, 5),), "factor", "nothing is left: 4x5 times 0.2 is 0x1"),
    ("resize", {"factor": 2, "to": 3}, ((6, 4),), "to", "resize has either factor or to, not both"),
    ("resize", {"to": 2, "like": (6, 4)}, ((6, 4),), "like", "resize has either to or like, not both"),
    ("resize", {"to": Size((2, 3))}, ((6, 4),), "to", "to 2x3 has 2 numbers"),
    ("pixelshuffle", {"factor": 3}, ((8, 4, 4),), "factor", "pixelshuffle 3 needs a multiple of 3*3 = 9 channels, not 8"),
    ("pixelshuffle", {"factor": 2}, ((8, 4),), None, "pixelshuffle is for 2-D inputs CxHxW"),
    ("pixelunshuffle", {"factor": 3}, ((8, 6, 4),), "factor", "pixelunshuffle 3 does not divide 6x4"),
    ("pixelunshuffle", {"factor": 3}, ((8, 4, 6),), "factor", "pixelunshuffle 3 does not divide 4x6"),
    ("pixelunshuffle", {"factor": 2}, ((8, 4, 4, 4),), None, "pixelunshuffle is for 2-D inputs CxHxW"),
    ("concat", {"axis": Word("H")}, ((6, 4), (6, 4)), "axis", "has no axis H"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "inputs", "argument", "words"), REFUSED)
def test_what_does_not_suit_a_layer(
    kind: str, given: dict[str, Any], inputs: tuple[Shape, ...], argument: str | None, words: str
) -> None:
    fault = refusal(kind, *inputs, **given)
    assert fault.argument == argument
    assert words in said(fault)


def test_advice_for_what_does_not_suit() -> None:
    help_of = {
        "fc": refusal("fc", (5, 200, 3), units=10).help, "attention": refusal("attention", (8, 4, 4), heads=2).help,
        "crop": refusal("crop", (6, 4), size=5).help,
    }  # fmt: skip
    assert all(help_of.values())
    assert "(3,000 values)" in str(help_of["fc"]) and "conv 10 1" in str(help_of["fc"])
    assert "tokens" in str(help_of["attention"])
    assert refusal("attention", (8,), heads=2).help is None
    for fault in (refusal("gn", (6, 4), groups=4), refusal("shuffle", (6, 4), groups=4)):
        assert fault.code == "groups"
    for fault in (refusal("reshape", (6,), shape=Size((None, None))), refusal("crop", (6, 4), size=1, like=(1, 4))):
        assert fault.code == "argument"


#: Kind, arguments, inputs; which one does not go with the first, and words of the message.
APART: list[tuple[str, dict[str, Any], tuple[Shape, ...], int, str]] = [
    ("add", {}, ((6, 4), (6, 4), (6, 5)), 2, "equal shapes"),
    ("add", {}, ((6, 4), (6, 1)), 1, "equal shapes"),
    ("mul", {}, ((6, 4), (6,)), 1, "as many axes"),
    ("mul", {}, ((6, 4), (6, 4), (6, 3)), 2, "equal sizes"),
    ("mul", {}, ((6, 1), (6, 4), (6, 3)), 2, "equal sizes"),
    ("mul", {}, ((5, 4), (6, 4)), 1, "equal sizes"),
    ("concat", {}, ((6, 4, 5), (6, 4)), 1, "concat along C needs equal H, W"),
    ("concat", {}, ((6, 4, 5), (2, 4, 5), (2, 4, 4)), 2, "concat along C needs equal H, W"),
    ("concat", {}, ((6, 4, 5), (2, 3, 5)), 1, "concat along C needs equal H, W"),
    ("concat", {"axis": Word("H")}, ((6, 4, 5), (6, 3, 4)), 1, "concat along H needs equal C, W"),
    ("concat", {"axis": Word("H")}, ((6, 4, 5), (5, 4, 5)), 1, "concat along H needs equal C, W"),
    ("concat", {"axis": Word("W")}, ((6, 4, 5), (6, 3, 5)), 1, "concat along W needs equal C, H"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "inputs", "culprit", "words"), APART)
def test_tensors_that_do_not_go_together(
    kind: str, given: dict[str, Any], inputs: tuple[Shape, ...], culprit: int, words: str
) -> None:
    fault = refusal(kind, *inputs, **given)
    assert isinstance(fault, MergeError)
    assert fault.culprit == culprit
    assert words in said(fault) and str(fault) == fault.message


def test_only_a_difference_of_sizes_can_be_cropped_away() -> None:
    assert "crop like=" in str(refusal("concat", (6, 4, 5), (2, 3, 5)).help)
    assert "crop like=" in str(refusal("concat", (6, 4), (2, 3)).help)
    assert refusal("concat", (6, 4, 5), (2, 3)).help is None
    assert refusal("concat", (6, 4, 5), (6, 3, 4), axis=Word("H")).help is None
    assert refusal("add", (6, 4), (6, 3)).help is None


@pytest.mark.parametrize(
    ("kind", "given", "inputs", "leaving"),
    [
        ("add", {}, ((6, 4), (6, 4)), (6, 4)),
        ("add", {}, ((6, 4),), (6, 4)),
        ("mul", {}, ((6, 4), (6, 4)), (6, 4)),
        ("mul", {}, ((6, 4, 5), (6, 1, 1)), (6, 4, 5)),
        ("mul", {}, ((6, 1, 1), (6, 4, 5)), (6, 4, 5)),
        ("mul", {}, ((6, 1), (1, 4), (1, 1)), (6, 4)),
        ("concat", {}, ((6, 4, 5), (2, 4, 5), (1, 4, 5)), (9, 4, 5)),
        ("concat", {"axis": Word("H")}, ((6, 4, 5), (6, 2, 5)), (6, 6, 5)),
        ("concat", {"axis": Word("W")}, ((6, 4, 5), (6, 4, 2)), (6, 4, 7)),
        ("concat", {}, ((6,), (2,)), (8,)),
    ],
)
def test_tensors_that_go_together(kind: str, given: dict[str, Any], inputs: tuple[Shape, ...], leaving: Shape) -> None:
    result = made(kind, **given).result(inputs)
    assert (result.output, type(result.output), result.macs, result.params) == (leaving, tuple, 0, 0)


@pytest.mark.parametrize(
    ("kind", "given", "entering", "found"),
    [
        ("in", {}, (6, 1, 1), [("warning", "pytorch-refuses", None)]),
        ("in", {}, (6, 1, 2), []),
        ("in", {}, (6, 2, 1), []),
        ("gn", {"groups": 6}, (6, 1, 1), [("warning", "pytorch-refuses", "groups")]),
        ("gn", {"groups": 6}, (6,), [("warning", "pytorch-refuses", "groups")]),
        ("gn", {"groups": 6}, (6, 1, 2), []),
        ("gn", {"groups": 3}, (6, 1, 1), []),
        ("bn", {}, (6, 1, 1), []),
    ],
)
def test_norms_of_one_element(kind: str, given: dict[str, Any], entering: Shape, found: list[Any]) -> None:
    assert remarks(kind, entering, **given) == found


@pytest.mark.parametrize(
    ("name", "given", "entering", "fits"),
    [
        ("Conv2d", {"filters": 4, "kernel": 1}, (3, 8, 8), True), ("Conv2d", {"filters": 4, "kernel": 1}, (3, 8), False),
        ("Conv1d", {"filters": 4, "kernel": 1}, (3, 8), True), ("Conv1d", {"filters": 4, "kernel": 1}, (3, 8, 8), False),
        ("BatchNorm1d", {}, (3,), True), ("BatchNorm1d", {}, (3, 8), True), ("BatchNorm1d", {}, (3, 8, 8), False),
        ("BatchNorm2d", {}, (3,), False), ("BatchNorm2d", {}, (3, 8, 8), True), ("InstanceNorm1d", {}, (3,), False),
        ("ZeroPad1d", {"amount": 1}, (3,), False), ("Dropout2d", {}, (3,), True), ("bn", {}, (3, 8, 8, 8), True),
    ],
)  # fmt: skip
def test_a_name_fixes_the_number_of_axes(name: str, given: dict[str, Any], entering: Shape, fits: bool) -> None:
    if fits:
        made(name, **given).result((entering,))
        return
    layer = made(name, **given)
    fault = refusal(name, entering, **given)
    axes = "1 spatial axis," if layer.rank == 1 else f"{layer.rank} spatial axes,"
    assert said(fault).startswith(f"the name fixes {axes}") and said(fault).endswith(f"has {len(entering) - 1}")
    assert fault.help is not None and f"'{layer.kind}'" in fault.help


def test_a_rank_is_asked_of_an_input_only() -> None:
    made("Conv2d", filters=4, kernel=1).check_rank(())
    made("conv", filters=4, kernel=1).check_rank(((3, 8),))
    assert made("conv", filters=4, kernel=1).rank is None


#: Kind, arguments, the words of a person.
DESCRIBED: list[tuple[str, dict[str, Any], str]] = [
    ("conv", {"filters": 64, "kernel": 11, "stride": 4, "pad": 2}, "conv 64 11×11 stride 4 pad 2"),
    ("conv", {"filters": 64, "kernel": Size((1, 3)), "stride": Size((1, 2))}, "conv 64 1×3 stride 1×2"),
    ("conv", {"filters": 64, "kernel": 3, "stride": 1, "bias": True, "pad": 0}, "conv 64 3×3"),
    ("conv", {"filters": 64, "kernel": 3, "bias": False, "pad": Word("same")}, "conv 64 3×3 pad same no bias"),
    ("conv", {"filters": 64, "kernel": 3, "pad": Pair(1, 2), "groups": 2}, "conv 64 3×3 pad 1:2 groups 2"),
    ("dwconv", {"kernel": 3, "multiplier": 2}, "dwconv 3×3 multiplier 2"),
    ("maxpool", {"kernel": 3, "stride": 2, "ceil": True}, "maxpool 3×3 stride 2 ceil"),
    ("maxpool", {"kernel": 2}, "maxpool 2×2"),
    ("maxpool", {"to": 7}, "maxpool to 7×7"),
    ("avgpool", {"kernel": 2, "countpad": False}, "avgpool 2×2 no countpad"),
    ("fc", {"units": 10}, "fc 10"),
    ("dropout", {}, "dropout 0.5"),
    ("relu", {}, "relu"),
    ("prelu", {"shared": True}, "prelu shared"),
    ("bn", {"affine": False}, "bn no affine"),
    ("reshape", {"shape": Size((64, 7, None))}, "reshape 64×7×?"),
    ("take", {"range": Pair(1, 4), "axis": Word("H")}, "take 1:4 axis H"),
    ("concat", {}, "concat"),
    ("concat", {"axis": Word("H")}, "concat axis H"),
    ("crop", {"size": 3}, "crop 3×3"),
    ("crop", {"size": Size((3, 4))}, "crop 3×4"),
    ("crop", {"like": (9, 3, 4)}, "crop 3×4"),
    ("resize", {"factor": 2}, "resize ×2"),
    ("resize", {"factor": Size((2, Fraction(3, 2)))}, "resize ×2×1.5"),
    ("resize", {"factor": 2, "mode": Word("bilinear")}, "resize ×2 bilinear"),
    ("resize", {"to": 5, "mode": Word("bilinear")}, "resize to 5×5 bilinear"),
    ("resize", {"to": Size((5, 6))}, "resize to 5×6"),
    ("resize", {"like": (9, 3, 4)}, "resize to 3×4"),
    ("pad", {"amount": Size((1, Pair(0, 2)))}, "pad 1×0:2"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "words"), DESCRIBED, ids=[row[2] for row in DESCRIBED])
def test_a_layer_as_a_person_would_write_it(kind: str, given: dict[str, Any], words: str) -> None:
    assert made(kind, **given).describe(2) == words


def test_a_description_in_other_ranks_and_layouts() -> None:
    assert made("conv", filters=4, kernel=3).describe(1) == "conv 4 3"
    assert made("conv", filters=4, kernel=3).describe(3) == "conv 4 3×3×3"
    assert made("conv", filters=4, kernel=3).describe(0) == "conv 4 3"
    assert made("crop", size=3).describe(1) == "crop 3"
    assert made("resize", to=3).describe(3) == "resize to 3×3×3"
    assert made("reshape", shape=Size((64, 7, 5))).describe(2, "hwc") == "reshape 7×5×64"
    assert made("learned", shape=Size((64, 7, 5))).describe(2) == "learned 64×7×5"


def test_defaults_of_a_spec_show_but_for_flags_of_all_layers() -> None:
    cls = KINDS["conv"]
    layer = cls.create({"filters": 4, "kernel": 3}, {"bias": False, "pad": 1})
    assert layer.describe(2) == "conv 4 3×3 pad 1"
    assert [name for name, value in layer.weights(((3, 8, 8),), (4, 8, 8))] == ["weight"]
    assert KINDS["bn"].create({}, {"affine": False}).describe(2) == "bn"
    given = cls.create({"filters": 4, "kernel": 3, "pad": 2, "bias": True}, {"bias": False, "pad": 1})
    assert given.describe(2) == "conv 4 3×3 pad 2"
    assert given.result(((3, 8, 8),)).params == 4 * 3 * 9 + 4


def test_of_sizes_that_exclude_each_other_the_given_one_counts() -> None:
    resize = KINDS["resize"].create({"factor": 2}, {"to": 5, "mode": "bilinear"})
    assert resize.result(((6, 4),)).output == (6, 8)
    assert resize.describe(1) == "resize ×2 bilinear"
    assert KINDS["resize"].create({"to": 5}, {"factor": 2}).result(((6, 4),)).output == (6, 5)
    assert KINDS["resize"].create({}, {"factor": 2}).result(((6, 4),)).output == (6, 8)


def test_layers_are_alike_by_what_they_are_and_were_given() -> None:
    conv = made("conv", filters=4, kernel=3, pad=Pair(1, 1))
    assert conv.likeness() == made("conv", filters=4, kernel=3, pad=Pair(1, 1)).likeness()
    others = [
        made("conv", filters=4, kernel=3, pad=Size((1, 1))), made("conv", filters=4, kernel=3, pad=1),
        made("conv", filters=4, kernel=3, pad=Pair(1, 1), stride=1), made("Conv2d", filters=4, kernel=3, pad=Pair(1, 1)),
        made("localconv", filters=4, kernel=3, pad=Pair(1, 1)),
    ]  # fmt: skip
    assert conv.likeness() not in [one.likeness() for one in others]
    assert made("resize", factor=2).likeness() == made("resize", factor=Fraction(2)).likeness()


def test_the_values_of_the_arguments() -> None:
    layer = made("maxpool", kernel=3, ceil=True)
    assert dict(layer.values) == {"kernel": 3, "stride": None, "pad": 0, "dilation": 1, "ceil": True, "to": None}
    assert layer.arguments == (3, None, 0, 1, True, None)
    assert [name for name, _ in layer.values] == ["kernel", "stride", "pad", "dilation", "ceil", "to"]


def test_an_argument_of_the_class_is_its_declaration() -> None:
    cls: Any = KINDS["conv"]
    assert (cls.stride.default, cls.stride.name, cls.stride.required, cls.filters.required) == (
        1,
        "stride",
        False,
        True,
    )
    assert repr(cls.filters.default) == "required"
    assert {arg.name: arg.default_text for arg in KINDS["conv"].args} == {
        "filters": "", "kernel": "", "stride": "1", "pad": "0", "dilation": "1", "groups": "1", "bias": "yes",
    }  # fmt: skip
    assert {arg.name: arg.default_text for arg in KINDS["resize"].args}["to"] == ""
    assert KINDS["dropout"].args[0].default_text == "0.5"
    assert cls.create({"filters": 1, "kernel": 1}).stride == 1


def test_a_layer_without_windows_has_no_formula_and_no_filter() -> None:
    layer = made("relu")
    assert (layer.formula(((6, 4),)), layer.axis_formula((6, 4), 0), layer.filter(((6, 4),))) == ("", "", None)
    assert made("conv", filters=8, kernel=Size((1, 3))).filter(((4, 9, 9),)) == (8, 4, 1, 3)
    assert made("relu").result(((6, 4),)).remarks == ()
