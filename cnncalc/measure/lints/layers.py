"""Lints on layers and what follows them: useless biases, pairs of linear maps, odd sizes that are halved."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from ...interpret.specification import specification
from ...layers import Shape
from ...layers.activation import Identity
from ...layers.conv import DepthwiseConv
from ...layers.upconv import TransposedConv
from ...layers.window import AXIS_NAMES
from ...network import Node
from ...values import how_many, times
from .lint import Occurrence

if TYPE_CHECKING:
    from ..result import NetworkAnalysis


def _readers(analysis: NetworkAnalysis) -> list[list[int]]:
    """The nodes that read each node."""
    found: list[list[int]] = [[] for _ in analysis.network.nodes]
    for node in analysis.network.nodes:
        for index in node.inputs:
            if index >= 0:
                found[index].append(node.position)
    return found


def bias_before_norm(analysis: NetworkAnalysis) -> Iterator[Occurrence]:
    """A bias a channel, and a normalisation behind it that subtracts each channel's mean, and the bias with it."""
    nodes, readers = analysis.network.nodes, _readers(analysis)
    is_spec = specification(analysis.network).program is not None
    outputs = {port.node for port in analysis.network.outputs}
    for node in _weighted(nodes):
        if node.output is None or not _biased(node) or node.position in outputs or node.owner is not None:
            continue
        after = node
        while len(readers[after.position]) == 1 and isinstance(nodes[readers[after.position][0]].layer, Identity):
            after = nodes[readers[after.position][0]]
        norms = [nodes[index] for index in readers[after.position]]
        if norms and all(_centres(norm) for norm in norms):
            yield Occurrence(
                f"the {node.output[0]:,} biases of '{node.name}' change nothing: '{norms[0].name}' behind it subtracts "
                "each channel's mean, and the bias with it",
                (node.name, norms[0].name), node.span, node.frames,
                f"'bias=no' here, or 'default {node.kind} bias=no' above" if is_spec else
                "it needs none: bias=False in PyTorch, use_bias=False in Keras",
            )  # fmt: skip


def _weighted(nodes: list[Node]) -> list[Node]:
    """The nodes that multiply by learned weights."""
    return [node for node in nodes if node.layer is not None and node.layer.weighted]


def _biased(node: Node) -> bool:
    """Whether a constant a channel is added to what its weights give."""
    return node.layer is not None and node.layer.channel_bias


def _centres(node: Node) -> bool:
    return bool(node.layer and node.output and node.layer.centres(node.output[0]))


# --- pairs of linear maps ---------------------------------------------------------------------------


def linear_pairs(analysis: NetworkAnalysis) -> Iterator[Occurrence]:
    """Two weighted layers with only linear ones between. Silent where that is a way to save weights: the middle is
    narrower than both sides, one of the two is grouped or depthwise, or the second one makes the map larger.
    """
    nodes = analysis.network.nodes
    readers: list[list[int]] = []
    passed: set[int] = set()
    for second in _weighted(nodes):
        if second.layer is None or not second.layer.linear or second.output is None:
            continue
        way = _way(nodes, second, passed)
        if not way:
            continue
        readers = readers or _readers(analysis)
        if any(len(readers[node.position]) != 1 or _activated(analysis, node) for node in way):
            continue
        *between, first = way
        if not _saves(first, second, analysis):
            weights = sum(node.result.params for node in (first, second) if node.result)
            names = " and ".join([node.name for node in reversed(between)])
            middle = f", with only {names} between them" if names else ""
            yield Occurrence(
                f"'{first.name}' and '{second.name}' are together one linear map{middle}: "
                f"{how_many(weights, 'parameter', ',')} that one layer could stand for",
                (first.name, second.name), second.span, second.frames,
            )  # fmt: skip


def _way(nodes: list[Node], second: Node, passed: set[int]) -> list[Node]:
    """The nodes before a weighted layer up to the one before it, all of them linear; none where another is between, or
    where a way has `passed` already: then something else reads one of them.
    """
    way: list[Node] = []
    reads = second.inputs
    while len(reads) == 1 and reads[0] >= 0:
        node = nodes[reads[0]]
        if node.layer is None or not node.layer.linear or node.output is None or node.position in passed:
            break
        passed.add(node.position)
        way.append(node)
        if node.layer.weighted:
            return way
        reads = node.inputs
    return []


def _activated(analysis: NetworkAnalysis, node: Node) -> bool:
    """Whether an activation is a part of the node, in the file that it was read from."""
    origin = analysis.network.origins.get(node.position)
    return origin is not None and origin.activated


def _saves(first: Node, second: Node, analysis: NetworkAnalysis) -> bool:
    nodes = analysis.network.nodes
    if isinstance(first.layer, DepthwiseConv) or isinstance(second.layer, DepthwiseConv | TransposedConv):
        return True
    if getattr(first.layer, "groups", 1) > 1 or getattr(second.layer, "groups", 1) > 1:
        return True
    shapes = [nodes[first.inputs[0]].output or (), first.output or (), nodes[second.inputs[0]].output or ()]
    # Between maps a pixel's channels count; before a vector all values.
    width = prod if second.layer is not None and second.layer.mixes else _channels
    inner = min(width(shapes[1]), width(shapes[2]))
    return inner < width(shapes[0]) and inner < width(second.output or ())


def _channels(shape: Shape) -> int:
    return shape[0] if shape else 1


# --- odd sizes --------------------------------------------------------------------------------------


def odd_skips(analysis: NetworkAnalysis) -> Iterator[Occurrence]:
    """Where a merge fails because one path was halved from an odd size and doubled again: the layer that halved."""
    nodes = analysis.network.nodes
    for node in nodes:
        if (
            node.output is not None
            or node.layer is None
            or not node.layer.merges
            or node.layer.routed
            or len(node.inputs) < 2
        ):
            continue
        shapes = [nodes[index].output if index >= 0 else None for index in node.inputs]
        for index, shape in zip(node.inputs, shapes, strict=True):
            other = next((one for one in shapes if one and shape and len(one) == len(shape) > 1 and one[1:] != shape[1:]
                          and all(a >= b for a, b in zip(one[1:], shape[1:], strict=True))), None)  # fmt: skip
            if other is None or shape is None:
                continue
            culprit = _halved(nodes, nodes[index], other)
            if culprit is not None:
                yield _odd(analysis, node, culprit, nodes[index], shape, other)
                break


def _halved(nodes: list[Node], node: Node, wanted: Shape) -> tuple[Node, int] | None:
    """The layer behind `node` that made an axis of the size of `wanted` smaller, rounding it down; and that axis."""
    grown = False
    end = node.output or ()
    while len(node.inputs) >= 1 and node.inputs[0] >= 0:
        before = nodes[node.inputs[0]]
        shape, made = before.output, node.output
        if shape is None or made is None or len(shape) != len(made) or len(shape) != len(wanted):
            return None
        grown = grown or any(new > old for old, new in zip(shape[1:], made[1:], strict=True))
        for axis in range(1, len(shape)):
            whole = shape[axis] % made[axis]
            missing = wanted[axis] > end[axis]
            if grown and missing and made[axis] < shape[axis] == wanted[axis] and whole:
                return node, axis
        node = before
    return None


def _odd(
    analysis: NetworkAnalysis, merge: Node, culprit: tuple[Node, int], path: Node, shape: Shape, wanted: Shape
) -> Occurrence:
    node, axis = culprit
    before = analysis.network.nodes[node.inputs[0]].output or ()
    made = node.output or ()
    name = AXIS_NAMES[len(shape) - 1][axis - 1]
    what = f"'{node.name}' makes {made[axis]} of a {name} of {before[axis]}, '{path.name}' makes {shape[axis]} of that"
    line = "" if merge.line is None else f" in line {merge.line}"
    return Occurrence(
        f"{what}: '{merge.name}'{line} cannot join that with the {wanted[axis]} of the skip",
        (node.name, path.name, merge.name), node.span, node.frames, _even(analysis, axis),
    )  # fmt: skip


def _even(analysis: NetworkAnalysis, axis: int) -> str:
    """What to do about an odd size."""
    from ...network.trials import whole_test

    shape = analysis.inputs[0].shape if analysis.inputs else None
    advice = "'crop like=@…' or 'resize like=@…' makes the sizes equal"
    if shape is None or len(shape) <= axis:
        return advice
    strides = [_stride(analysis, place) for place in range(len(shape) - 1)]
    sizes = [-(-size // stride) * stride for size, stride in zip(shape[1:], strides, strict=True)]
    inputs = [node for node in analysis.network.inputs if node.output == shape]
    if whole_test(analysis.network, inputs)((shape[0], *sizes)) is None:
        return advice
    return f"an input that {strides[axis - 1]} divides, such as {times(sizes)}; or {advice}"


def _stride(analysis: NetworkAnalysis, axis: int) -> int:
    """The largest effective stride along an axis, which must divide the input."""
    jumps = [fields[axis].jump for fields in analysis.fields if fields is not None and axis < len(fields)]
    return max((int(jump) for jump in jumps if jump >= 1 and jump == int(jump)), default=1)
