"""Recurrent layers whose step is a class of the code: it is followed for one step, and counted for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ...keras.graph import OwnedWeights
from ..values import CodeFunction, UnknownReached, Value
from .following import build, ruled
from .graph import KerasTensor, tensors_in
from .layer import KerasLayer, run_of
from .weights import stored

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def cell_of(layer: KerasLayer) -> KerasLayer | None:
    """The step of a recurrent layer, where that is code; of one that is run both ways, too."""
    inner = layer.attributes.get("layer")
    if layer.kind == "Bidirectional" and isinstance(inner, KerasLayer):
        return cell_of(inner)
    cell = layer.attributes.get("cell")
    followed = isinstance(cell, KerasLayer) and isinstance(cell.cls.finds("call"), CodeFunction)
    return cell if layer.kind == "RNN" and followed else None


def call_recurrent(
    interpreter: Evaluator, layer: KerasLayer, cell: KerasLayer, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> Value:
    """What a recurrent layer gives. Raises UnknownReached; Raised, Stop."""
    both = layer.kind == "Bidirectional"
    inner = layer.attributes["layer"] if both else layer
    given = tensors_in([*args, *kwargs.values()])
    shape = given[0].shape if given else None
    mode = layer.config.get("merge_mode", "concat") if both else "concat"
    if shape is None or len(shape) != 3 or None in shape[1:] or inner.config.get("return_state") or mode is None:
        raise UnknownReached(interpreter.unknown(f"what {layer.cls.name}(…) gives"))
    steps, features = shape[1:]
    tensor, macs = _one_step(interpreter, cell, features or 0)
    size = (tensor.shape or (None, None))[-1]
    if size is None:
        raise UnknownReached(interpreter.unknown(f"what {layer.cls.name}(…) gives"))
    times = 2 if both else 1
    width = size * times if mode == "concat" else size
    params, buffers = stored(cell.weights)
    made = (steps or 0, width) if inner.config.get("return_sequences") is True else (width,)
    owned = OwnedWeights(made, times * params, times * buffers, times * (steps or 0) * macs)
    return ruled(interpreter, layer, args, kwargs, owned)


def _one_step(interpreter: Evaluator, cell: KerasLayer, features: int) -> tuple[KerasTensor, int]:
    """What a step gives, and its products."""
    run = run_of(interpreter)
    states = interpreter.attribute(cell, "state_size")
    sizes = interpreter.listed(states) if isinstance(states, list | tuple) else [states]
    if not all(type(size) is int and size > 0 for size in sizes):
        raise UnknownReached(interpreter.unknown("the sizes of the states of a cell"))
    step, *before = [run.aside(cell, size) for size in (features, *sizes)]
    first = len(run.sketch.assembler.nodes)
    for weight in cell.weights:
        weight.counted = False
    with run.deeper(interpreter, [step]):
        build(interpreter, cell, [step])
        tensors = tensors_in(interpreter.call(cell.cls.finds("call"), [cell, step, before]))
    if not tensors:
        raise UnknownReached(interpreter.unknown(f"what {cell.cls.name}(…) gives"))
    rows = [node.result for node in run.sketch.assembler.nodes[first:]]
    return tensors[0], sum(row.macs or 0 for row in rows if row is not None)
