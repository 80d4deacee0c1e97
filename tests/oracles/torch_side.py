"""What PyTorch says about a case: the output shape and parameters, or that it refuses, and with what
words."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from .modules import Case, Shape

REFUSALS = (RuntimeError, ValueError, TypeError, AssertionError, ArithmeticError, IndexError)
torch.set_num_threads(1)  # on tensors this small, threads cost more than they give
BIG = 300_000  # elements; what is bigger is run on the meta device, which only computes shapes


class Answer(NamedTuple):
    """`refusal` is None where PyTorch accepts. An empty output is none, so it counts as a refusal."""

    shape: Shape | None
    params: int
    buffers: int
    refusal: str | None


class Take(nn.Module):
    def __init__(self, start: int, stop: int, axis: str) -> None:
        super().__init__()
        self.start, self.stop, self.axis = start, stop, axis

    def forward(self, x: Tensor) -> Tensor:
        return x.narrow(axis_number(self.axis, x.dim()), self.start, self.stop - self.start)


class Crop(nn.Module):
    def __init__(self, size: list[int]) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        for axis, length in enumerate(self.size, 2):
            x = x.narrow(axis, (x.shape[axis] - length) // 2, length)
        return x


class Scale(nn.Module):
    def __init__(self, channels: int, bias: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(channels))
        self.bias = nn.Parameter(torch.zeros(channels)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        shape = (-1, *[1] * (x.dim() - 2))
        x = x * self.weight.view(shape)
        return x if self.bias is None else x + self.bias.view(shape)


class Reduce(nn.Module):
    def __init__(self, function: str, axis: str) -> None:
        super().__init__()
        self.function, self.axis = function, axis

    def forward(self, x: Tensor) -> Tensor:
        return getattr(torch, self.function)(x, dim=axis_number(self.axis, x.dim()), keepdim=True)


class GlobalPool(nn.Module):
    """Not called Global: PyTorch's flop counter has a scope of that name, and would lose it."""

    def __init__(self, function: str) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return getattr(torch, self.function)(x, dim=tuple(range(2, x.dim())), keepdim=True)


class SelfAttention(nn.Module):
    """Multi-head attention of a CxL tensor with itself; PyTorch wants the tokens first."""

    def __init__(self, channels: int, num_heads: int, bias: bool) -> None:
        super().__init__()
        self.inner = nn.MultiheadAttention(channels, num_heads, bias=bias, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        y = x.transpose(1, 2)
        return self.inner(y, y, y, need_weights=False)[0].transpose(1, 2)


class ChannelsLast(nn.Module):
    """A module that works on the last axis, put to work on the channels."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x.movedim(1, -1)).movedim(-1, 1)


class Reshape(nn.Module):
    def __init__(self, shape: list[int]) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(1, *self.shape)


class InstanceNormVector(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return functional.instance_norm(x)


class Pad(nn.Module):
    """Pads, or crops where negative, each axis before and after; a maximum must not see the padding."""

    def __init__(self, pairs: list[tuple[int, int]], value: float = 0.0) -> None:
        super().__init__()
        self.amounts, self.value = [amount for pair in reversed(pairs) for amount in pair], value

    def forward(self, x: Tensor) -> Tensor:
        return functional.pad(x, self.amounts, value=self.value)


def axis_number(letter: str, rank: int) -> int:
    """C, then the spatial axes as they are named from the last: W, H, D, or L alone."""
    return 1 if letter == "C" else 2 if letter == "L" else rank - 1 - "WHD".index(letter)


def _uneven(case: Case) -> nn.Module:
    """The pads as a layer of their own: before a window, and cut off the output of a transposed
    convolution."""
    name = case.module.removeprefix("Uneven")
    window = getattr(nn, name)(**{**case.kwargs, "padding": 0})
    pairs = _pairs(case)
    if name.startswith("ConvTranspose"):
        return nn.Sequential(window, Pad([(-before, -after) for before, after in pairs]))
    return nn.Sequential(Pad(pairs, -torch.inf if name.startswith("Max") else 0.0), window)


def _pairs(case: Case) -> list[tuple[int, int]]:
    """`causal` is all of it before; `same` is the definition that TensorFlow made, odd pixel at the end."""
    padding, pairs = case.kwargs["padding"], []
    if not isinstance(padding, str):
        each = padding if isinstance(padding, list) else [padding] * (len(case.shape) - 1)
        return [tuple(pair) if isinstance(pair, list) else (pair, pair) for pair in each]
    for axis, length in enumerate(case.shape[1:]):
        kernel, stride, dilation = (
            value[axis] if isinstance(value := case.kwargs.get(name, 1), (list, tuple)) else value
            for name in ("kernel_size", "stride", "dilation")
        )
        span = dilation * (kernel - 1)
        total = span if padding == "causal" else max(0, (-(-length // stride) - 1) * stride + span + 1 - length)
        pairs.append((total, 0) if padding == "causal" else (total // 2, total - total // 2))
    return pairs


def _depthwise(case: Case) -> nn.Module:
    kwargs = {name: value for name, value in case.kwargs.items() if name != "multiplier"}
    channels = case.shape[0]
    conv = getattr(nn, case.module.replace("Depthwise", "Conv"))
    return conv(channels, channels * case.kwargs["multiplier"], groups=channels, **kwargs)


class LocalConv(nn.Module):
    """A convolution without shared weights: a weight for every tap inside the input, of every output.

    PyTorch has no such module; but a convolution of ones, padded with zeros, by ones counts those taps.
    """

    def __init__(self, case: Case) -> None:
        super().__init__()
        kwargs = {name: tuple(v) if isinstance(v, list) else v for name, v in case.kwargs.items()}
        conv = getattr(nn, f"Conv{case.module[-2:]}")(
            **{**kwargs, "bias": False, "padding": 0}, device="cpu", dtype=torch.float64
        )
        nn.init.ones_(conv.weight)
        with torch.no_grad():
            self.output = conv(Pad(_pairs(case))(torch.ones(1, *case.shape, device="cpu", dtype=torch.float64)))
        self.weight = nn.Parameter(torch.empty(int(self.output.sum()), device="meta"))
        self.bias = nn.Parameter(torch.empty(self.output.numel(), device="meta")) if kwargs["bias"] else None

    def forward(self, x: Tensor) -> Tensor:
        return self.output


SPECIAL: dict[str, Callable[[Case], nn.Module]] = {
    "Take": lambda case: Take(**case.kwargs),
    "Crop": lambda case: Crop(**case.kwargs),
    "Scale": lambda case: Scale(case.shape[0], **case.kwargs),
    "Mean": lambda case: Reduce("mean", **case.kwargs),
    "Max": lambda case: Reduce("amax", **case.kwargs),
    "GlobalAvgPool": lambda _: GlobalPool("mean"),
    "GlobalMaxPool": lambda _: GlobalPool("amax"),
    "Tokens": lambda _: nn.Flatten(2),
    "Attention": lambda case: SelfAttention(case.shape[0], **case.kwargs),
    "LayerNorm": lambda case: ChannelsLast(nn.LayerNorm(**case.kwargs)),
    "Linear": lambda case: nn.Sequential(nn.Flatten(), nn.Linear(**case.kwargs)),
    "Reshape": lambda case: Reshape(**case.kwargs),
    "InstanceNormVector": lambda _: InstanceNormVector(),
    "Softmax": lambda _: nn.Softmax(1),
    "LogSoftmax": lambda _: nn.LogSoftmax(1),
}


def build(case: Case) -> nn.Module:
    if case.module in SPECIAL:
        return SPECIAL[case.module](case)
    if "LocalConv" in case.module:
        return LocalConv(case)
    if case.module.startswith(("Depthwise", "Uneven")):
        return _depthwise(case) if case.module[0] == "D" else _uneven(case)
    kwargs: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in case.kwargs.items()}
    return getattr(nn, case.module)(**kwargs)  # type: ignore[no-any-return]


def ask(case: Case) -> Answer:
    """PyTorch's answer, executed on the CPU unless that is too big; the meta device only computes shapes.

    The two agree, but for transposed convolutions, where the meta device checks less: what it accepts of an
    output padding, or of an empty output, is no answer, so `strategies` draws no such case that is big.
    """
    answer, elements = _run(case, "meta")
    return answer if elements > BIG else _run(case, "cpu")[0]


LEAST = {"kernel_size": 1, "stride": 1, "dilation": 1, "padding": 0, "output_padding": 0}


def _meaningless(case: Case) -> bool:
    """Whether an argument is below what it can be; PyTorch's mkldnn path of transposed convolutions lets some pass."""
    for name, least in LEAST.items():
        value = case.kwargs.get(name)
        values = value if isinstance(value, list) else [value]
        if "Conv" in case.module and any(isinstance(n, int) and n < least for n in values):
            return True
    return False


def _run(case: Case, device: str) -> tuple[Answer, int]:
    """Build and run in evaluation mode, batch 1; whatever PyTorch raises is its refusal. And how big it
    was."""
    elements = prod(case.shape)
    with warnings.catch_warnings(), torch.no_grad(), torch.device(device):
        warnings.simplefilter("ignore")
        try:
            module = build(case).eval()
            params = sum(p.numel() for p in module.parameters())
            elements += params
            output = module(torch.zeros(1, *case.shape))
        except REFUSALS as error:
            return Answer(None, 0, 0, str(error) or type(error).__name__), elements
    buffers = sum(b.numel() for name, b in module.named_buffers() if not name.endswith("num_batches_tracked"))
    shape = tuple(output.shape[1:])
    refusal = "an empty output" if prod(shape) == 0 else None
    if _meaningless(case):
        refusal = "an argument below its least"
    return Answer(shape, params, buffers, refusal), elements + prod(shape)
