"""The arguments of every kind, as the language has them: order, defaults, other names."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cnncalc.convert.lookup import all_names, lookup, names
from cnncalc.layers import KINDS, REQUIRED, LayerError
from cnncalc.layers.arguments import OneOf, Sizes
from cnncalc.values import Pair, ShapeSize, Size, Word, spell
from layers.making import made, refusal, said

#: Positional ones first, required ones bare. A flag's default is yes or no, `-` stands for none.
ARGUMENTS = {
    "conv": "filters kernel | stride=1 pad=0 dilation=1 groups=1 bias=yes",
    "dwconv": "kernel | stride=1 pad=0 dilation=1 bias=yes multiplier=1",
    "upconv": "filters kernel | stride=1 pad=0 dilation=1 groups=1 bias=yes outpad=0",
    "localconv": "filters kernel | stride=1 pad=0 dilation=1 bias=yes",
    "maxpool": "kernel=- stride=- | pad=0 dilation=1 ceil=no to=-",
    "avgpool": "kernel=- stride=- | pad=0 dilation=1 ceil=no to=- countpad=yes",
    "fc": "units | bias=yes",
    "reshape": "shape |",
    "bn": "| affine=yes bias=yes scale=yes",
    "in": "| affine=yes bias=yes",
    "gn": "groups | affine=yes bias=yes",
    "ln": "| affine=yes bias=yes axes=C",
    "softmax": "| axis=C",
    "logsoftmax": "| axis=C",
    "lstm": "units | layers=1 bidirectional=no last=no biases=2",
    "gru": "units | layers=1 bidirectional=no last=no biases=2",
    "rnn": "units | layers=1 bidirectional=no last=no biases=2",
    "embed": "words size |",
    "permute": "axes |",
    "op": "name | shape=- params=- macs=- buffers=0",
    "unpool": "kernel=- stride=- | pad=0 from=- like=-",
    "matmul": "| transposed=no",
    "lrn": "size |",
    "prelu": "| shared=no",
    "dropout": "rate=0.5 |",
    "concat": "| axis=C",
    "pad": "amount | mode=zero",
    "crop": "size=- | like=-",
    "resize": "factor=- | to=- like=- mode=nearest",
    "pixelshuffle": "factor |",
    "pixelunshuffle": "factor |",
    "shuffle": "groups |",
    "take": "range | axis=C",
    "split": "parts | axis=C",
    "scale": "| by=- bias=no",
    "learned": "shape |",
    "attention": "heads | bias=yes from=-",
    "mean": "axis |",
    "max": "axis |",
}
SYNONYMS = {
    "conv": "filters: out channels K; kernel: k size F; stride: s S; pad: padding p P; dilation: d; groups: g",
    "dwconv": "kernel: k size F; stride: s S; pad: padding p P; dilation: d",
    "upconv": (
        "filters: out channels K; kernel: k size F; stride: s S; pad: padding p P; dilation: d; groups: g; "
        "outpad: output_padding"
    ),
    "localconv": "filters: out channels K; kernel: k size F; stride: s S; pad: padding p P; dilation: d",
    "maxpool": "kernel: k size F; stride: s S; pad: padding p P; dilation: d",
    "avgpool": "kernel: k size F; stride: s S; pad: padding p P; dilation: d",
    "mean": "axis: axes",
    "max": "axis: axes",
    "lstm": "units: hidden out",
    "gru": "units: hidden out",
    "rnn": "units: hidden out",
    "embed": "size: channels",
    "unpool": "kernel: k size F; stride: s S; pad: padding p P",
    "fc": "units: out",
    "gn": "groups: g",
    "dropout": "rate: p",
    "pad": "amount: pad padding",
    "crop": "size: to",
    "resize": "factor: scale; to: size",
    "shuffle": "groups: g",
}
SORTS = {
    "conv": "number size size padding size number flag",
    "resize": "size size tensor word",
    "take": "pair axis",
    "split": "parts axis",
    "reshape": "shape",
    "dropout": "number",
}


def written(default: Any) -> str:
    return "-" if default is None else spell(default)


@pytest.mark.parametrize("kind", KINDS)
def test_the_arguments_of_a_kind(kind: str) -> None:
    args = KINDS[kind].args
    words = [arg.name if arg.default is REQUIRED else f"{arg.name}={written(arg.default)}" for arg in args]
    places = [arg for arg in args if arg.position is not None]
    assert [arg.position for arg in places] == list(range(len(places)))
    told = " ".join([*words[: len(places)], "|", *words[len(places) :]])
    assert told == ARGUMENTS.get(kind, "|")
    assert all(arg.required == (arg.default is REQUIRED) for arg in args)


@pytest.mark.parametrize("kind", KINDS)
def test_the_other_names_of_arguments(kind: str) -> None:
    cls = KINDS[kind]
    told = "; ".join(f"{arg.name}: {' '.join(arg.synonyms)}" for arg in cls.args if arg.synonyms)
    assert told == SYNONYMS.get(kind, "")
    wanted = {word: arg.name for arg in cls.args for word in (arg.name, *arg.synonyms)}
    assert cls.keys == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_an_argument_is_described(kind: str) -> None:
    for arg in KINDS[kind].args:
        assert isinstance(arg.about, str) and len(arg.about.split()) > 1
        assert isinstance(arg.hint, str) and " " not in arg.hint
        assert not arg.hint or arg.required


@pytest.mark.parametrize("kind", SORTS)
def test_the_sorts_of_arguments(kind: str) -> None:
    cls = KINDS[kind]
    assert " ".join(arg.sort for arg in cls.args) == SORTS[kind]
    assert cls.sorts == dict(zip((arg.name for arg in cls.args), SORTS[kind].split(), strict=True))


def test_a_kind_keeps_its_own_place_for_a_shared_argument() -> None:
    """A kernel comes second in a convolution and first in a depthwise one."""
    places = {kind: {arg.name: arg.position for arg in KINDS[kind].args} for kind in ("conv", "dwconv", "maxpool")}
    assert (places["conv"]["kernel"], places["dwconv"]["kernel"]) == (1, 0)
    assert (places["conv"]["stride"], places["maxpool"]["stride"]) == (None, 1)
    adaptive = lookup("AdaptiveMaxPool2d")
    assert adaptive is not None
    assert [arg.name for arg in adaptive[0].args if arg.position is not None] == ["to"]


LEARNS = set("conv dwconv upconv localconv fc bn in gn ln prelu attention scale learned lstm gru rnn embed op".split())
TRAITS = {
    "learns": LEARNS,
    "merges": {"add", "mul", "concat", "sub", "div", "maximum", "minimum", "matmul", "op"},
    "source": {"learned"},
    "view": {"flatten", "reshape", "dropout", "identity"},
    "mixes": {"fc", "flatten", "reshape", "attention", "tokens", "permute"},
}


@pytest.mark.parametrize("trait", TRAITS)
def test_what_kinds_are(trait: str) -> None:
    assert {kind for kind, cls in KINDS.items() if getattr(cls, trait)} == TRAITS[trait]


@pytest.mark.parametrize(
    ("name", "kind", "rank"),
    [
        ("conv", "conv", None), ("dense", "fc", None), ("linear", "fc", None), ("swish", "silu", None),
        ("Conv2d", "conv", 2), ("conv2d", "conv", 2), ("CONV_2D", "conv", 2), ("Conv1DTranspose", "upconv", 1),
        ("BatchNorm3d", "bn", 3), ("Dropout2d", "dropout", None), ("SpatialDropout3D", "dropout", None),
        ("AdaptiveAvgPool2d", "avgpool", 2), ("MaxPool2D", "maxpool", 2), ("MaxPooling1D", "maxpool", 1),
        ("ReLU", "relu", None), ("RELU6", "relu6", None), ("leaky_relu", "leakyrelu", None),
        ("Max_Pool", "maxpool", None), ("UpsamplingNearest2d", "resize", 2), ("GlobalAveragePooling2D", "gavgpool", 2),
        ("gap", "gavgpool", None),
    ],
)  # fmt: skip
def test_a_name_means_a_kind_and_fixes_a_rank(name: str, kind: str, rank: int | None) -> None:
    found = lookup(name)
    assert found is not None
    assert (found[0].kind, found[1]) == (kind, rank)


@pytest.mark.parametrize("name", ["relu601", "relu60", "conv4d", "Conv", "relu 6", "", "bn3", "2d", "c"])
def test_what_only_looks_like_a_name(name: str) -> None:
    found = lookup(name)
    assert found is None or found[0].kind == name.lower()


def test_relu6_is_not_relu_with_a_number() -> None:
    assert lookup("relu601") is None
    found = lookup("relu6")
    assert found is not None and found[0] is KINDS["relu6"] is not KINDS["relu"]
    assert made("relu6").describe(2) == "relu6"


def test_own_names_come_first_among_all() -> None:
    names = all_names()
    assert names[:2] == ["conv", "dwconv"]
    own = [name for kind, cls in KINDS.items() for name in (kind, *cls.aliases)]
    assert names[: len(own)] == own
    assert {"Conv2d", "Conv2DTranspose", "AdaptiveAvgPool1d", "relu6"} <= set(names)


def test_kinds_stand_in_the_order_of_the_table() -> None:
    kinds = list(KINDS)
    assert kinds[:4] == ["conv", "dwconv", "upconv", "localconv"]
    assert kinds.index("max") + 1 == kinds.index("lstm")
    assert kinds.index("relu") < kinds.index("prelu") < kinds.index("glu") < kinds.index("add") < kinds.index("pad")


@pytest.mark.parametrize(
    ("kind", "argument", "value"),
    [
        ("conv", "filters", 0), ("conv", "filters", True), ("conv", "filters", Size((3, 3))), ("conv", "filters", Word("a")),
        ("conv", "kernel", 0), ("conv", "kernel", Size((3, 0))), ("conv", "kernel", Size((3, True))),
        ("conv", "kernel", Size((3, None))), ("conv", "kernel", ShapeSize((3, 3))), ("conv", "kernel", "3"),
        ("conv", "stride", 0), ("conv", "dilation", 0), ("conv", "groups", 0), ("conv", "bias", 1), ("conv", "bias", Word("x")),
        ("conv", "pad", -1), ("conv", "pad", True), ("conv", "pad", Pair(1, -1)), ("conv", "pad", Size((1, -1))),
        ("conv", "pad", Pair(1, None)), ("conv", "pad", Word("full")), ("upconv", "pad", Word("causal")),
        ("pad", "amount", Word("same")), ("upconv", "outpad", -1), ("maxpool", "kernel", 0), ("maxpool", "ceil", 1),
        ("take", "axis", Word("X")), ("take", "axis", 1), ("concat", "axis", "CH"), ("take", "range", 1),
        ("take", "range", Pair(2, 2)), ("take", "range", Pair(-1, 2)), ("take", "range", Pair(1, None)),
        ("dropout", "rate", 2), ("dropout", "rate", -1), ("dropout", "rate", True), ("dropout", "rate", Word("half")),
        ("resize", "factor", 0), ("resize", "factor", True), ("resize", "factor", Size((2, 0))),
        ("resize", "factor", Size((2, Word("x")))), ("resize", "mode", Word("cubic")), ("resize", "mode", 1),
        ("resize", "like", 3), ("resize", "like", Size((3, 3))), ("resize", "like", Pair(3, 3)),
        ("reshape", "shape", 0), ("reshape", "shape", Size((2, 0))), ("reshape", "shape", Size((2, True))),
        ("reshape", "shape", Size((2, "x"))), ("reshape", "shape", -1),
    ],
)  # fmt: skip
def test_a_value_that_an_argument_cannot_have(kind: str, argument: str, value: Any) -> None:
    needed = {"conv": {"filters": 8, "kernel": 3}, "upconv": {"filters": 8, "kernel": 3}, "maxpool": {"kernel": 2},
              "take": {"range": Pair(0, 1)}}  # fmt: skip
    fault = refusal(kind, (4, 8, 8), **{**needed.get(kind, {}), argument: value})
    assert fault.argument == argument
    assert argument in said(fault)
    word = kind != "take" and any(isinstance(one, Word) for one in (value, *(value if isinstance(value, Size) else ())))
    assert fault.code == ("unknown-name" if word else "shape" if argument == "axis" else "argument")


@pytest.mark.parametrize(
    ("kind", "argument", "value", "kept"),
    [
        ("conv", "filters", 1, 1), ("conv", "kernel", Size((1, 3)), Size((1, 3))), ("conv", "bias", False, False),
        ("conv", "pad", Word("valid"), 0), ("conv", "pad", Word("same"), "same"), ("conv", "pad", 0, 0),
        ("conv", "pad", Pair(0, 1), Pair(0, 1)), ("conv", "pad", Size((0, Pair(1, 2))), Size((0, Pair(1, 2)))),
        ("pad", "amount", -1, -1), ("upconv", "outpad", 0, 0), ("dropout", "rate", 0, 0), ("dropout", "rate", 1, 1),
        ("take", "range", Pair(0, 1), Pair(0, 1)), ("take", "axis", Word("L"), "L"), ("reshape", "shape", 1, Size((1,))),
        ("reshape", "shape", Size((1, None)), Size((1, None))), ("resize", "factor", 1, 1),
        ("resize", "mode", Word("bilinear"), "bilinear"), ("resize", "like", (3, 8, 8), (3, 8, 8)),
    ],
)  # fmt: skip
def test_a_value_that_an_argument_can_have(kind: str, argument: str, value: Any, kept: Any) -> None:
    got = next(arg for arg in KINDS[kind].args if arg.name == argument).convert(value, kind)
    assert got == kept
    assert type(got) is (str if isinstance(value, Word) and kept != 0 else type(kept))


def test_a_fault_in_a_value_says_what_is_wanted() -> None:
    assert said(refusal("conv", filters=0, kernel=3)) == "filters is at least 1, not 0"
    assert said(refusal("upconv", filters=1, kernel=3, outpad=-1)) == "outpad is at least 0, not -1"
    assert said(refusal("conv", filters=8, kernel=Size((3, 0)))) == "kernel is at least 1, not 0"
    fault = refusal("conv", filters=8, kernel=3, pad=Pair(0, -2))
    assert said(fault) == "pad is at least 0, not -2"
    assert fault.help is not None and "crop" in fault.help
    words = said(refusal("upconv", filters=8, kernel=3, pad=Word("x")))
    assert words == "unknown name 'x': pad is a number, before:after, same, valid"
    assert said(refusal("pad", amount=Word("x"))) == "unknown name 'x': amount is a number, before:after"
    assert said(refusal("resize", factor=2, mode=Word("x"))) == "unknown name 'x': mode is nearest or bilinear"


def test_a_size_where_the_number_of_filters_belongs() -> None:
    """`conv 3x3 64`: the order is told; not where some other number is meant."""
    fault = refusal("conv", filters=Size((3, 3)), kernel=64)
    assert (
        fault.help is not None
        and fault.help.startswith("write 'conv FILTERS …'")
        and "filters comes first" in fault.help
    )
    units = refusal("fc", units=Size((3, 3)))
    assert units.help is not None and units.help.startswith("write 'fc UNITS …'")
    assert refusal("gn", groups=Size((3, 3))).help is None
    assert refusal("conv", filters=Word("a"), kernel=3).help is None


def test_half_a_filter_is_told_of_whole_division() -> None:
    fault = refusal("conv", filters=Fraction(5, 2), kernel=3)
    assert fault.help is not None and "//" in fault.help
    assert refusal("dropout", rate=Fraction(5, 2)).help == ""
    assert refusal("resize", factor=Fraction(-5, 2)).help == ""
    assert refusal("conv", filters=8, kernel=Fraction(5, 2)).argument == "kernel"


@pytest.mark.parametrize(
    ("kind", "given", "missing", "words"),
    [
        ("conv", {}, "filters", "conv needs filters"),
        ("conv", {"filters": 3}, "kernel", "conv needs a kernel"),
        ("maxpool", {}, "kernel", "maxpool needs a kernel"),
        ("pad", {}, "amount", "pad needs an amount"),
        ("fc", {}, "units", "fc needs units"),
        ("crop", {}, "size", "crop needs size= or like="),
        ("resize", {}, "factor", "resize needs factor= or to= or like="),
    ],
)
def test_a_missing_argument(kind: str, given: dict[str, Any], missing: str, words: str) -> None:
    fault = refusal(kind, **given)
    assert (fault.missing, fault.argument, said(fault)) == (missing, None, words)


def test_an_error_by_default() -> None:
    fault = LayerError("no")
    assert (fault.argument, fault.help, fault.missing, fault.notes, fault.code) == (None, None, None, (), "shape")
    assert str(fault) == "no"


@pytest.mark.parametrize(
    ("kind", "argument", "value", "words"),
    [
        ("conv", "kernel", ShapeSize((3, 3)), "kernel is one number an axis: it has no channels, not the size 3x3"),
        ("conv", "kernel", Fraction(5, 2), "kernel is a whole number, or one an axis, not 2.5"),
        ("conv", "kernel", Size((3, None)), "kernel is no shape with '?', not a tensor"),
        ("conv", "pad", True, "pad is a whole number, or one an axis, not the flag yes"),
        ("conv", "pad", Pair(1, None), "pad is a whole number, or one an axis, not the pair 1:?"),
        ("conv", "pad", Pair(Fraction(1, 2), 1), "pad is a whole number, or one an axis, not 0.5"),
        ("conv", "bias", 1, "bias is yes or no, not 1"),
        ("reshape", "shape", Size((2, True)), "shape is a shape of whole numbers, not the flag yes"),
        ("reshape", "shape", Size((2, 0)), "shape is a shape of numbers over 0, not 0"),
        ("resize", "like", 3, "like is a tensor: '@name', not 3"),
        ("take", "range", 1, "range is a range from:to of whole numbers, not 1"),
        ("take", "range", Pair(3, 2), "range is a range with 0 <= from < to, not the pair 3:2"),
        ("dropout", "rate", 2, "rate is a number from 0 to 1, not 2"),
        ("resize", "factor", 0, "factor is a number over 0, or one an axis, not 0"),
        ("take", "axis", "CH", "axis is the letter of an axis (C, H, W, D or L), not 'CH'"),
        ("take", "axis", 1, "axis is the letter of an axis (C, H, W, D or L), not '1'"),
        ("conv", "filters", Fraction(5, 2), "filters is a whole number, not 2.5"),
    ],
)
def test_a_fault_names_the_argument_what_it_takes_and_what_it_got(
    kind: str, argument: str, value: Any, words: str
) -> None:
    with pytest.raises(LayerError) as caught:
        next(arg for arg in KINDS[kind].args if arg.name == argument).convert(value, kind)
    assert said(caught.value) == words


def test_a_value_is_shown_as_it_is_written() -> None:
    assert OneOf("how", words=("max",)).show(Word("max"), 2) == "max"
    assert OneOf("how").show(Size((2, 3)), 2) == "2x3"


def test_a_size_is_shown_once_an_axis_where_it_is_a_window_or_an_output() -> None:
    shown = {
        f"{kind}.{arg.name}": arg.show(3, 2) for kind, cls in KINDS.items() for arg in cls.args if arg.sort == "size"
    }
    spread = {name for name, text in shown.items() if text == "3x3"}
    assert {name.split(".")[1] for name in spread} == {"kernel", "to", "size"}
    assert all(text == "3" for name, text in shown.items() if name not in spread)
    assert Sizes("of something").show(3, 2) == "3"


def test_activations_have_their_names_elsewhere() -> None:
    found = {
        kind: tuple(names(kind, where) for where in ("torch", "keras", "onnx")) for kind in ("relu", "relu6", "silu")
    }
    assert found == {
        "relu": (("ReLU",), ("ReLU",), ("Relu",)),
        "relu6": (("ReLU6",), (), ("Clip",)),
        "silu": (("SiLU",), (), ("Swish",)),
    }
