"""The table of names elsewhere: whole, made of arguments that there are, and read and written alike."""

from __future__ import annotations

import pytest

from cnncalc.convert.lookup import all_names, calls, lookup, names
from cnncalc.convert.names import COMPOSED, TABLE
from cnncalc.convert.signatures import MEANINGS, REQUIRED, Signature, signatures
from cnncalc.layers import KINDS, Layer
from cnncalc.layers.pool import VARIANTS

CLASSES: dict[str, type[Layer]] = {**KINDS, **VARIANTS}
EVERY = [(row, framework, call) for row in TABLE for framework in ("torch", "keras", "onnx")
         for call in calls(row, framework)]  # fmt: skip


def test_every_kind_has_a_row() -> None:
    assert TABLE.keys() == CLASSES.keys()


@pytest.mark.parametrize(("row", "framework", "call"), EVERY, ids=[f"{row}-{call.names[0]}" for row, _, call in EVERY])
def test_a_call_is_made_of_arguments_that_the_kind_has(row: str, framework: str, call: Signature) -> None:
    arguments = {arg.name: arg for arg in CLASSES[row].args}
    assert call.implied.keys() <= arguments.keys()
    for one in call.parameters:
        assert one.ours is None or one.ours in arguments, one
        assert one.word in (*MEANINGS, "")
    required = {name for name, arg in arguments.items() if arg.required and framework != "onnx" and call.writes}
    said = {one.ours for one in call.parameters} | ({"filters"} if row == "dwconv" else set())
    assert required <= said


@pytest.mark.parametrize("row", TABLE)
def test_what_is_read_under_a_name_is_the_kind(row: str) -> None:
    for framework in ("torch", "keras"):
        for name in names(row, framework):
            found = lookup(name)
            assert found is not None
            assert found[0].kind == CLASSES[row].kind


def test_the_notation() -> None:
    text = (
        "Conv1d Conv2d(in_channels: C, filters, kernel_size: kernel, eps=1e-05, mode: 'zeros', p!: rate=0.5, x: ~2=3)"
    )
    (call,) = signatures(text)
    assert call.names == ("Conv1d", "Conv2d")
    assert (call.reads, call.writes, call.implied) == (True, True, {})
    channels, filters, kernel, eps, mode, rate, x = call.parameters
    assert (channels.word, channels.ours, channels.required) == ("C", None, True)
    assert (filters.name, filters.ours, filters.default) == ("filters", "filters", REQUIRED)
    assert (kernel.name, kernel.ours) == ("kernel_size", "kernel")
    assert (eps.ours, eps.bound, eps.default, eps.value) == (None, False, 1e-05, REQUIRED)
    assert (mode.bound, mode.value, mode.default) == (True, "zeros", "zeros")
    assert (rate.name, rate.ours, rate.always, rate.default) == ("p", "rate", "!", 0.5)
    assert (x.bound, x.value, x.default) == (False, 2, 3)


def test_the_notation_of_what_is_none_of_our_arguments() -> None:
    (call,) = signatures(
        "paste: F(input: x, w: tensor, v: tensor=None, dim: channels=-1, keepdims: kept=False, d: C/heads)"
    )
    assert (call.reads, call.writes) == (False, False)
    assert [(one.word, one.form, one.required) for one in call.parameters] == [
        ("x", "", True), ("tensor", "", True), ("tensor", "", False), ("channels", "", False), ("kept", "", False),
        ("C", "heads", True),
    ]  # fmt: skip
    assert [one.value for one in call.parameters][3:5] == [1, True]


def test_what_is_composed_is_made_of_kinds_and_their_arguments() -> None:
    for row, foreign in COMPOSED.items():
        for call in (*signatures(foreign.torch), *signatures(foreign.keras)):
            for ours in (*(one.ours for one in call.parameters if one.ours), *call.implied):
                kind, _, argument = ours.partition(".")
                assert kind in row.split()
                assert argument in {arg.name for arg in CLASSES[kind].args}


def test_the_notation_of_several_calls() -> None:
    read, write, implied = signatures(
        "read: A(axis/last=-1)\nwrite: B(n+: C=32)\nUp2d(size: to=None, mode=='bilinear')"
    )
    assert (read.reads, read.writes, write.reads, write.writes) == (True, False, False, True)
    assert (read.parameters[0].name, read.parameters[0].ours, read.parameters[0].form) == ("axis", "axis", "last")
    assert (write.parameters[0].always, write.parameters[0].word, write.parameters[0].default) == ("+", "C", 32)
    assert implied.implied == {"mode": "bilinear"}
    assert [one.name for one in implied.parameters] == ["size"]


def test_the_rank_that_a_name_fixes() -> None:
    conv = calls("conv", "torch")[0]
    assert [conv.rank(name) for name in conv.names] == [1, 2, 3]
    assert [conv.name(rank) for rank in (1, 2, 3, 4)] == ["Conv1d", "Conv2d", "Conv3d", None]
    dropout = calls("dropout", "torch")[0]
    assert dropout.rank("Dropout2d") is None
    assert dropout.name(2) == "Dropout"


#: The operators of onnx.ai/onnx/operators that have names of their own.
ONNX = (
    "conv Conv, dwconv Conv, upconv ConvTranspose, maxpool MaxPool, avgpool AveragePool, gavgpool GlobalAveragePool, "
    "gmaxpool GlobalMaxPool, fc Gemm MatMul, flatten Flatten, reshape Reshape, bn BatchNormalization, "
    "in InstanceNormalization, gn GroupNormalization, ln LayerNormalization, lrn LRN, relu Relu, relu6 Clip, "
    "leakyrelu LeakyRelu, prelu PRelu, elu Elu, selu Selu, gelu Gelu, silu Swish, mish Mish, hardswish HardSwish, "
    "hardsigmoid HardSigmoid, sigmoid Sigmoid, tanh Tanh, softplus Softplus, softmax Softmax, logsoftmax LogSoftmax, "
    "dropout Dropout, identity Identity, add Add Sum, mul Mul, concat Concat, pad Pad, crop Slice, resize Resize, "
    "pixelshuffle DepthToSpace, pixelunshuffle SpaceToDepth, take Slice, split Split, scale Mul, tokens Reshape, attention Attention, "
    "mean ReduceMean, max ReduceMax, sub Sub, div Div, maximum Max, minimum Min, matmul MatMul, permute Transpose, "
    "lstm LSTM, gru GRU, rnn RNN, embed Gather, unpool MaxUnpool"
)


def test_the_names_of_onnx() -> None:
    expected = {row: tuple(words) for row, *words in (entry.split() for entry in ONNX.split(", "))}
    assert {row: names(row, "onnx") for row in TABLE} == {row: expected.get(row, ()) for row in TABLE}


@pytest.mark.parametrize("row", TABLE)
def test_a_name_is_of_its_framework(row: str) -> None:
    """PyTorch ends the number of axes in a small d, Keras in a large one; only these are told apart by it."""
    for name in names(row, "torch"):
        assert not any(f"{digit}D" in name for digit in "123"), name
    for name in names(row, "keras"):
        assert not any(f"{digit}d" in name for digit in "123"), name


def test_all_names_are_the_languages_then_pytorchs_and_kerass() -> None:
    found = all_names()
    assert found[:3] == ["conv", "dwconv", "depthwise"]
    assert {"Conv2d", "Conv2D", "BatchNorm1d", "GlobalAveragePooling3D", "AdaptiveAvgPool2d"} <= set(found)
    assert "Gemm" not in found
    assert calls("nothing", "torch") == ()
