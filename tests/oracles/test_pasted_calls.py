"""The line that is advised for a call against PyTorch itself: shape, parameters and buffers, or there is a reason.

For every module and function of the table hypothesis makes calls with all kinds of arguments, by position and by key.
What the call claims of the tensor that enters must hold; where it does not, the shape of the line is not compared.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402

import cnncalc  # noqa: E402
from cnncalc.convert.lookup import calls  # noqa: E402
from cnncalc.convert.names import TABLE  # noqa: E402
from cnncalc.convert.pasted import Advice, translate  # noqa: E402
from cnncalc.convert.signatures import ENTERING, TENSOR, Parameter, Signature, axes_in  # noqa: E402

Draw = st.DrawFn
MODULES = [(row, name, call) for row in TABLE for call in calls(row, "torch") if call.reads
           for name in call.names if hasattr(nn, name) and name != "Parameter"]  # fmt: skip


def snake(name: str) -> str:
    """The function of a module: ``AdaptiveAvgPool2d`` is adaptive_avg_pool2d."""
    found = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return {"prelu": "prelu", "re_lu": "relu"}.get(found, found)


SPELLED = [(row, name, call) for row in TABLE for call in calls(row, "torch")
           if call.parameters[:1] and call.parameters[0].word == ENTERING for name in call.names if hasattr(F, name) and row != "unpool"]  # fmt: skip
#: Functions that have their module's arguments.
FUNCTIONS = [(row, function, call) for row, name, call in MODULES for function in sorted({snake(name), name.lower()})
             if callable(getattr(F, function, None)) and all(function != other for _, other, _ in SPELLED) and row not in ("embed", "unpool")]  # fmt: skip


@st.composite
def per_axis(draw: Draw, rank: int, sizes: st.SearchStrategy[Any]) -> Any:
    """A number, or one an axis, in a tuple or a list."""
    if draw(st.booleans()) or rank == 0:
        return draw(sizes)
    made = [draw(sizes) for _ in range(rank)]
    return draw(st.sampled_from([list, tuple]))(made)


#: Rows whose modules have the channels last.
LAST = ("ln", "attention", "lstm", "gru", "rnn", "embed")
FACTORS = st.sampled_from([1, 2, 3, 0.5, 1.5, 2.0, 0.25, 2.5])
#: Arguments that say nothing, with values that they may have.
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "eps": st.sampled_from([1e-5, 0.001]), "momentum": st.sampled_from([0.1, 0.9]), "inplace": st.booleans(),
    "alpha": st.sampled_from([1.0, 0.5]), "beta": st.sampled_from([1, 0.75]), "k": st.sampled_from([1.0, 2]),
    "negative_slope": st.sampled_from([0.01, 0.2]), "threshold": st.just(20), "init": st.just(0.3),
    "approximate": st.sampled_from(["none", "tanh"]), "value": st.sampled_from([0, 1.5]), "align_corners": st.just(None),
    "norm_type": st.just(2.0), "padding_idx": st.just(None), "max_norm": st.just(None), "sparse": st.just(False),
    "scale_grad_by_freq": st.just(False), "nonlinearity": st.sampled_from(["tanh", "relu"]), "dropout": st.just(0.0), "batch_first": st.just(True), "antialias": st.just(False), "training": st.booleans(),
}  # fmt: skip


@st.composite
def value(draw: Draw, row: str, one: Parameter, rank: int, channels: int) -> Any:
    """A value for one argument of a call: mostly one that PyTorch takes."""
    small, sides = st.integers(1, 4), st.integers(-1, 3)
    if one.word == "keys":
        return draw(st.sampled_from([None] * 4 + [3]))
    if one.word == "C":
        return [channels] if one.name == "normalized_shape" and draw(st.booleans()) else channels
    if one.word == "channels":
        return draw(st.sampled_from([1, 1, 1, -1, 0, 2, -rank - 1]))
    if one.bound:
        other = {True: False, False: True, None: 2, "zeros": "reflect", "constant": "reflect", -1: 1}
        return draw(st.sampled_from([one.value] * 9 + [other.get(one.value, one.value)]))  # type: ignore[arg-type]
    if one.ours is None:
        return draw(PLAIN[one.name])
    match one.ours, one.form:
        case "filters" | "units", _:
            return draw(st.integers(1, 3)) * 2
        case "axes", "normed":
            return draw(st.sampled_from([channels, [channels], (channels,)]))
        case "layers" | "words", _:
            return draw(small)
        case (("affine" | "bias" | "ceil" | "countpad" | "biases" | "bidirectional"), _):
            return draw(st.booleans())
        case "groups", _:
            return draw(st.sampled_from([g for g in range(1, channels + 1) if channels % g == 0]))
        case "heads", _:
            return draw(st.sampled_from([1, 2, channels]))
        case "stride", _:
            return (
                draw(st.one_of(st.none(), per_axis(rank, st.integers(1, 3))))
                if one.default is None
                else draw(per_axis(rank, st.integers(1, 3)))
            )
        case "pad", "unstrided":
            return draw(st.one_of(per_axis(rank, st.integers(0, 2)), st.sampled_from(["same", "valid"])))
        case "pad" | "outpad", _:
            return draw(per_axis(rank, st.integers(0, 2)))
        case "kernel" | "dilation", _:
            return draw(per_axis(rank, small if one.ours == "kernel" else st.integers(1, 2)))
        case "to", _:
            sizes = st.one_of(st.none(), st.integers(1, 9)) if row.endswith(" to") else st.integers(1, 9)
            return draw(per_axis(rank, sizes))
        case "factor", _:
            return draw(small) if row.startswith("pixel") else draw(per_axis(rank, FACTORS))
        case "mode", _:
            return draw(
                st.sampled_from(
                    ["nearest", ("linear", "bilinear", "trilinear")[max(rank, 1) - 1], "nearest-exact", "area"]
                )
            )
        case "amount", _:
            if draw(st.booleans()) and one.name == "padding":
                return draw(sides)
            return tuple(draw(sides) for _ in range(2 * rank))
        case "shared", _:
            return draw(st.sampled_from([1, channels]))
        case "shape", _:
            return draw(st.sampled_from([(channels, 1), (1, channels), (channels, -1), (-1, 1, 1)]))
        case "rate", _:
            return draw(st.sampled_from([0.1, 0.5, 1]))
        case "size", _:
            return draw(st.integers(1, 6))
    raise AssertionError(f"no values for {one}")


@st.composite
def call(draw: Draw, row: str, name: str, signature: Signature, function: bool) -> tuple[str, tuple[int, ...]]:
    """The text of a call, its arguments by position or by key, and an input."""
    rank = axes_in(name) if axes_in(signature.names[0]) is not None else None
    if rank is None:
        ranks = {"fc": [0], "attention": [1], "lrn": [1, 2, 3], "pixelshuffle": [2], "pixelunshuffle": [2], "reshape": [0],
                 "lstm": [1], "gru": [1], "rnn": [1], "embed": [0],
                 "resize": [1, 2, 3], "shuffle": [1, 2], "pad": [1, 2], "in": [1, 2]}.get(row, [0, 1, 2])  # fmt: skip
        rank = draw(st.sampled_from(ranks))
    channels = draw(st.sampled_from([4, 6, 8, 36] if row == "pixelshuffle" else [2, 4, 6]))
    shape = (channels, *(draw(st.integers(4, 12)) for _ in range(rank)))
    words: list[str] = ["x"] if function else []
    keyed = False
    for one in signature.parameters:
        if one.word in (ENTERING, TENSOR):
            if one.word == TENSOR and one.required:
                words.append("w")
            keyed = keyed or one.word == TENSOR
            continue
        if not one.required and draw(st.booleans()):
            keyed = True
            continue
        text = repr(draw(value(row, one, rank, channels)))
        keyed = keyed or (draw(st.booleans()) and draw(st.booleans()))
        words.append(f"{one.name}={text}" if keyed else text)
    text = f"{'F' if function else 'nn'}.{name}({', '.join(words)})"
    return text, shape


def entering(row: str, shape: tuple[int, ...]) -> Any:
    """A tensor as the module wants it: channels last for what normalises or mixes them."""
    x = torch.zeros(2, *shape)
    return x.movedim(1, -1) if row in LAST and row != "embed" else x.long() if row == "embed" else x


def leaving(row: str, made: Any) -> tuple[int, ...]:
    return tuple((made.movedim(-1, 1) if row in LAST else made).shape[1:])


def advised(text: str, shape: tuple[int, ...]) -> tuple[Advice, Any]:
    """The advice, and the analysis of its line on an input of that shape; None where a claim does not hold."""
    advice = translate(text)
    assert bool(advice.line) != bool(advice.reason), (text, advice)
    if advice.reason or advice.differences(shape):
        return advice, None
    return advice, cnncalc.analyze(cnncalc.loads(spec(advice, shape)))


def spec(advice: Advice, shape: tuple[int, ...]) -> str:
    sizes = f"{shape[0]}@{'x'.join(map(str, shape[1:]))}" if len(shape) > 1 else str(shape[0])
    return f"input {sizes}\n{advice.line}"


def refused(text: str, shape: tuple[int, ...]) -> None:
    """PyTorch runs the call to a tensor without elements, which a spec never has: no line, or one that is an error."""
    advice = translate(text)
    if advice.line and not advice.differences(shape):
        with pytest.raises(cnncalc.SpecError, match="nothing is left"):
            cnncalc.loads(spec(advice, shape))


@settings(max_examples=60)
@given(data=st.data())
@pytest.mark.parametrize(("row", "name", "signature"), MODULES, ids=[f"{row}-{name}" for row, name, _ in MODULES])
def test_the_line_is_the_module(row: str, name: str, signature: Signature, data: st.DataObject) -> None:
    text, shape = data.draw(call(row, name, signature, function=False))
    try:
        module = eval(text, {"nn": nn}).eval()
        x = entering(row, shape)
        made = module(x, x, x)[0] if row == "attention" else module(x)
        made = made[0] if isinstance(made, tuple) else made
    except Exception:
        translate(text)  # PyTorch refuses it: whatever is advised, it is no bug
        return
    if not made.numel():
        refused(text, shape)
        return
    advice, analysis = advised(text, shape)
    if analysis is None:
        return
    params = sum(one.numel() for one in module.parameters())
    buffers = sum(one.numel() for name, one in module.named_buffers() if name != "num_batches_tracked")
    assert (analysis.outputs[0].shape, analysis.totals.params, analysis.totals.buffers) == (
        leaving(row, made), params, buffers), (text, advice.line)  # fmt: skip


@settings(max_examples=40)
@given(data=st.data())
@pytest.mark.parametrize(
    ("row", "name", "signature"),
    [*FUNCTIONS, *SPELLED],
    ids=[f"{row}-{name}" for row, name, _ in (*FUNCTIONS, *SPELLED)],
)
def test_the_line_is_the_function(row: str, name: str, signature: Signature, data: st.DataObject) -> None:
    text, shape = data.draw(call(row, name, signature, function=True))
    try:
        x = entering(row, shape)
        made = eval(text, {"F": F, "x": x, "w": torch.zeros(4, 2, 1)})
        made = made[0] if isinstance(made, tuple) else made
    except Exception:
        assert translate(text).reason or ", w" not in text
        return
    if not made.numel():
        refused(text, shape)
        return
    advice, analysis = advised(text, shape)
    if analysis is not None:
        assert (analysis.outputs[0].shape, analysis.totals.params) == (leaving(row, made), 0), (text, advice.line)


@pytest.mark.parametrize(("row", "name", "signature"), MODULES, ids=[f"{row}-{name}" for row, name, _ in MODULES])
def test_a_call_as_simple_as_can_be_is_a_line(row: str, name: str, signature: Signature) -> None:
    """No module hides behind reasons: with what must be given, and nothing else, there is a line."""
    plain = {"C": "4", "filters": "8", "units": "8", "kernel": "2", "to": "2", "groups": "2", "factor": "2", "heads": "2",
             "amount": "1", "shape": "(2, 2)", "size": "3", "axes": "4", "words": "10"}  # fmt: skip
    words = [repr(one.value) if one.bound else plain[one.word or one.ours or "C"]
             for one in signature.parameters if one.required and (one.ours or one.word or one.bound)]  # fmt: skip
    if row == "pad" and name.startswith("Constant"):
        words.append("0.0")
    if row == "resize":
        words = ["scale_factor=2"]
    if row == "flatten":
        words = []
    advice = translate(f"nn.{name}({', '.join(words)})")
    assert advice.line.split()[0] == row.split(maxsplit=1)[0], advice
