"""A network with every weight 1, in PyTorch: an output depends on an input pixel where its gradient is not 0.

Nothing cancels, since everything is positive. What is not linear becomes what reads the same pixels: a max pool a sum,
an activation the identity, a softmax a sum over channels. Normalisations by statistics of the whole map are the
identity, as counting.md has it. The geometry is PyTorch's own (conv, interpolate, adaptive pools, pixel_shuffle).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from cnncalc.network import Network, Node
from cnncalc.values import Pair, Size

CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
ADAPTIVE = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}
MODES = {1: "linear", 2: "bilinear", 3: "trilinear"}


def each(value: Any, rank: int) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, Size) else (value,) * rank


def sides(x: Tensor, layer: Any, rank: int, kernel: tuple[int, ...], stride: tuple[int, ...], pad: Any) -> Tensor:
    """`x` with its padding, by the language's definitions."""
    dilation = each(getattr(layer, "dilation", 1), rank)
    pairs = []
    for axis in range(rank):
        span = dilation[axis] * (kernel[axis] - 1)
        if pad == "same":
            size = x.shape[2 + axis]
            total = max((-(-size // stride[axis]) - 1) * stride[axis] + span + 1 - size, 0)
            pairs.append((total // 2, total - total // 2))
        elif pad == "causal":
            pairs.append((span, 0))
        else:
            one = each(pad, rank)[axis]
            pairs.append(tuple(one) if isinstance(one, Pair) else (one, one))
    return F.pad(x, [side for pair in reversed(pairs) for side in pair])


def window(x: Tensor, layer: Any, node: Node, groups: int, filters: int) -> Tensor:
    rank = x.dim() - 2
    kernel = each(layer.kernel, rank)
    stride = each(layer.kernel if layer.stride is None else layer.stride, rank)
    dilation = each(getattr(layer, "dilation", 1), rank)
    x = sides(x, layer, rank, kernel, stride, layer.pad)
    assert node.output is not None
    short = [(n - 1) * s + d * (k - 1) + 1 - x.shape[2 + axis]
             for axis, (n, s, d, k) in enumerate(zip(node.output[1:], stride, dilation, kernel, strict=True))]  # fmt: skip
    if any(one > 0 for one in short):  # ceil=yes
        x = F.pad(x, [side for one in reversed(short) for side in (0, max(one, 0))])
    weight = torch.ones(filters, x.shape[1] // groups, *kernel, dtype=x.dtype)
    x = CONV[rank](x, weight, stride=stride, dilation=dilation, groups=groups)
    return x[(slice(None), slice(None), *(slice(0, n) for n in node.output[1:]))]


def transposed(x: Tensor, layer: Any, node: Node) -> Tensor:
    rank = x.dim() - 2
    kernel, stride, dilation = (each(one, rank) for one in (layer.kernel, layer.stride, layer.dilation))
    assert node.output is not None
    weight = torch.ones(x.shape[1], layer.filters // layer.groups, *kernel, dtype=x.dtype)
    x = TRANSPOSED[rank](x, weight, stride=stride, dilation=dilation, groups=layer.groups)
    cut = []
    for axis in range(rank):
        if layer.pad == "same":
            before = max(dilation[axis] * (kernel[axis] - 1) + 1 - stride[axis], 0) // 2
        else:
            one = each(layer.pad, rank)[axis]
            before = one.before if isinstance(one, Pair) else one
        cut.append((-before, node.output[1 + axis] - (x.shape[2 + axis] - before)))
    return F.pad(x, [side for pair in reversed(cut) for side in pair])


def mixed(x: Tensor, node: Node) -> Tensor:
    """Every output on everything."""
    assert node.output is not None
    return x.flatten(1).sum(1).reshape(-1, *([1] * len(node.output))).expand(-1, *node.output)


def resized(x: Tensor, layer: Any, node: Node) -> Tensor:
    rank = x.dim() - 2
    assert node.output is not None
    mode = "nearest" if layer.mode == "nearest" else MODES[rank]
    keys: dict[str, Any] = {"size": list(node.output[1:])}
    if layer.factor is not None:
        keys = {"scale_factor": [float(one) for one in each(layer.factor, rank)]}
    return F.interpolate(x, mode=mode, **keys, **({"align_corners": False} if mode != "nearest" else {}))


def cut(x: Tensor, node: Node) -> Tensor:
    assert node.output is not None
    starts = [(size - kept) // 2 for size, kept in zip(x.shape[2:], node.output[1:], strict=True)]
    ranges = (slice(start, start + kept) for start, kept in zip(starts, node.output[1:], strict=True))
    return x[(slice(None), slice(None), *ranges)]


def take(x: Tensor, layer: Any) -> Tensor:
    place = 1 + {"C": 0}.get(layer.axis, "DHW".find(layer.axis) - 3 + x.dim() - 1 if layer.axis != "L" else 1)
    return x.narrow(place, layer.range.before, layer.range.after - layer.range.before)


def axis_of(letter: str, x: Tensor) -> int:
    if letter == "C":
        return 1
    return x.dim() - 1 - "WHD".index(letter) if letter != "L" else 2


def along(layer: Any, x: Tensor) -> int:
    return axis_of(layer.axis, x)


def unpooled(x: Tensor, layer: Any, node: Node, shape: tuple[int, ...]) -> Tensor:
    """Where each value may go to."""
    assert node.output is not None
    axes = layer.axes(shape)
    kernel, stride, dilation = ([getattr(one, name) for one in axes] for name in ("kernel", "stride", "dilation"))
    weight = torch.ones(x.shape[1], 1, *kernel, dtype=x.dtype)
    x = TRANSPOSED[x.dim() - 2](x, weight, stride=stride, dilation=dilation, groups=x.shape[1])
    pairs = [(-one.before, one.output - (size - one.before)) for one, size in zip(axes, x.shape[2:], strict=True)]
    return F.pad(x, [side for pair in reversed(pairs) for side in pair])


def recurrent(x: Tensor, layer: Any, node: Node) -> Tensor:
    """A step on those before it, or on all."""
    assert node.output is not None
    if layer.last or layer.bidirectional:
        return mixed(x, node)
    return x.sum(1, keepdim=True).cumsum(2).expand(-1, *node.output)


def joined(node: Node, layer: Any, inputs: list[Tensor]) -> Tensor | None:
    """What a merge, or attention to another tensor, gives; None of other kinds."""
    if node.kind in ("add", "mul", "sub", "div", "maximum", "minimum"):  # a sum depends on the same
        return sum(inputs[1:], inputs[0])
    if node.kind == "concat":
        return torch.cat(inputs, dim=along(layer, inputs[0]))
    if node.kind == "matmul":
        return inputs[0] @ (inputs[1].transpose(-1, -2) if layer.transposed else inputs[1])
    if node.kind == "attention" and len(inputs) > 1:
        return (inputs[0].sum(1, keepdim=True) + inputs[1].sum((1, 2), keepdim=True)).expand_as(inputs[0])
    return None


def run(node: Node, layer: Any, inputs: list[Tensor]) -> Tensor:
    """The output of one layer."""
    kind, x = node.kind, inputs[0] if inputs else torch.empty(0)
    assert node.output is not None
    together = joined(node, layer, inputs)
    if together is not None:
        return together
    if kind == "unpool":
        return sum(
            (unpooled(one, layer, node, tuple(x.shape[1:])) for one in inputs[1:]),
            unpooled(x, layer, node, tuple(x.shape[1:])),
        )
    if kind in ("lstm", "gru", "rnn"):
        return recurrent(x, layer, node)
    if kind == "permute":
        return x.permute(0, *(1 + axis for axis in layer.order(tuple(x.shape[1:]))))
    if kind == "split":
        place = along(layer, x)
        start, end = layer._range(x.shape[place])
        return x.narrow(place, start, end - start)
    if kind in ("conv", "localconv"):
        return window(x, layer, node, getattr(layer, "groups", 1), layer.filters)
    if kind == "dwconv":
        return window(x, layer, node, x.shape[1], node.output[0])
    if kind in ("maxpool", "avgpool"):
        if layer.to is not None:
            return ADAPTIVE[x.dim() - 2](x, list(node.output[1:]))
        return window(x, layer, node, x.shape[1], x.shape[1])
    if kind == "upconv":
        return transposed(x, layer, node)
    if kind in ("gavgpool", "gmaxpool"):
        return x.mean(dim=tuple(range(2, x.dim())), keepdim=True)
    if kind in ("flatten", "fc", "attention", "reshape") or (kind == "tokens" and x.dim() > 3):
        return mixed(x, node)
    if kind in ("softmax", "logsoftmax"):
        return x.sum(along(layer, x), keepdim=True).expand_as(x)
    if kind == "ln":
        return x.sum(1, keepdim=True).expand_as(x) if "C" in layer.axes else x
    if kind == "glu":
        return x[:, : x.shape[1] // 2] + x[:, x.shape[1] // 2 :]
    if kind in ("mean", "max"):
        return x.sum([axis_of(letter, x) for letter in layer.axis], keepdim=True)
    if kind == "take":
        return take(x, layer)
    if kind == "crop":
        return cut(x, node)
    if kind == "resize":
        return resized(x, layer, node)
    if kind == "pixelshuffle":
        return F.pixel_shuffle(x, layer.factor)
    if kind == "pixelunshuffle":
        return F.pixel_unshuffle(x, layer.factor)
    if kind == "shuffle":
        return F.channel_shuffle(x, layer.groups)
    if kind == "pad" and layer.mode != "zero":
        amounts = each(layer.amount, x.dim() - 2)
        pairs = [(one.before, one.after) if isinstance(one, Pair) else (one, one) for one in amounts]
        return F.pad(x, [side for pair in reversed(pairs) for side in pair], mode=layer.mode)
    if kind == "pad":
        return sides(x, layer, x.dim() - 2, (1,) * 3, (1,) * 3, layer.amount)
    if kind == "learned":
        return torch.ones(1, *node.output, dtype=torch.float64)
    return x


def outputs(network: Network) -> tuple[Tensor, list[Tensor | None]]:
    """The first input, and the tensor of every node."""
    first: Tensor | None = None
    found: list[Tensor | None] = []
    for node in network.nodes:
        if node.kind == "input":
            assert node.output is not None
            tensor = torch.ones(1, *node.output, dtype=torch.float64, requires_grad=first is None)
            first = tensor if first is None else first
            found.append(tensor)
            continue
        result = run(node, node.layer, [tensor for index in node.inputs if (tensor := found[index]) is not None])
        assert tuple(result.shape[1:]) == node.output, (node.name, result.shape, node.output)
        found.append(result)
    assert first is not None
    return first, found


def seen(first: Tensor, output: Tensor, at: tuple[int, ...]) -> list[list[int]]:
    """Along every spatial axis, the positions of the first input on which `output` at `at`, any channel, depends."""
    if not output.requires_grad:
        return [[] for _ in first.shape[2:]]
    place = (0, slice(None), *at)
    (gradient,) = torch.autograd.grad(output[place].sum(), first, retain_graph=True, allow_unused=True)
    if gradient is None:
        return [[] for _ in first.shape[2:]]
    reached = gradient[0].sum(0) != 0
    axes = range(reached.dim())
    return [reached.any(dim=[other for other in axes if other != axis]).nonzero().flatten().tolist()
            if reached.dim() > 1 else reached.nonzero().flatten().tolist() for axis in axes]  # fmt: skip
