"""Where an encoder and its decoder part: the layer that gives less than what the layer which it undoes was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...layers import Layer, LayerError
from ...layers.base import per_axis
from ...network import Node
from ...records import Record
from ...values import Shape, Size, spell
from ..expectations import Pattern, matches

#: Layers on the way that are looked at, and those that may be mended.
_LONGEST, _MENDED = 2000, 16


class _Parting(Record):
    """A layer that grows a map, what it gives, and the layer that it undoes, with what that was given."""

    node: Node
    gives: Shape
    undone: Node
    given: Shape


def parting_offer(nodes: Sequence[Node], last: int, expected: Pattern) -> str:
    """``outpad=1 in 'upconv2' (line 9), which gives 3995 where 'conv1' was given 4000``; empty where they do not part.

    What is offered for one layer, or together for several, gives what is expected of tensor `last`.
    """
    path = _path(nodes, last)
    mended: dict[int, Layer] = {}
    texts: list[str] = []
    while len(texts) < _MENDED:
        shapes = _shapes(nodes, path, mended)
        if shapes is None:
            return ""
        parting = _first_parting(path, shapes)
        if parting is None:
            break
        layer = _longer(parting)
        if layer is None or parting.node.position in mended:
            return ""
        mended[parting.node.position] = layer
        texts.append(_said(parting, layer))
    shapes = _shapes(nodes, path, mended) if texts else None
    if shapes is None or not matches(shapes[last], expected):
        return ""
    return " and ".join(texts)


def _path(nodes: Sequence[Node], last: int) -> list[Node]:
    """The layers that lead to a tensor, over the first tensor of each merge, in their order."""
    found: list[Node] = []
    node = nodes[last]
    while node.inputs and node.inputs[0] >= 0 and node.output is not None and len(found) < _LONGEST:
        found.append(node)
        node = nodes[node.inputs[0]]
    return found[::-1]


def _shapes(nodes: Sequence[Node], path: Sequence[Node], mended: Mapping[int, Layer]) -> dict[int, Shape] | None:
    """The shapes on the way, with some layers in the place of others; a merge takes the sizes of its first tensor."""
    shapes: dict[int, Shape] = {}
    for node in path:
        before = node.inputs[0]
        entering = shapes.setdefault(before, nodes[before].output or ())
        layer = mended.get(node.position, node.layer)
        if layer is None or not entering or node.output is None:
            return None
        if layer.merges or len(node.inputs) > 1:
            shapes[node.position] = (node.output[0], *entering[1:])
            continue
        try:
            shapes[node.position] = layer.output((entering,))
        except LayerError:
            return None
    return shapes


def _first_parting(path: Sequence[Node], shapes: Mapping[int, Shape]) -> _Parting | None:
    """The first layer that grows a map to another size than the layer that shrank it was given."""
    shrunk: list[tuple[Node, Shape]] = []
    for node in path:
        before, after = shapes[node.inputs[0]], shapes[node.position]
        if node.layer is None or len(before) != len(after) or node.layer.merges:
            continue
        if node.layer.transposed and after[1:] > before[1:] and shrunk:
            undone, given = shrunk.pop()
            if given[1:] != after[1:]:
                return _Parting(node, after, undone, given)
        elif node.layer.windowed and all(
            2 * small <= large + 1 for small, large in zip(after[1:], before[1:], strict=True)
        ):
            shrunk.append((node, before))
    return None


def _longer(parting: _Parting) -> Layer | None:
    """The layer with the outpad that is missing; None where none that PyTorch takes makes it up."""
    layer = parting.node.layer
    if layer is None or "outpad" not in layer.sorts:
        return None
    values = dict(layer.values)
    extra, stride, dilation = (per_axis(values[name], parting.gives, name) for name in ("outpad", "stride", "dilation"))
    needed = [wanted - got + more for wanted, got, more in
              zip(parting.given[1:], parting.gives[1:], extra, strict=True)]  # fmt: skip
    limits = [max(pair) for pair in zip(stride, dilation, strict=True)]
    if values["pad"] == "same" or any(not 0 <= one < limit for one, limit in zip(needed, limits, strict=True)):
        return None
    return layer.changed(outpad=needed[0] if len(set(needed)) == 1 else Size(needed))


def _said(parting: _Parting, layer: Layer) -> str:
    line = f" (line {parting.node.line})" if parting.node.line is not None else ""
    axis = next(at for at in range(1, len(parting.gives)) if parting.gives[at] != parting.given[at])
    where = f"outpad={spell(dict(layer.values)['outpad'])} in '{parting.node.name}'{line}"
    return f"{where}, which gives {parting.gives[axis]} where '{parting.undone.name}' was given {parting.given[axis]}"
