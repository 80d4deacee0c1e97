"""The calls of a described model: which layer is called on what, in the three ways in which Keras wrote that down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from ...diagnostics import Span
from ...records import Record

#: A tensor by the layer that gives it, the number of its call, and the number of the result.
Key: TypeAlias = tuple[str, int, int]


class OwnedWeights(Record):
    """What a call in code gives that reads weights of a layer of one's own: its shape, in Keras's order, what is
    stored for it, and its products.
    """

    shape: tuple[int, ...]
    params: int
    buffers: int
    macs: int


class LayerCall(Record):
    """One call of a layer: the tensors that it is given, and the other arguments by name, and in their order."""

    inputs: list[Key]
    kwargs: dict[str, Any]
    args: Sequence[Any] = ()
    #: Of a call in code: where it stands, and where its layer is made.
    place: Span | None = None
    defined: Span | None = None
    #: Of a layer whose call is code: the model that it is for these inputs.
    body: dict[str, Any] | None = None
    weights: OwnedWeights | None = None
    #: Of a call in code: which layer it is of all that the code makes, whatever model it stands in.
    layer: object = None


def calls(inbound: Any) -> list[LayerCall]:
    """The calls of a layer, of its ``inbound_nodes``."""
    found = []
    for node in inbound if isinstance(inbound, list) else ():
        if isinstance(node, LayerCall):
            found.append(node)
        elif isinstance(node, dict):  # Keras 3
            kwargs, args = node.get("kwargs"), node.get("args")
            named = kwargs if isinstance(kwargs, dict) else {}
            found.append(LayerCall(list(_histories([args, named])), named, args if isinstance(args, list) else []))
        elif isinstance(node, list):
            found.append(_second(node))
    return found


def _histories(tree: Any) -> Iterator[Key]:
    """The tensors of Keras 3 in arguments, in order."""
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, dict) and item.get("class_name") == "__keras_tensor__":
            config = item.get("config")
            key = _key(config.get("keras_history") if isinstance(config, dict) else None)
            if key is not None:
                yield key
        elif isinstance(item, dict):
            stack.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            stack.extend(reversed(item))


def _second(node: list[Any]) -> LayerCall:
    """``[["x", 0, 0, {}], …]``, or of a layer with one input ``["x", 0, 0, {"y": ["z", 0, 0]}]``."""
    single = bool(node) and isinstance(node[0], str)
    inputs: list[Key] = []
    kwargs: dict[str, Any] = {}
    for item in [node] if single else node:
        key = _key(item)
        if key is None:
            continue
        inputs.append(key)
        if len(item) > 3 and isinstance(item[3], dict):
            kwargs |= item[3]
    others = (_key(value) for value in kwargs.values())
    return LayerCall(inputs + [key for key in others if key is not None], kwargs)


def _key(item: Any) -> Key | None:
    if not isinstance(item, list) or len(item) < 3 or not isinstance(item[0], str):
        return None
    return (item[0], item[1], item[2]) if type(item[1]) is int and type(item[2]) is int else None


def ends(described: Any) -> list[Key]:
    """The tensors of ``input_layers`` or ``output_layers``, however they are nested."""
    found, stack = [], [described]
    while stack:
        item = stack.pop()
        key = _key(item)
        if key is not None:
            found.append(key)
        elif isinstance(item, dict):
            stack.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            stack.extend(reversed(item))
    return found
