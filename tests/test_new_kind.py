"""A new kind of layer is a class, listed in its file's KINDS, and a row of convert/names.py: then all the rest is right.

Three toy kinds are added so here, for the length of a test: an activation, one with weights, and one with windows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from math import prod
from typing import Any

import pytest

import cnncalc
from cnncalc.convert import lookup, names
from cnncalc.convert.pasted import translate
from cnncalc.layers import KINDS, Layer, Shape
from cnncalc.layers.activation import Activation
from cnncalc.layers.arguments import Count, YesNo
from cnncalc.layers.pool import Pool
from cnncalc.layers.result import Quantities
from cnncalc.measure.conventions import CONVENTIONS, Tally
from cnncalc.measure.lints import lints
from cnncalc.measure.measurements import Measurements
from cnncalc.measure.receptive_field.window import window
from command_line import folder, run, spec  # noqa: F401
from helpers import clean, fault, network, shapes

Run = Any


class Hardtanh(Activation):
    kind = "hardtanh"
    summary = "min(max(x, -1), 1)."
    example = "hardtanh"


class ChannelAffine(Layer):
    """A weight, and a constant, for every channel: a diagonal matrix."""

    kind = "chanaffine"
    aliases = ("diagonal",)
    summary = "A learned weight for every channel, multiplied and added."
    example = "chanaffine"
    family = "dense"
    learns = weighted = linear = per_channel = True

    bias = YesNo("a learned constant for every channel", True)

    @property
    def channel_bias(self) -> bool:
        return self.bias

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        weight = ("weight", (output[0],))
        return (weight, ("bias", (output[0],))) if self.bias else (weight,)

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return prod(output)

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return Quantities({"products": prod(output)})


class LPPool(Pool):
    kind = "lppool"
    summary = "The p-norm of each window."
    example = "lppool 2"
    norm = Count("the power p of the norm", 2)


ROWS = {
    "lppool": names.Foreign(
        "LPPool1d LPPool2d LPPool3d(norm_type!: norm, kernel_size: kernel, stride=None, ceil_mode: ceil=False)",
        onnx="LpPool(kernel_shape: kernel, strides: stride=1, pads: pad/ends=0, p: norm=2)",
    ),
    "hardtanh": names.Foreign(
        "Hardtanh(min_val: -1.0, max_val: 1.0, inplace=False)", "write: Activation(activation!: 'hard_tanh')"
    ),
    "chanaffine": names.Foreign("read: ChannelAffine1d ChannelAffine2d(channels: C, offset: bias=True)"),
}


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both kinds, as if they stood in the lists, and out of them again."""
    for cls in (Hardtanh, ChannelAffine, LPPool):
        monkeypatch.setitem(KINDS, cls.kind, cls)
        monkeypatch.setitem(names.TABLE, cls.kind, ROWS[cls.kind])
    forget()
    yield
    monkeypatch.undo()
    forget()
    assert lookup.lookup("hardtanh") is None


def forget() -> None:
    """Names are worked out once."""
    lookup._own_names.cache_clear()
    lookup._foreign_names.cache_clear()


NET = "input 3x32x32\nconv 8 3 pad=1\nhardtanh\nmaxpool 2\nconv 8 3 pad=1 | chanaffine | hardtanh\nflatten | fc 10\n"


def test_it_is_read_under_all_its_names() -> None:
    assert shapes("input 3x8x8\nhardtanh | Hardtanh | HARD_TANH") == [(3, 8, 8)] * 3
    assert shapes("input 3x8x8\ndiagonal | ChannelAffine2d bias=no") == [(3, 8, 8)] * 2
    assert "2 spatial axes" in fault("input 3@8\nChannelAffine2d").message


def test_it_is_meant_where_it_is_nearly_written() -> None:
    assert fault("input 3x8x8\nhardtan").help == "did you mean 'hardtanh'?"
    assert fault("input 3x8x8\nchanaffine bia=no").help == "did you mean 'bias'?"


def test_pasted_calls() -> None:
    assert translate("nn.Hardtanh()").line == "hardtanh"
    assert translate("nn.Hardtanh(-1, 1, inplace=True)").line == "hardtanh"
    assert translate("ChannelAffine2d(64, offset=False)").line == "chanaffine bias=no"
    assert fault("input 3x8x8\nself.act = nn.Hardtanh()").help == "write 'act = hardtanh'"


def test_layers(run: Run) -> None:  # noqa: F811
    assert "hardtanh" in run("layers").stdout
    page = run("layers", "Hardtanh").stdout
    assert page.startswith("hardtanh\n")
    assert "PyTorch   Hardtanh\n" in page
    assert "min(max(x, -1), 1)." in page
    document = json.loads(run("layers", "ChannelAffine2d", "--format", "json").stdout)["layers"][0]
    assert (document["kind"], document["torch"]) == ("chanaffine", ["ChannelAffine1d", "ChannelAffine2d"])
    completed = {"_CNNCALC_COMPLETE": "bash_complete", "COMP_WORDS": "cnncalc layers hardt", "COMP_CWORD": "2"}
    assert run(env=completed).stdout == "plain,hardtanh\n"


@pytest.mark.parametrize("form", ["table", "plain", "json", "csv", "markdown"])
def test_shapes_in_every_format(form: str, run: Run, spec: Any) -> None:  # noqa: F811
    result = run("shapes", spec(NET), "--format", form, "--columns", "layer,operation,output,params,macs,field")
    assert result.exit_code == 0
    assert "hardtanh1" in result.stdout
    assert "chanaffine1" in result.stdout


def test_explain(run: Run, spec: Any) -> None:  # noqa: F811
    page = run("explain", spec(NET), "hardtanh1").stdout
    assert "nn.Hardtanh()" in page
    assert 'layers.Activation("hard_tanh")' in page
    page = run("explain", spec(NET), "chanaffine1").stdout
    assert "PyTorch has no chanaffine" in page
    assert "8 = 8, + 8 biases = 16" in page
    assert "2,048" in page
    assert run("explain", spec(NET), "--without", "padding").exit_code == 0


def test_counts_by_every_convention() -> None:
    analysis = cnncalc.analyze(clean(NET))
    for convention in CONVENTIONS.values():
        states = [Tally(analysis, convention).counts[name] for name in ("hardtanh1", "chanaffine1")]
        others = convention.others[0].state
        assert [one.state for one in states if one is not None] == [others, others], convention.name


def test_measures() -> None:
    measured = Measurements(cnncalc.analyze(clean(NET)))
    assert (measured("depth"), measured("weighted")) == (4, 4)
    assert measured("macs") == 8 * 27 * 1024 + 8 * 72 * 256 + 8 * 256 + 8 * 256 * 10


def codes(text: str) -> list[str]:
    return [one.code for one in lints(cnncalc.analyze(network(text)))]


def test_lints() -> None:
    assert "linear-pair" in codes("input 8x64x64\nconv 8 64 | conv 8 1")
    assert "linear-pair" not in codes("input 8x64x64\nconv 8 64 | hardtanh | conv 8 1")
    assert "linear-pair" in codes("input 8x64x64\nconv 8 64 | chanaffine")
    assert "bias-before-norm" in codes("input 8x64x64\nchanaffine | bn")
    assert "bias-before-norm" not in codes("input 8x64x64\nchanaffine bias=no | bn")
    assert "bias-before-norm" not in codes("input 8x64x64\nhardtanh | bn")


def test_receptive_fields() -> None:
    analysis = cnncalc.analyze(clean("input 3x32x32\nconv 8 5 stride=2 | hardtanh | chanaffine | conv 4 3"))
    sizes = [tuple(axis.size for axis in fields or ()) for fields in analysis.fields]
    assert sizes == [(1, 1), (5, 5), (5, 5), (5, 5), (9, 9)]
    seen = window(analysis.network, analysis.network.nodes[3], (1, 0))
    assert seen.hull == ((2, 6), (0, 4))


def test_channels_stay_apart() -> None:
    """Behind it a part of a concat still is the path that it came from."""
    text = "input 3x9x9\na = conv 2 3 pad=1\nb = @input | conv 2 5 pad=2\nconcat @a @b\nhardtanh | chanaffine\ntake 0:2"
    built = network(text)
    seen = window(built, built.nodes[-1], (4, 4))
    assert seen.hull == ((3, 5), (3, 5))


def test_written_in_other_formats() -> None:
    """By its row in the table; where that has no call it is said, with its line."""
    built = clean("input 3x8x8\nconv 4 3 | hardtanh\n")
    assert 'layers.Activation("hard_tanh")(x)' in built.to_keras_source()
    assert "nn.Hardtanh()" in built.to_torch_source()
    assert cnncalc.loads(built.to_spec()).nodes[-1].kind == "hardtanh"
    with pytest.raises(cnncalc.SpecError, match="Keras has no layer for chanaffine"):
        clean(NET).to_keras_source()
    if find_spec("onnx") is None:
        return
    with pytest.raises(cnncalc.SpecError, match="ONNX has no operator for hardtanh"):
        built.to_onnx()
    with pytest.raises(cnncalc.SpecError, match="how ONNX's LpPool has the sizes of lppool is not known here"):
        clean("input 3x8x8\nlppool 2\n").to_onnx()


def test_one_with_windows() -> None:
    built = clean("input 3x9x9\nconv 4 3 | lppool 3 pad=1\n")
    assert built.nodes[-1].output == (4, 3, 3)
    with pytest.raises(cnncalc.SpecError, match="PyTorch has no lppool with pad="):
        built.to_torch_source()
    assert "nn.LPPool2d(2, 3, stride=2)" in clean("input 3x9x9\nlppool 3 stride=2\n").to_torch_source()
    assert cnncalc.loads(built.to_spec()).nodes[-1].output == (4, 3, 3)


def test_compare_and_diff(run: Run, spec: Any) -> None:  # noqa: F811
    old, new = spec(NET.replace("hardtanh", "relu"), "old.txt"), spec(NET, "new.txt")
    assert run("compare", new, "--mlp").exit_code == 0
    assert "no weights" in run("compare", new, "--layer", "hardtanh1").stdout
    document = json.loads(run("diff", old, new, "--format", "json").stdout)
    changed = [(one["old"]["kind"], one["new"]["kind"]) for one in document["changes"] if one["status"] == "changed"]
    assert changed == [("relu", "hardtanh")] * 2


def test_other_commands(run: Run, spec: Any) -> None:  # noqa: F811
    name = spec(NET)
    assert run("check", name, "--max-depth", "4").exit_code == 0
    assert run("check", name, "--max-weighted", "3").exit_code == 1
    for command in (("memory", name), ("explain", name), ("fmt", "--diff", name), ("annotate", "--diff", name)):
        assert run(*command).exit_code == 0, command
