"""Convolutions, by hand: formulas, weights, what is computed, and what cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.layers.reach import Spread, Taps
from cnncalc.values import Pair, Size, Word
from layers.making import made, measures, output, refusal, remarks, said, traits

SAME, CAUSAL = Word("same"), Word("causal")

#: Kind, arguments, input; the formula of the column, with the size on each axis.
FORMULAS: list[tuple[str, dict[str, Any], tuple[int, ...], str]] = [
    ("conv", {"filters": 96, "kernel": 11, "stride": 4}, (3, 227, 227), "(227-11)/4+1 = 55"),
    ("conv", {"filters": 64, "kernel": 11, "stride": 4, "pad": 2}, (3, 224, 224), "floor((224-11+2*2)/4)+1 = 55"),
    ("conv", {"filters": 64, "kernel": 3, "pad": 1}, (3, 224, 224), "(224-3+2*1)/1+1 = 224"),
    ("conv", {"filters": 4, "kernel": 3, "pad": Pair(1, 2), "stride": 3}, (2, 9), "(9-3+1+2)/3+1 = 4"),
    ("conv", {"filters": 4, "kernel": 3, "pad": Pair(0, 2)}, (2, 9), "(9-3+0+2)/1+1 = 9"),
    ("conv", {"filters": 4, "kernel": 3, "dilation": 2}, (2, 9), "(9-2*(3-1)-1)/1+1 = 5"),
    ("conv", {"filters": 4, "kernel": 3, "dilation": 2, "stride": 3}, (2, 9), "floor((9-2*(3-1)-1)/3)+1 = 2"),
    ("conv", {"filters": 4, "kernel": Size((1, 3))}, (2, 9, 9), "(9-1)/1+1 = 9, (9-3)/1+1 = 7"),
    ("conv", {"filters": 8, "kernel": 3, "stride": 2, "pad": SAME}, (4, 16), "(16-3+0+1)/2+1 = 8"),
    ("conv", {"filters": 8, "kernel": 3, "dilation": 2, "pad": CAUSAL}, (4, 16), "(16-2*(3-1)-1+4+0)/1+1 = 16"),
    ("dwconv", {"kernel": 3, "stride": 2, "pad": 1}, (8, 7, 8), "(7-3+2*1)/2+1 = 4, floor((8-3+2*1)/2)+1 = 4"),
    ("localconv", {"filters": 3, "kernel": 3}, (2, 5, 5), "(5-3)/1+1 = 3"),
    ("upconv", {"filters": 4, "kernel": 2, "stride": 2}, (8, 10, 10), "(10-1)*2+2-2*0 = 20"),
    ("upconv", {"filters": 4, "kernel": 3, "stride": 2, "pad": 1, "outpad": 1}, (8, 10), "(10-1)*2+3-2*1+1 = 20"),
    (
        "upconv", {"filters": 4, "kernel": 3, "stride": 3, "dilation": 2, "pad": Pair(1, 2)}, (8, 5),
        "(5-1)*3+2*(3-1)+1-1-2 = 14",
    ),
    ("upconv", {"filters": 4, "kernel": 3, "stride": 3, "pad": SAME}, (8, 5, 6), "5*3 = 15, 6*3 = 18"),
    ("upconv", {"filters": 4, "kernel": 5, "pad": 2}, (8, 1, 2), "(1-1)*1+5-2*2 = 1, (2-1)*1+5-2*2 = 2"),
    ("maxpool", {"kernel": 3, "stride": 2}, (4, 55, 55), "(55-3)/2+1 = 27"),
    ("maxpool", {"kernel": 3, "stride": 2, "pad": 1}, (4, 112, 112), "floor((112-3+2*1)/2)+1 = 56"),
    ("maxpool", {"kernel": 3, "stride": 2, "ceil": True}, (4, 112, 112), "ceil((112-3)/2)+1 = 56"),
    ("avgpool", {"kernel": 2}, (4, 8, 6), "(8-2)/2+1 = 4, (6-2)/2+1 = 3"),
    ("maxpool", {"to": 7}, (4, 8, 6), ""),
    ("gavgpool", {}, (4, 8, 6), ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "entering", "formula"), FORMULAS, ids=[row[3] for row in FORMULAS])
def test_the_formula_with_its_figures(
    kind: str, given: dict[str, Any], entering: tuple[int, ...], formula: str
) -> None:
    layer = made(kind, **given)
    assert layer.formula((entering,)) == formula
    sizes = [part.split(" = ")[1] for part in formula.split(", ")] if formula else []
    made_of = layer.output((entering,))[1:]
    if sizes:
        assert [str(size) for size in dict.fromkeys(made_of)] == list(dict.fromkeys(sizes))


@pytest.mark.parametrize(
    ("kind", "given", "entering", "axis", "sentence"),
    [
        ("conv", {"filters": 96, "kernel": 11, "stride": 4}, (3, 227, 227), 0, "floor((227 - 11 + 2*0)/4) + 1 = 55"),
        ("conv", {"filters": 4, "kernel": Size((1, 3))}, (2, 9, 9), 1, "floor((9 - 3 + 2*0)/1) + 1 = 7"),
        ("maxpool", {"kernel": 3, "stride": 2, "ceil": True}, (4, 112, 9), 0, "ceil((112 - 3 + 2*0)/2) + 1 = 56"),
        ("maxpool", {"kernel": 3, "stride": 2, "ceil": True}, (4, 112, 9), 1, "ceil((9 - 3 + 2*0)/2) + 1 = 4"),
        ("maxpool", {"to": 3}, (4, 112, 9), 1, ""),
        ("upconv", {"filters": 4, "kernel": 2, "stride": 2}, (8, 10, 5), 1, "(5-1)*2+2-2*0 = 10"),
        ("gavgpool", {}, (4, 112, 9), 1, ""),
    ],
)
def test_the_formula_of_an_axis(
    kind: str, given: dict[str, Any], entering: tuple[int, ...], axis: int, sentence: str
) -> None:
    assert made(kind, **given).axis_formula(entering, axis) == sentence


#: Kind, arguments, input; output, learned tensors, MACs.
TABLE: list[tuple[str, dict[str, Any], tuple[int, ...], tuple[int, ...], dict[str, tuple[int, ...]], int]] = [
    ("conv", {"filters": 8, "kernel": 3, "groups": 2}, (4, 6, 5), (8, 4, 3),
     {"weight": (8, 2, 3, 3), "bias": (8,)}, 8 * 2 * 9 * 12),
    ("conv", {"filters": 8, "kernel": Size((1, 3)), "bias": False}, (4, 6, 5), (8, 6, 3),
     {"weight": (8, 4, 1, 3)}, 8 * 4 * 3 * 18),
    ("conv", {"filters": 2, "kernel": Size((3,))}, (4, 6), (2, 4), {"weight": (2, 4, 3), "bias": (2,)}, 2 * 4 * 3 * 4),
    ("dwconv", {"kernel": 3, "multiplier": 2}, (4, 6, 5), (8, 4, 3), {"weight": (8, 1, 3, 3), "bias": (8,)}, 8 * 9 * 12),
    ("upconv", {"filters": 6, "kernel": 2, "stride": 2, "groups": 2}, (4, 6, 5), (6, 12, 10),
     {"weight": (6, 2, 2, 2), "bias": (6,)}, 6 * 2 * 4 * 30),
    ("localconv", {"filters": 3, "kernel": 3}, (2, 5, 5), (3, 3, 3),
     {"weight": (486,), "bias": (3, 3, 3)}, 486),
    # Four pixels, three taps, one pixel of padding: the outer windows miss a tap each.
    ("localconv", {"filters": 1, "kernel": 3, "pad": 1, "bias": False}, (1, 4), (1, 4), {"weight": (10,)}, 10),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "entering", "leaving", "tensors", "macs"), TABLE)
def test_a_convolution_by_its_definition(
    kind: str, given: dict[str, Any], entering: tuple[int, ...], leaving: tuple[int, ...],
    tensors: dict[str, tuple[int, ...]], macs: int,
) -> None:  # fmt: skip
    layer = made(kind, **given)
    assert layer.output((entering,)) == leaving
    assert dict(layer.weights((entering,), leaving)) == tensors
    assert layer.macs((entering,), leaving) == macs


def test_what_a_convolution_computes() -> None:
    """8 filters over 2 of 4 channels, 3x3, at 4x3 positions."""
    given = {"filters": 8, "kernel": 3, "groups": 2}
    assert measures("conv", (4, 6, 5), **given) == {"W·Pout": 8 * 2 * 9 * 12, "B": 8 * 12}
    assert measures("conv", (4, 6, 5), **given, bias=False) == {"W·Pout": 8 * 2 * 9 * 12, "B": 0}
    assert measures("dwconv", (4, 6, 5), kernel=3) == {"W·Pout": 4 * 9 * 12, "B": 4 * 12}


def test_what_a_transposed_convolution_computes() -> None:
    """6 filters in 2 groups over 4 channels, 2x3, 30 positions in, 12x11 out (4 to 12: (6-1)*2 + 2; 5 to 11)."""
    found = measures("upconv", (4, 6, 5), filters=6, kernel=Size((2, 3)), stride=2, groups=2)
    out = 6 * 12 * 11
    weights = 6 * 2 * 6
    assert found == {
        "W·Pin": weights * 30, "W·Pout": weights * 132, "O·C_in·k": out * 4 * 6, "O·C_out/g·k": out * 3 * 6, "B": out,
    }  # fmt: skip


def test_what_a_locally_connected_layer_computes() -> None:
    assert measures("localconv", (2, 5, 5), filters=3, kernel=3) == {"products": 486, "dots": 27, "B": 27}
    assert measures("localconv", (2, 5, 5), filters=3, kernel=3, bias=False)["B"] == 0
    assert traits("localconv", (2, 5, 5), filters=3, kernel=3) == {"bias"}
    assert traits("localconv", (1, 4), filters=1, kernel=2, pad=2, bias=False) == {"blind"}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, {"bias"}), ({"bias": False}, set()), ({"groups": 2}, {"bias", "groups"}), ({"filters": 4}, {"bias", "equal"}),
        ({"pad": SAME}, {"bias", "same", "uneven"}), ({"pad": Word("valid")}, {"bias"}), ({"pad": Pair(1, 1)}, {"bias"}),
        ({"pad": Pair(1, 0)}, {"bias", "uneven"}), ({"pad": Size((1, Pair(0, 1)))}, {"bias", "uneven"}),
        ({"pad": Size((1, 0))}, {"bias"}),
    ],
)  # fmt: skip
def test_traits_of_a_convolution(given: dict[str, Any], found: set[str]) -> None:
    assert traits("conv", (4, 6, 5), **{"filters": 8, "kernel": 3, **given}) == found


def test_depthwise_convolutions_are_grouped_unless_there_is_one_channel() -> None:
    assert traits("dwconv", (4, 6, 5), kernel=3) == {"bias", "groups", "equal"}
    assert traits("dwconv", (4, 6, 5), kernel=3, multiplier=2) == {"bias", "groups"}
    assert traits("dwconv", (1, 6, 5), kernel=3) == {"bias", "equal"}


@pytest.mark.parametrize(
    ("kind", "given", "entering", "steps"),
    [
        ("conv", {"filters": 4, "kernel": 3, "stride": 2, "pad": 1, "dilation": 3}, (2, 30, 20),
         (Taps(30, 3, 2, 1, 3), Taps(20, 3, 2, 1, 3))),
        ("conv", {"filters": 4, "kernel": 3, "pad": Pair(2, 0)}, (2, 30), (Taps(30, 3, 1, 2, 1),)),
        ("conv", {"filters": 4, "kernel": 4, "pad": SAME}, (2, 30), (Taps(30, 4, 1, 1, 1),)),
        ("conv", {"filters": 4, "kernel": 3, "dilation": 2, "pad": CAUSAL}, (2, 30), (Taps(30, 3, 1, 4, 2),)),
        ("upconv", {"filters": 4, "kernel": 3, "stride": 2, "pad": 1, "dilation": 2}, (2, 9), (Spread(9, 3, 2, 1, 2),)),
        ("upconv", {"filters": 4, "kernel": 5, "stride": 2, "pad": SAME}, (2, 9), (Spread(9, 5, 2, 1, 1),)),
        ("upconv", {"filters": 4, "kernel": 3, "dilation": 2, "stride": 2, "pad": SAME}, (2, 9), (Spread(9, 3, 2, 1, 2),)),
        ("upconv", {"filters": 4, "kernel": 2, "stride": 4, "pad": SAME}, (2, 9), (Spread(9, 2, 4, 0, 1),)),
        ("upconv", {"filters": 4, "kernel": 5, "pad": SAME}, (2, 9), (Spread(9, 5, 1, 2, 1),)),
        ("upconv", {"filters": 4, "kernel": 3, "pad": Pair(2, 0)}, (2, 9), (Spread(9, 3, 1, 2, 1),)),
    ],
)  # fmt: skip
def test_what_an_output_reads(
    kind: str, given: dict[str, Any], entering: tuple[int, ...], steps: tuple[Any, ...]
) -> None:
    assert made(kind, **given).steps(entering) == steps


def test_groups_divide_both_channels_and_filters() -> None:
    for filters, channels, words in ((8, 4, "4 input channels"), (4, 6, "4 filters")):
        fault = refusal("conv", (channels, 8, 8), filters=filters, kernel=3, groups=3)
        assert (fault.argument, fault.code) == ("groups", "groups")
        assert said(fault) == f"groups=3 does not divide the {words}"
    assert output("conv", (6, 8, 8), filters=9, kernel=3, groups=3) == (9, 6, 6)


@pytest.mark.parametrize(
    "kind", ["conv", "upconv", "localconv", "maxpool", "gavgpool", "crop", "resize", "tokens", "in", "lrn"]
)
def test_a_vector_has_no_spatial_axes(kind: str) -> None:
    given = {"conv": {"filters": 8, "kernel": 3}, "upconv": {"filters": 8, "kernel": 3},
             "localconv": {"filters": 8, "kernel": 3}, "maxpool": {"kernel": 3}, "crop": {"size": 3},
             "resize": {"factor": 2}, "lrn": {"size": 5}}  # fmt: skip
    fault = refusal(kind, (10,), **given.get(kind, {}))
    assert said(fault) == f"{kind} needs spatial axes, but its input is the vector 10"
    assert fault.help is not None and "reshape 10x1x1" in fault.help
    assert fault.argument is None


@pytest.mark.parametrize(
    ("kind", "given", "entering", "written"),
    [
        ("conv", {"filters": 8, "kernel": Size((5, 5, 3))}, (3, 32, 32), "conv 8 5x5"),
        ("conv", {"filters": 8, "kernel": Size((3, 5, 5))}, (3, 32, 32), "conv 8 5x5"),
        ("conv", {"filters": 8, "kernel": Size((3, 5, 3))}, (3, 32, 32), "conv 8 3x5"),
        ("conv", {"filters": 8, "kernel": Size((5, 5, 2)), "groups": 2}, (4, 32, 32), "conv 8 5x5"),
        ("conv", {"filters": 8, "kernel": Size((2, 5, 5)), "groups": 2}, (4, 32, 32), "conv 8 5x5"),
        ("upconv", {"filters": 8, "kernel": Size((5, 5, 3))}, (3, 32, 32), "upconv 8 5x5"),
        ("dwconv", {"kernel": Size((5, 5, 3))}, (3, 32, 32), "dwconv 5x5"),
        ("conv", {"filters": 8, "kernel": Size((5, 3))}, (3, 32), "conv 8 5"),
    ],
)
def test_the_depth_of_a_filter_is_never_given(
    kind: str, given: dict[str, Any], entering: tuple[int, ...], written: str
) -> None:
    fault = refusal(kind, entering, **given)
    assert fault.argument == "kernel"
    assert fault.help is not None and f"'{written}'" in fault.help
    kernel, groups = given["kernel"], given.get("groups", 1)
    whose = "channels of its group" if groups > 1 else "input channels"
    assert f"all {entering[0] // groups} {whose}" in fault.help
    assert f"has {len(kernel)} numbers" in said(fault)
    assert f"has {len(entering) - 1} spatial {'axis' if len(entering) == 2 else 'axes'}" in said(fault)


@pytest.mark.parametrize(
    ("kernel", "entering", "axes"),
    [(Size((3, 3)), (3, 8, 8, 8), "3 spatial axes"), (Size((3, 3, 3)), (3, 8), "1 spatial axis")],
)
def test_a_kernel_of_another_rank(kernel: Size, entering: tuple[int, ...], axes: str) -> None:
    fault = refusal("conv", entering, filters=8, kernel=kernel)
    assert fault.argument == "kernel"
    assert f"has {len(kernel)} numbers" in said(fault)
    assert said(fault).endswith(axes)


@pytest.mark.parametrize(
    ("kernel", "entering", "warned"),
    [
        (31, (3, 99, 99), None), (32, (3, 99, 99), 32), (Size((31, 1)), (3, 99, 99), None), (Size((1, 64)), (3, 99, 99), None),
        (Size((64, 64)), (3, 99, 99), None), (Size((64,)), (3, 99), None), (64, (3, 99), None), (64, (3, 99, 99, 99), 64),
    ],
)  # fmt: skip
def test_a_kernel_wider_than_any_usual_one(kernel: Any, entering: tuple[int, ...], warned: int | None) -> None:
    """`conv 3 64` is PyTorch's order, input channels first; a size is none. Along time kernels are long."""
    for kind, given in (("conv", {"filters": 3}), ("upconv", {"filters": 3}), ("dwconv", {})):
        found = [
            one for one in made(kind, kernel=kernel, **given).result((entering,)).remarks if one.code == "large-kernel"
        ]
        assert len(found) == (warned is not None)
        if warned is not None:
            assert (found[0].severity, found[0].argument) == ("warning", "kernel")
            assert found[0].help is not None and f"'{kind} {warned} 3'" in found[0].help
            assert f"'{f'3 {kernel}' if given else kernel}'" in found[0].message
            assert "x".join([str(kernel)] * (len(entering) - 1)) in found[0].message


def test_a_long_kernel_under_a_name_for_one_axis_may_be_pytorch_order() -> None:
    """It is where the first number is that of the channels; M5 has 128 filters of 80 on one channel."""
    assert remarks("Conv1d", (3, 99), filters=3, kernel=64) == [("warning", "large-kernel", "kernel")]
    assert remarks("Conv1d", (1, 80), filters=128, kernel=80) == []


def test_a_kernel_as_wide_as_its_steps_cuts_patches() -> None:
    """ViT-B/32: `conv 768 32 stride=32`."""
    assert remarks("conv", (3, 224, 224), filters=768, kernel=32, stride=32) == []
    assert remarks("conv", (3, 224, 224), filters=768, kernel=32, stride=16) == [
        ("warning", "large-kernel", "kernel"),
    ]


def test_a_transposed_window_leaves_something() -> None:
    fault = refusal("upconv", (8, 1, 1), filters=4, kernel=3, pad=2)
    assert (fault.argument, fault.code) == ("pad", "window-too-large")
    assert said(fault) == "nothing is left of the output: (1-1)*1+3-2*2 = -1"
    assert refusal("upconv", (8, 1), filters=4, kernel=2, pad=1).code == "window-too-large"
    assert output("upconv", (8, 1), filters=4, kernel=3, pad=1) == (4, 1)


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"outpad": 1}, True), ({"outpad": 1, "stride": 2}, False), ({"outpad": 2, "stride": 2}, True),
        ({"outpad": 1, "dilation": 2}, False), ({"outpad": 2, "dilation": 2, "stride": 3}, False), ({}, False),
        ({"outpad": Size((0, 1)), "stride": Size((2, 1))}, True), ({"outpad": Size((1, 0)), "stride": Size((2, 1))}, False),
    ],
)  # fmt: skip
def test_pytorch_wants_less_outpad_than_stride_or_dilation(given: dict[str, Any], refused: bool) -> None:
    found = remarks("upconv", (8, 5, 5), filters=4, kernel=3, **given)
    assert found == ([("warning", "pytorch-refuses", "outpad")] if refused else [])


def test_causal_padding_is_for_time() -> None:
    assert output("conv", (2, 100), filters=4, kernel=3, dilation=8, pad=CAUSAL) == (4, 100)
    fault = refusal("conv", (2, 10, 10), filters=4, kernel=3, pad=CAUSAL)
    assert fault.argument == "pad"
    assert fault.help is not None and "2:0x1:1" in fault.help
    assert said(fault).endswith("has 2")
