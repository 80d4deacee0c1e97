"""What does not suit a layer without windows: the argument at fault, and the figures in the words."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cnncalc.layers import MergeError
from cnncalc.values import Pair, Size, Word
from layers.making import made, refusal, remarks, said

Shape = tuple[int, ...]

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
    assert "crop like=" in str(refusal("add", (6, 4), (6, 3)).help)
    assert "crop like=" in str(refusal("mul", (6, 4), (6, 3)).help)
    assert refusal("add", (6, 4), (5, 4)).help == "'conv 6 1' makes the channels equal"
    assert refusal("mul", (6, 4), (5, 4)).help == "'conv 6 1' makes the channels equal"
    assert refusal("add", (6, 4), (6,)).help is None


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
