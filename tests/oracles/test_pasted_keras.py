"""The line that is advised for a Keras call against Keras 3 itself: shape, parameters and running statistics, or a reason.

pip install keras, beside PyTorch; KERAS_BACKEND=torch pytest -m slow tests/oracles/test_pasted_keras.py
"""

from __future__ import annotations

import os
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras")
from keras import layers  # noqa: E402

import cnncalc  # noqa: E402
from cnncalc.convert.names import COMPOSED, TABLE  # noqa: E402
from cnncalc.convert.pasted import translate  # noqa: E402
from cnncalc.convert.signatures import IGNORED, Parameter, Signature, axes_in, signatures  # noqa: E402

pytestmark = pytest.mark.slow

Draw = st.DrawFn
#: What Keras 3 has of the table: names read as the kind's, written for it, or only understood.
CALLS = [(row, name, call) for row, foreign in (TABLE | COMPOSED).items() for call in signatures(foreign.keras)
         for name in call.names
         if hasattr(layers, name) and not row.startswith(("add", "mul", "concat", "sub", "maximum", "minimum"))
         and not any(one.name in ("nb_filter", "output_dim", "border_mode", "p") for one in call.parameters)]  # fmt: skip


@st.composite
def per_axis(draw: Draw, rank: int, sizes: st.SearchStrategy[Any], equal: bool = False) -> Any:
    if draw(st.booleans()) or rank == 0:
        return draw(sizes)
    if equal:
        return (draw(sizes),) * rank
    return tuple(draw(sizes) for _ in range(rank))


@st.composite
def value(draw: Draw, row: str, name: str, one: Parameter, rank: int, channels: int) -> Any:
    """A value for one argument of a call: mostly one that Keras takes."""
    ours = (one.ours or "").rpartition(".")[2]
    if one.word == "C":
        return draw(st.sampled_from([channels // 2, channels, 4])) if one.form == "heads" else channels
    if one.word == "kept":
        return draw(st.booleans())
    if one.word == "then":
        return draw(st.sampled_from([None, "linear", "relu", "softmax", "swish", "gelu", "hard_sigmoid", "leaky_relu"]))
    if one.bound:
        return draw(st.sampled_from([one.value] * 6 + [None, 1]))
    if ours == "":
        plain: dict[str, Any] = {
            "negative_slope": 0.2, "momentum": 0.9, "epsilon": 0.01, "alpha": 0.5, "seed": 1, "data_format": "channels_last",
            "fill_mode": "reflect", "fill_value": 0.0, "antialias": False, "dropout": 0.0, "noise_shape": None,
        }  # fmt: skip
        return plain.get(one.name, one.default)
    match ours, one.form:
        case "filters" | "units", _:
            return draw(st.integers(1, 4)) * 2
        case "axes", "turned":
            return tuple(draw(st.permutations(range(1, rank + 2))))
        case "axes", _:
            return draw(st.sampled_from([-1, list(range(1, rank + 2)), [-1]]))
        case "by", _:
            return draw(st.sampled_from([2, 0.5]))
        case "words", _:
            return 10
        case (("affine" | "bias" | "scale" | "biases" | "last"), _):
            return draw(st.booleans())
        case "groups", _:
            return draw(st.sampled_from([1, 2, channels, -1]))
        case "heads", _:
            return draw(st.sampled_from([1, 2]))
        case "kernel", _:
            return draw(per_axis(rank, st.integers(1, 4)))
        case "stride" | "dilation", _:
            sizes = per_axis(rank, st.integers(1, 3), equal=row.startswith("dwconv"))
            return draw(st.one_of(st.none(), sizes) if one.default is None else sizes)
        case "pad", _:
            return draw(st.sampled_from(["valid", "same", "SAME"] + ["causal"] * (rank == 1 and row == "conv")))
        case "outpad", _:
            return draw(st.one_of(st.none(), per_axis(rank, st.integers(0, 2))))
        case "multiplier", _:
            return draw(st.integers(1, 3))
        case (("to" | "size"), _):
            return (
                draw(st.integers(2, 4 if row == "crop" else 9))
                if one.form == "side"
                else draw(per_axis(rank, st.integers(1, 9)))
            )
        case "factor", _:
            return draw(st.integers(1, 3)) if rank == 1 else draw(per_axis(rank, st.integers(1, 3)))
        case "mode", _:
            return draw(st.sampled_from(["nearest", "bilinear", "bicubic"]))
        case "amount", _:
            sides = st.integers(0, 3)
            pairs = st.tuples(*[st.tuples(sides, sides)] * rank)
            return draw(
                st.one_of(sides, st.tuples(sides, sides) if rank == 1 else st.one_of(pairs, st.tuples(*[sides] * rank)))
            )
        case "shared", _:
            return draw(st.sampled_from([None, *([*range(1, axes + 1)] for axes in range(1, 4)), [2]]))
        case "shape", _:
            return draw(st.sampled_from([(channels, 2), (2, channels), (-1, 2), (2, 2, -1), (-1,)]))
        case "rate", _:
            return draw(st.sampled_from([0.1, 0.5]))
    raise AssertionError(f"no values for {one} of {name}")


@st.composite
def call(draw: Draw, row: str, name: str, signature: Signature) -> tuple[str, tuple[int, ...]]:
    """The text of a call, and the shape of an input, channels first."""
    rank = axes_in(name)
    if rank is None:
        rank = draw(
            st.sampled_from(
                {
                    "fc": [0],
                    "attention": [1],
                    "lstm": [1],
                    "gru": [1],
                    "rnn": [1],
                    "embed": [0],
                    "crop": [2],
                    "resize": [2],
                    "reshape": [0, 2],
                }.get(row, [0, 1, 2])
            )
        )
    channels = draw(st.sampled_from([2, 4, 6]))
    shape = (channels, *(draw(st.sampled_from([4, 6, 8, 9, 11])) for _ in range(rank)))
    words: list[str] = []
    keyed = False
    for one in signature.parameters:
        if (not one.required and not one.bound and draw(st.booleans())) or (
            one.bound and one.always == "" and draw(st.booleans())
        ):
            keyed = True
            continue
        text = repr(draw(value(row, name, one, rank, channels)))
        keyed = keyed or (draw(st.booleans()) and draw(st.booleans())) or one.name in IGNORED
        keyed = keyed or (one.name == "strides" and name == "Convolution2D")  # three numbers are Keras 1's
        words.append(f"{one.name}={text}" if keyed else text)
    return f"layers.{name}({', '.join(words)})", shape


@settings(max_examples=60)
@given(data=st.data())
@pytest.mark.parametrize(
    ("row", "name", "signature"), CALLS, ids=[f"{row}-{name}-{n}" for n, (row, name, _) in enumerate(CALLS)]
)
def test_the_line_is_the_layer(row: str, name: str, signature: Signature, data: st.DataObject) -> None:
    text, shape = data.draw(call(row, name, signature))
    advice = translate(text)
    assert bool(advice.line) != bool(advice.reason), (text, advice)
    try:
        layer = eval(text, {"layers": layers})
        x = keras.Input((*shape[1:], shape[0]))
        made = tuple((layer(x, x) if row == "attention" else layer(x)).shape[1:])
    except Exception:
        return  # Keras refuses it
    if advice.reason or advice.differences(shape):
        return
    sizes = f"{shape[0]}@{'x'.join(map(str, shape[1:]))}" if len(shape) > 1 else str(shape[0])
    analysis = cnncalc.analyze(cnncalc.loads(f"input {sizes}\n{advice.line}"))
    params, buffers = (
        sum(prod(one.shape) for one in some) for some in (layer.trainable_weights, layer.non_trainable_weights)
    )
    assert (analysis.outputs[0].shape, analysis.totals.params, analysis.totals.buffers) == (
        (made[-1], *made[:-1]), params, buffers), (text, advice.line)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "name", "signature"), CALLS, ids=[f"{row}-{name}-{n}" for n, (row, name, _) in enumerate(CALLS)]
)
def test_a_call_as_simple_as_can_be_is_a_line(row: str, name: str, signature: Signature) -> None:
    """No layer hides behind reasons: with what must be given, and nothing else, there is a line."""
    plain = {"filters": 8, "units": 8, "kernel": 2, "to": 2, "groups": 2, "heads": 2, "amount": 1, "shape": (2, 2), "size": 3, "axes": (2, 1), "words": 10,
             "rate": 0.5}  # fmt: skip
    words = [f"{one.name}={one.value!r}" if one.bound or (one.ours is None and not one.word)
             else f"{one.name}={plain.get((one.ours or '').rpartition('.')[2], 4)!r}"
             for one in signature.parameters if (one.required or (one.bound and one.default != one.value)) and one.name != "negative_slope"]  # fmt: skip
    if name == "PReLU":
        words.append("shared_axes=[1, 2]")
    if name == "ReLU" and row == "leakyrelu":
        words.append("negative_slope=0.1")
    advice = translate(f"layers.{name}({', '.join(words)})")
    assert advice.line, advice
    if row not in ("in", "dwconv conv"):
        assert advice.line.split()[0] == row.split(maxsplit=1)[0]
