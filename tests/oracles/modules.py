"""A PyTorch module, its keyword arguments and its input shape, written as a cnncalc spec.

One direction only, and without importing torch, so that the recorded cases need no torch and so that no line
of cnncalc takes part in deciding what torch is asked. Every argument is written out, never left to a default:
the defaults of the two differ (InstanceNorm, PReLU), and a mapping that relied on them would test nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

Shape = tuple[int, ...]
Kwargs = Mapping[str, Any]


class Inexpressible(Exception):
    """The language has no words for this module; the argument is the reason, one of few fixed sentences."""


class Case(NamedTuple):
    """One module on one input. `shape` is per sample, channels first; `style` picks among spellings."""

    module: str
    kwargs: Kwargs
    shape: Shape
    style: int = 0


def spec(case: Case) -> str:
    """The whole spec: the input and the one line (for a Transformer layer: several)."""
    return f"input {shape_text(case.shape)}\n{line(case)}\n"


def line(case: Case) -> str:
    """The line alone. The rank is taken off the module's name: `Conv2d` is looked up as `Conv`."""
    family, rank = re.fullmatch(r"(\w+?)(?:([123])d)?", case.module).groups()  # type: ignore[union-attr]
    if min(case.shape, default=1) < 1:
        raise Inexpressible("an empty input")
    if family not in WRITERS:
        raise Inexpressible("no such kind")
    words = WRITERS[family](case)
    if (rank and int(rank) != len(case.shape) - 1) or (case.style == 1 and family in TORCH_NAMED):
        words = " ".join([case.module, *words.split(" ")[1:]])  # a name that fixes the rank
    return words


def shape_text(shape: Sequence[int]) -> str:
    """A shape as a spec has it; two numbers need the `@`."""
    if len(shape) == 2:
        return f"{shape[0]}@{shape[1]}"
    return "x".join(map(str, shape))


def size(value: Any) -> str:
    """A number, or one an axis; negative or broken numbers need the form with parentheses."""
    if not isinstance(value, (list, tuple)):
        return str(value)
    if all(isinstance(v, int) and v >= 0 for v in value) and len(value) > 1:
        return "x".join(map(str, value))
    return "(" + ", ".join(map(str, value)) + ")"


def flag(value: bool) -> str:
    return "yes" if value else "no"


KEYS = {  # a key's spellings by style: canonical, PyTorch's, the course notes' letters or a short form
    "filters": ("filters", "out", "K"),
    "kernel": ("kernel", "size", "F"),
    "stride": ("stride", "stride", "S"),
    "pad": ("pad", "padding", "P"),
    "dilation": ("dilation", "d", "dilation"),
    "groups": ("groups", "g", "groups"),
}


def key(case: Case, name: str, value: str) -> str:
    return f"{KEYS[name][case.style] if name in KEYS else name}={value}"


def _window_keys(case: Case, *names: tuple[str, str]) -> list[str]:
    """The arguments that are given, each under its spec key; a missing one keeps a default both sides
    share."""
    return [key(case, ours, size(case.kwargs[theirs])) for theirs, ours in names if theirs in case.kwargs]


def _conv(case: Case, kind: str = "conv") -> str:
    k = case.kwargs
    if k["in_channels"] != case.shape[0]:
        raise Inexpressible("input channels are never given, so they cannot be wrong")
    if case.style == 2:
        head = [key(case, "filters", str(k["out_channels"])), key(case, "kernel", size(k["kernel_size"]))]
    else:
        head = [str(k["out_channels"]), size(k["kernel_size"])]
    names = ("stride", "stride"), ("padding", "pad"), ("dilation", "dilation"), ("groups", "groups")
    keys = _window_keys(case, *names, ("output_padding", "outpad"))
    return " ".join([kind, *head, *keys, f"bias={flag(k.get('bias', True))}"])


def _depthwise(case: Case) -> str:
    k = case.kwargs
    keys = _window_keys(case, ("stride", "stride"), ("padding", "pad"), ("dilation", "dilation"))
    multiplier = f"multiplier={k['multiplier']}"
    return " ".join(["dwconv", size(k["kernel_size"]), multiplier, *keys, f"bias={flag(k['bias'])}"])


def _pool(case: Case, kind: str) -> str:
    k = case.kwargs
    stride = k.get("stride")
    words = [kind, size(k["kernel_size"])]
    if stride is not None:
        words.append(size(stride) if case.style == 0 else key(case, "stride", size(stride)))
    words += _window_keys(case, ("padding", "pad"), ("dilation", "dilation"))
    if "ceil_mode" in k:
        words.append(f"ceil={flag(k['ceil_mode'])}")
    if "count_include_pad" in k:
        words.append(f"countpad={flag(k['count_include_pad'])}")
    return " ".join(words)


def _adaptive(case: Case, kind: str) -> str:
    to = case.kwargs["output_size"]
    if isinstance(to, (list, tuple)):
        to = [axis if want is None else want for want, axis in zip(to, case.shape[1:], strict=True)]
    return f"{kind} to={size(to)}"


def _linear(case: Case) -> str:
    if case.kwargs["in_features"] != case.shape[0]:
        raise Inexpressible("fc is on a vector or Cx1x1, not on the last axis of more")
    return f"fc {case.kwargs['out_features']} bias={flag(case.kwargs.get('bias', True))}"


def _affine(case: Case, kind: str, *words: str) -> str:
    k = case.kwargs
    if k.get("num_features", k.get("num_channels", case.shape[0])) != case.shape[0]:
        raise Inexpressible("input channels are never given, so they cannot be wrong")
    affine = k.get("affine", k.get("elementwise_affine", kind != "in"))
    bias = [f"bias={flag(k['bias'])}"] if "bias" in k else []
    return " ".join([kind, *words, f"affine={flag(affine)}", *bias])


def _layer_norm(case: Case) -> str:
    if case.kwargs["normalized_shape"] != [case.shape[0]]:
        raise Inexpressible("ln normalises the channels at each position, nothing else")
    return _affine(case, "ln")


def _prelu(case: Case) -> str:
    count = case.kwargs.get("num_parameters", 1)
    if count not in (1, case.shape[0]):
        raise Inexpressible("input channels are never given, so they cannot be wrong")
    return f"prelu shared={flag(count == 1 and case.shape[0] != 1)}"


def _glu(case: Case) -> str:
    if case.kwargs["dim"] not in (1, -len(case.shape)):
        raise Inexpressible("glu halves the channels only")
    return "glu"


def _pad(case: Case) -> str:
    """PyTorch gives the last axis first, each before and after; a spec gives the first axis first."""
    amounts = case.kwargs["padding"]
    if isinstance(amounts, int):
        return f"pad {amounts}"
    pairs = [f"{a}:{b}" for a, b in zip(amounts[::2], amounts[1::2], strict=True)][::-1]
    if min(amounts) < 0 and len(pairs) > 1:
        return f"pad ({', '.join(pairs)})"
    return f"pad {'x'.join(pairs)}"


def _resize(case: Case) -> str:
    mode, by_rank = case.kwargs.get("mode", "nearest"), {2: "linear", 3: "bilinear", 4: "trilinear"}
    if mode not in ("nearest", by_rank.get(len(case.shape))):
        raise Inexpressible("resize knows nearest, and (bi)linear of its input's rank")
    amount = case.kwargs.get("size", case.kwargs.get("scale_factor"))
    key_ = "to=" if "size" in case.kwargs else ""
    return f"resize {key_}{size(amount)} mode={'nearest' if mode == 'nearest' else 'bilinear'}"


def _flatten(case: Case) -> str:
    start = case.kwargs.get("start_dim", 1)
    if start == 0:
        raise Inexpressible("the batch is no axis")
    return "flatten" if start == 1 else "tokens"


def _reshape(case: Case) -> str:
    """PyTorch's -1 is the language's `?`; two numbers may stand with `@` or with `x`."""
    wanted = case.kwargs.get("shape", case.kwargs.get("unflattened_size"))
    if len(wanted) == 2 and -1 not in wanted and case.style == 0:
        return f"reshape {shape_text(wanted)}"
    return f"reshape {'x'.join('?' if n == -1 else str(n) for n in wanted)}"


def _uneven(case: Case) -> str:
    """A window whose pads differ: PyTorch pads with a layer of its own, the language in the window's."""
    pad = case.kwargs["padding"]
    words = pad if isinstance(pad, str) else "x".join(f"{a}:{b}" for a, b in pad)
    kwargs = {**case.kwargs, "padding": words}
    return line(Case(case.module.removeprefix("Uneven"), kwargs, case.shape))


def _transformer(case: Case) -> str:
    """Post-norm, as PyTorch's default; the feed-forward layers are convolutions of kernel 1 over the
    tokens."""
    k = case.kwargs
    attend = f"attention {k['nhead']} | dropout 0.1"
    feed = f"conv {k['dim_feedforward']} 1 | relu | dropout 0.1 | conv {k['d_model']} 1"
    return "\n".join(f"add:\n    - identity\n    - {path}\nln" for path in (attend, feed))


def _fixed(*words: str) -> Callable[[Case], str]:
    return lambda case: " ".join(words)


def _with(word: str, *names: str) -> Callable[[Case], str]:
    return lambda case: " ".join([word, *(size(case.kwargs[name]) for name in names)])


PLAIN = ("ReLU ReLU6 LeakyReLU ELU SELU GELU SiLU Mish Hardswish Hardsigmoid Sigmoid Tanh Softplus Identity").split()

WRITERS: dict[str, Callable[[Case], str]] = {
    "Conv": _conv,
    "ConvTranspose": lambda case: _conv(case, "upconv"),
    "Depthwise": _depthwise,
    "LocalConv": lambda case: _conv(case, "localconv"),
    "MaxPool": lambda case: _pool(case, "maxpool"),
    "AvgPool": lambda case: _pool(case, "avgpool"),
    "AdaptiveAvgPool": lambda case: _adaptive(case, "avgpool"),
    "AdaptiveMaxPool": lambda case: _adaptive(case, "maxpool"),
    "GlobalAvgPool": _fixed("gavgpool"),
    "GlobalMaxPool": _fixed("gmaxpool"),
    "Linear": _linear,
    "BatchNorm": lambda case: _affine(case, "bn"),
    "InstanceNorm": lambda case: _affine(case, "in"),
    "GroupNorm": lambda case: _affine(case, "gn", str(case.kwargs["num_groups"])),
    "LayerNorm": _layer_norm,
    "LocalResponseNorm": _with("lrn", "size"),
    "PReLU": _prelu,
    "GLU": _glu,
    "Softmax": _fixed("softmax"),
    "LogSoftmax": _fixed("logsoftmax"),
    "Dropout": _with("dropout", "p"),
    "ZeroPad": _pad,
    "ConstantPad": _pad,
    "Upsample": _resize,
    "PixelShuffle": _with("pixelshuffle", "upscale_factor"),
    "PixelUnshuffle": _with("pixelunshuffle", "downscale_factor"),
    "ChannelShuffle": _with("shuffle", "groups"),
    "Flatten": _flatten,
    "Unflatten": _reshape,
    "Reshape": _reshape,
    "TransformerEncoderLayer": _transformer,
    "Attention": lambda case: f"attention {case.kwargs['num_heads']} bias={flag(case.kwargs['bias'])}",
    "Take": lambda case: f"take {case.kwargs['start']}:{case.kwargs['stop']} axis={case.kwargs['axis']}",
    "Crop": _with("crop", "size"),
    "Scale": lambda case: f"scale bias={flag(case.kwargs['bias'])}",
    "Mean": _with("mean", "axis"),
    "Max": _with("max", "axis"),
    "Tokens": _fixed("tokens"),
    "InstanceNormVector": _fixed("in affine=no"),
    **{f"Uneven{name}": _uneven for name in ("Conv", "ConvTranspose", "LocalConv", "MaxPool", "AvgPool")},
    **{name: _fixed(name.lower()) for name in PLAIN},
}

TORCH_NAMED = {"Conv", "ConvTranspose", "MaxPool", "AvgPool", "BatchNorm", "InstanceNorm", "Linear"} | set(PLAIN)
