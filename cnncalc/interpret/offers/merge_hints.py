"""Why tensors do not go together, with each other or with a layer: a `C` that is not the one that was meant, a size
that is fixed, a map that is flattened already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...layers import Layer, LayerError
from ...network import INPUT, UNKNOWN, Node
from ...values import Sentence, Shape, picture, spell
from .merge_offers import Joined, as_many_channels, in_paths, offer

#: Layers that are looked back over.
_LOOKED_BACK = 100
#: Channels of pictures, and layers that make steps of a vector.
_COLOURS, _VECTORS = (1, 3, 4), ("lstm", "gru", "rnn", "attention")
_BARE_C = re.compile(r"(?<![@.\w])C(?![\w.])")


def hint(nodes: Sequence[Node], merge: Joined) -> str | None:
    """What to write so that the two tensors of a merge that differ go together; None where it is not plain."""
    joined, here = [merge.inputs[0], merge.inputs[merge.culprit]], merge.here
    labels = [merge.labels[0], merge.labels[merge.culprit]]
    for one, other in ((0, 1), (1, 0)):
        known = joined[other] if here is None else here
        if min(joined[one], known) < 0:
            continue
        name = labels[other] if labels[other].startswith("@") else "@here"
        if name == "@here" and here is None:
            continue
        for look in (_other_c, _fixed):
            found = look(nodes, joined[one], nodes[known], name)
            if found:
                return found
    found = offer(nodes, merge) or (None if UNKNOWN in merge.inputs else as_many_channels(nodes, merge))
    return found if found or here is not None else _resized(nodes, merge)


def _resized(nodes: Sequence[Node], merge: Joined) -> str | None:
    """How the first of the tensors is made as large as the one that differs, which has a name."""
    shapes, name = [nodes[index].output or () for index in merge.inputs], merge.labels[merge.culprit]
    first, other = shapes[0], shapes[merge.culprit]
    if len(first) != len(other) or first[1:] == other[1:] or not name.startswith("@"):
        return None
    crop = all(a >= b for a, b in zip(first[1:], other[1:], strict=True))
    if not merge.labels[0].startswith("@"):  # the running tensor
        return f"'crop like={name}' or " * crop + f"'resize like={name}' before it makes the sizes equal"
    if not _made((first[0], *other[1:]), shapes, merge):
        return None
    write = in_paths(merge, 0, f"crop like={name}" if crop else f"resize like={name}")
    return write + f"; 'resize like={name}' does it, too" * crop


def _made(shape: Shape, shapes: Sequence[Shape], merge: Joined) -> bool:
    """Whether the tensors are joined where the first is of `shape`."""
    try:
        merge.layer.output((shape, *shapes[1:]))
    except LayerError:
        return False
    return True


def _other_c(nodes: Sequence[Node], last: int, known: Node, name: str) -> str | None:
    """Where the channels of `last` come of a `C` that means others than those of the tensor `name`, `known`."""
    node, entering = _before(nodes, last, "filters")
    if node is None or entering is None or known.output is None or node.span is None:
        return None
    span = node.span
    text = span.source.line(span.line)[span.column - 1 : span.end_column - 1]
    if not _BARE_C.search(text) or entering[0] == known.output[0]:
        return None
    meant = _BARE_C.sub(f"{name}.C", text)
    return f"C is {entering[0]} here, {name}.C is {known.output[0]}: write '{meant}'"


def _fixed(nodes: Sequence[Node], last: int, known: Node, name: str) -> str | None:
    """Where the size of `last` is written out, beside the tensor `name`, `known`, of another."""
    node, _ = _before(nodes, last, "like")
    layer = None if node is None else node.layer
    size = None if layer is None else dict(layer.values).get("to") or dict(layer.values).get("size")
    if node is None or size is None or known.output is None or node.output is None:
        return None
    key = "to=" * (layer is not None and dict(layer.values).get("to") is not None)
    same = len(node.output) == len(known.output) and node.output[1:] == known.output[1:]
    return None if same else f"write '{node.kind} like={name}' in the place of '{node.kind} {key}{spell(size)}'"


def _before(nodes: Sequence[Node], last: int, key: str) -> tuple[Node | None, Shape | None]:
    """The nearest layer before `last`, over those that work position by position, with an argument; and its input."""
    node = nodes[last]
    for _ in range(_LOOKED_BACK):
        if node.layer is None or len(node.inputs) != 1 or node.inputs[0] < 0:
            break
        before = nodes[node.inputs[0]]
        if key in node.layer.sorts:
            return node, before.output
        if not node.layer.pointwise:
            break
        node = before
    return None, None


def vector_hint(nodes: Sequence[Node], index: int, layer: Layer) -> Sentence | None:
    """Where the spatial axes are that a layer misses: before a flatten, or in a picture that was given as a vector."""
    node, output = nodes[index], nodes[index].output
    if output is None or len(output) != 1 or layer.kind in _VECTORS:
        return None
    for _ in range(_LOOKED_BACK):
        if node.kind == INPUT:
            channels, height, width = shape = picture(output[0])
            is_picture = node.position == index and channels in _COLOURS and height * width > 1
            return ("for pictures write 'input ", shape, "' above") if is_picture else None
        entering = nodes[node.inputs[0]].output if len(node.inputs) == 1 and node.inputs[0] >= 0 else None
        if entering is None:
            return None
        if len(entering) > 1:
            line = f" of line {node.line}" * (node.line is not None)
            return f"put the '{node.kind}'{line} behind the last layer that needs spatial axes"
        if not node.layer or not node.layer.pointwise:
            return None
        node = nodes[node.inputs[0]]
    return None
