"""A layer in words, and what it was given."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cnncalc.layers import KINDS
from cnncalc.values import Pair, Size, Word
from layers.making import made

Shape = tuple[int, ...]

#: Kind, arguments, the words of a spec.
DESCRIBED: list[tuple[str, dict[str, Any], str]] = [
    ("conv", {"filters": 64, "kernel": 11, "stride": 4, "pad": 2}, "conv 64 11x11 stride=4 pad=2"),
    ("conv", {"filters": 64, "kernel": Size((1, 3)), "stride": Size((1, 2))}, "conv 64 1x3 stride=1x2"),
    ("conv", {"filters": 64, "kernel": 3, "stride": 1, "bias": True, "pad": 0}, "conv 64 3x3"),
    ("conv", {"filters": 64, "kernel": 3, "bias": False, "pad": Word("same")}, "conv 64 3x3 pad=same bias=no"),
    ("conv", {"filters": 64, "kernel": 3, "pad": Pair(1, 2), "groups": 2}, "conv 64 3x3 pad=1:2 groups=2"),
    ("dwconv", {"kernel": 3, "multiplier": 2}, "dwconv 3x3 multiplier=2"),
    ("maxpool", {"kernel": 3, "stride": 2, "ceil": True}, "maxpool 3x3 stride=2 ceil=yes"),
    ("maxpool", {"kernel": 2}, "maxpool 2x2"),
    ("maxpool", {"to": 7}, "maxpool to=7x7"),
    ("avgpool", {"kernel": 2, "countpad": False}, "avgpool 2x2 countpad=no"),
    ("fc", {"units": 10}, "fc 10"),
    ("dropout", {}, "dropout 0.5"),
    ("relu", {}, "relu"),
    ("prelu", {"shared": True}, "prelu shared=yes"),
    ("bn", {"affine": False}, "bn affine=no"),
    ("reshape", {"shape": Size((64, 7, None))}, "reshape 64x7x?"),
    ("take", {"range": Pair(1, 4), "axis": Word("H")}, "take 1:4 axis=H"),
    ("concat", {}, "concat"),
    ("concat", {"axis": Word("H")}, "concat axis=H"),
    ("crop", {"size": 3}, "crop 3x3"),
    ("crop", {"size": Size((3, 4))}, "crop 3x4"),
    ("crop", {"like": (9, 3, 4)}, "crop 3x4"),
    ("resize", {"factor": 2}, "resize 2"),
    ("resize", {"factor": Size((2, Fraction(3, 2)))}, "resize (2, 1.5)"),
    ("resize", {"factor": 2, "mode": Word("bilinear")}, "resize 2 mode=bilinear"),
    ("resize", {"to": 5, "mode": Word("bilinear")}, "resize to=5x5 mode=bilinear"),
    ("resize", {"to": Size((5, 6))}, "resize to=5x6"),
    ("resize", {"like": (9, 3, 4)}, "resize to=3x4"),
    ("pad", {"amount": Size((1, Pair(0, 2)))}, "pad 1x0:2"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "words"), DESCRIBED, ids=[row[2] for row in DESCRIBED])
def test_a_layer_as_a_spec_has_it(kind: str, given: dict[str, Any], words: str) -> None:
    assert made(kind, **given).describe(2) == words


def test_a_description_in_other_ranks_and_layouts() -> None:
    assert made("conv", filters=4, kernel=3).describe(1) == "conv 4 3"
    assert made("conv", filters=4, kernel=3).describe(3) == "conv 4 3x3x3"
    assert made("conv", filters=4, kernel=3).describe(0) == "conv 4 3"
    assert made("crop", size=3).describe(1) == "crop 3"
    assert made("resize", to=3).describe(3) == "resize to=3x3x3"
    assert made("reshape", shape=Size((64, 7, 5))).describe(2, "hwc") == "reshape 7x5x64"
    assert made("learned", shape=Size((64, 7, 5))).describe(2) == "learned 64x7x5"


def test_defaults_of_a_spec_show_and_what_is_said_against_them() -> None:
    cls = KINDS["conv"]
    layer = cls.create({"filters": 4, "kernel": 3}, {"bias": False, "pad": 1})
    assert layer.describe(2) == "conv 4 3x3 pad=1 bias=no"
    assert [name for name, value in layer.weights(((3, 8, 8),), (4, 8, 8))] == ["weight"]
    assert KINDS["bn"].create({}, {"affine": False}).describe(2) == "bn affine=no"
    given = cls.create({"filters": 4, "kernel": 3, "pad": 2, "bias": True}, {"bias": False, "pad": 1})
    assert given.describe(2) == "conv 4 3x3 pad=2 bias=yes"
    assert given.result(((3, 8, 8),)).params == 4 * 3 * 9 + 4


def test_of_sizes_that_exclude_each_other_the_given_one_counts() -> None:
    resize = KINDS["resize"].create({"factor": 2}, {"to": 5, "mode": "bilinear"})
    assert resize.result(((6, 4),)).output == (6, 8)
    assert resize.describe(1) == "resize 2 mode=bilinear"
    assert KINDS["resize"].create({"to": 5}, {"factor": 2}).result(((6, 4),)).output == (6, 5)
    assert KINDS["resize"].create({}, {"factor": 2}).result(((6, 4),)).output == (6, 8)


def test_layers_are_alike_by_what_they_are_and_were_given() -> None:
    conv = made("conv", filters=4, kernel=3, pad=Pair(1, 1))
    assert conv.likeness() == made("conv", filters=4, kernel=3, pad=Pair(1, 1)).likeness()
    assert conv.likeness() == made("conv", filters=4, kernel=3, pad=Pair(1, 1), stride=1).likeness()
    others = [
        made("conv", filters=4, kernel=3, pad=Size((1, 1))), made("conv", filters=4, kernel=3, pad=1),
        made("conv", filters=4, kernel=3, pad=Pair(1, 1), stride=2), made("Conv2d", filters=4, kernel=3, pad=Pair(1, 1)),
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
