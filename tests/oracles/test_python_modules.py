"""Generated calls of torch.nn's modules in a file of PyTorch source: read, and executed by PyTorch.

Where PyTorch runs one: the same output shape, parameters and buffers, or nothing known of it; where it refuses, a fault.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cnncalc

torch = pytest.importorskip("torch")

EXAMPLES = 60 * int(os.environ.get("CNNCALC_ORACLE_FACTOR", "1"))
SMALL, SIZE = st.integers(1, 4), st.integers(1, 12)


def _axes(rank: int, least: int = 1) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*[st.integers(least, 12)] * rank)


def _per_axis(rank: int, values: st.SearchStrategy[int]) -> st.SearchStrategy[Any]:
    return values | st.tuples(*[values] * rank)


@st.composite
def convolutions(draw: st.DrawFn) -> tuple[str, tuple[int, ...]]:
    rank, groups = draw(st.integers(1, 3)), draw(st.sampled_from([1, 1, 2]))
    inside, outside = groups * draw(SMALL), groups * draw(SMALL)
    entering = inside if draw(st.integers(0, 5)) else inside + 1
    given = {"kernel_size": draw(_per_axis(rank, st.integers(1, 4))), "stride": draw(_per_axis(rank, st.integers(1, 3))),
             "padding": draw(_per_axis(rank, st.integers(0, 2))), "dilation": draw(_per_axis(rank, st.integers(1, 2))),
             "groups": groups, "bias": draw(st.booleans())}  # fmt: skip
    name = f"Conv{rank}d"
    if draw(st.booleans()):
        name, given["output_padding"] = f"ConvTranspose{rank}d", draw(_per_axis(rank, st.integers(0, 1)))
    return _call(name, inside, outside, **given), (entering, *draw(_axes(rank)))


@st.composite
def pools(draw: st.DrawFn) -> tuple[str, tuple[int, ...]]:
    rank = draw(st.integers(1, 3))
    given: dict[str, Any] = {"padding": draw(st.integers(0, 2)), "ceil_mode": draw(st.booleans())}
    if draw(st.booleans()):
        given["stride"] = draw(_per_axis(rank, st.integers(1, 3)))
    name = draw(st.sampled_from(["MaxPool", "AvgPool"]))
    if name == "MaxPool":
        given["dilation"] = draw(st.integers(1, 2))
    return _call(f"{name}{rank}d", draw(_per_axis(rank, st.integers(1, 4))), **given), (draw(SMALL), *draw(_axes(rank)))


@st.composite
def adaptive(draw: st.DrawFn) -> tuple[str, tuple[int, ...]]:
    rank, name = draw(st.integers(1, 3)), draw(st.sampled_from(["AdaptiveAvgPool", "AdaptiveMaxPool"]))
    return _call(f"{name}{rank}d", draw(_per_axis(rank, st.integers(1, 6)))), (draw(SMALL), *draw(_axes(rank)))


@st.composite
def norms(draw: st.DrawFn) -> tuple[str, tuple[int, ...]]:
    rank, channels = draw(st.integers(1, 3)), draw(st.integers(1, 6))
    entering = channels if draw(st.integers(0, 5)) else channels + 1
    shape = (entering, *draw(_axes(rank, 2)))
    name = draw(st.sampled_from(["BatchNorm", "InstanceNorm", "GroupNorm", "LayerNorm"]))
    if name == "GroupNorm":
        return _call(name, draw(SMALL), channels, affine=draw(st.booleans())), shape
    if name == "LayerNorm":
        return _call(
            name, list(shape[draw(st.integers(1, rank)) :]) or [3], elementwise_affine=draw(st.booleans())
        ), shape
    return _call(f"{name}{rank}d", channels, affine=draw(st.booleans()), track_running_stats=draw(st.booleans())), shape


@st.composite
def shaping(draw: st.DrawFn) -> tuple[str, tuple[int, ...]]:
    rank = draw(st.integers(1, 3))
    shape = (draw(st.integers(1, 8)), *draw(_axes(rank)))
    flat = [_call("PixelShuffle", draw(st.integers(1, 2))), _call("PixelUnshuffle", draw(st.integers(1, 2)))]
    pad = st.integers(0, 3)
    choices = [
        _call("Flatten", draw(st.integers(0, 3)), draw(st.integers(-2, 3))), _call("Identity"),
        _call(f"{draw(st.sampled_from(['Zero', 'Reflection', 'Replication']))}Pad{rank}d", draw(pad | st.tuples(*[pad] * 2 * rank))),
        *(flat if rank == 2 else ()),
        _call("Upsample", scale_factor=draw(st.integers(1, 3)), mode="nearest"),
        _call("Unfold", draw(st.integers(1, 3)), padding=draw(st.integers(0, 1)), stride=draw(st.integers(1, 2))),
        _call("Softmax", dim=draw(st.integers(-2, 3))), _call("GLU", dim=draw(st.integers(1, 2))), _call("PReLU", draw(SMALL)),
        _call("Linear", draw(SIZE), draw(SIZE), bias=draw(st.booleans())), _call("ChannelShuffle", draw(st.integers(1, 2))),
    ]  # fmt: skip
    return draw(st.sampled_from(choices)), shape


@st.composite
def sequences(draw: st.DrawFn) -> tuple[str, tuple[int, ...]]:
    heads, width = draw(st.integers(1, 2)), 4 * draw(SMALL)
    steps = draw(SIZE)
    recurrent = _call(draw(st.sampled_from(["LSTM", "GRU", "RNN"])), width, draw(SIZE), num_layers=draw(st.integers(1, 2)),
                      bidirectional=draw(st.booleans()), bias=draw(st.booleans()), batch_first=True)  # fmt: skip
    encoder = _call("TransformerEncoderLayer", width, heads, dim_feedforward=draw(SIZE), batch_first=True,
                    norm_first=draw(st.booleans()))  # fmt: skip
    return draw(
        st.sampled_from([recurrent, encoder, f"nn.TransformerEncoder({encoder}, {draw(st.integers(1, 2))})"])
    ), (steps, width)


def _call(name: str, *args: Any, **kwargs: Any) -> str:
    words = [*map(repr, args), *(f"{key}={value!r}" for key, value in kwargs.items())]
    return f"nn.{name}({', '.join(words)})"


def executed(call: str, shape: tuple[int, ...]) -> tuple[Any, ...] | None:
    """Output shape, parameters and buffers without batch counters; None where PyTorch refuses."""
    try:
        module = eval(call, {"nn": torch.nn}).eval()
        with torch.no_grad():
            output = module(torch.zeros(1, *shape))
    except (RuntimeError, ValueError, TypeError, IndexError, AssertionError):
        return None
    output = output[0] if isinstance(output, tuple) else output
    if 0 in output.shape:
        return None
    buffers = sum(one.numel() for name, one in module.named_buffers() if "num_batches" not in name)
    return tuple(output.shape), sum(one.numel() for one in module.parameters()), buffers


def read(folder: Path, call: str, shape: tuple[int, ...]) -> tuple[Any, ...] | None:
    """The same of a file with that module; None where it is refused."""
    path = folder / "net.py"
    path.write_text(
        "import torch.nn as nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.part = {call}\n\n    def forward(self, x):\n        y = self.part(x)\n"
        "        return y[0] if isinstance(y, tuple) else y\n"
    )
    try:
        network = cnncalc.load(f"{path}:Net", input="x".join(map(str, shape)))
    except cnncalc.SpecError:
        return None
    analysis = cnncalc.analyze(network)
    (port,) = network.outputs
    output = network.nodes[port.node].output
    if output is None:
        return ("unknown",)
    origin = network.origins.get(port.node)
    axis = 0 if origin is None else origin.axis
    whole = output if axis is None else (*output[:axis], 1, *output[axis:])
    return whole, analysis.totals.params_train, analysis.totals.buffers


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("family", [convolutions, pools, adaptive, norms, shaping, sequences])
def test_modules(family: Any, tmp_path: Path) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(family())
    def compare(drawn: tuple[str, tuple[int, ...]]) -> None:
        call, shape = drawn
        found = read(tmp_path, call, shape)
        assert found in (executed(call, shape), ("unknown",)), f"{call} on {shape}"

    compare()
