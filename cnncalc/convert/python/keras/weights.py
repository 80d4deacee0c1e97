"""What layers of one's own learn: ``self.add_weight(shape=…)``, and what operations with that give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING

from ....layers import LayerError
from ...keras.graph import OwnedWeights
from ..faults import Undecided
from ..values import UnknownReached, UnknownValue, Value
from .graph import Dims, KerasTensor

if TYPE_CHECKING:
    from ..interpreter import Evaluator
    from .layer import KerasLayer


class LayerWeight(KerasTensor):
    """A tensor that a layer keeps: its shape is whole, without samples."""

    __slots__ = ("counted", "elements", "learned")

    def __init__(self, shape: tuple[int, ...], learned: bool) -> None:
        super().__init__(None, 0, -1, shape)  # type: ignore[arg-type]
        self.learned, self.elements = learned, prod(shape)
        #: Whether a call since the layer was entered has it.
        self.counted = False


def add_weight(interpreter: Evaluator, layer: KerasLayer, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """``self.add_weight(shape, …)``: of Keras 2 the name stands first. Raises TypeError, Undecided."""
    given = [arg for arg in args if not isinstance(arg, str)]
    shape = kwargs.get("shape", given[0] if given else ())
    if isinstance(shape, UnknownValue):
        raise Undecided("the shape of a weight", shape, interpreter.here())
    sizes = [shape] if isinstance(shape, int) else interpreter.listed(shape)
    for size in sizes:
        if isinstance(size, UnknownValue):
            raise Undecided("the shape of a weight", size, interpreter.here())
        if not isinstance(size, int) or size < 0:
            raise TypeError(f"the shape of a weight is whole numbers, not {tuple(sizes)}")
    weight = LayerWeight(tuple(sizes), kwargs.get("trainable", True) is not False)
    layer.weights.append(weight)
    return weight


def owned(interpreter: Evaluator, kind: str, tensors: Sequence[KerasTensor]) -> OwnedWeights | None:
    """What an operation with weights gives and stores; None where there are none. Raises UnknownReached, LayerError."""
    weights = [tensor for tensor in tensors if isinstance(tensor, LayerWeight)]
    if not weights:
        return None
    others = [tensor for tensor in tensors if not isinstance(tensor, LayerWeight)]
    shapes = [tensor.shape for tensor in tensors]
    if not others or len(tensors) != 2 or any(shape is None for shape in shapes):
        raise UnknownReached(interpreter.unknown(f"what {kind} of a weight gives"))
    left, right = (shape or () for shape in shapes)
    made, macs = _product(left, right) if kind == "Matmul" else (_stretched(left, right), 0)
    if made is None or made[:1] != (None,) or None in made[1:]:
        raise UnknownReached(interpreter.unknown(f"what {kind} of a weight gives"))
    new = [one for one in weights if not one.counted]
    for weight in new:
        weight.counted = True
    return OwnedWeights(tuple([size for size in made[1:] if size is not None]), *stored(new), macs)


def stored(weights: Sequence[LayerWeight]) -> tuple[int, int]:
    """How many numbers weights have that are learned, and that are not."""
    learned = sum(weight.elements for weight in weights if weight.learned)
    return learned, sum(weight.elements for weight in weights) - learned


def stretched(interpreter: Evaluator, weight: LayerWeight, sizes: Sequence[Value]) -> OwnedWeights:
    """A weight that is stretched to `sizes`, the samples first. Raises UnknownReached, ValueError."""
    known = tuple([size for size in sizes[1:] if type(size) is int])
    if len(known) != len(sizes) - 1 or type(sizes[0]) is int:
        raise UnknownReached(interpreter.unknown("the shape that a weight is stretched to"))
    kept = (weight.shape or ())[-len(known) :] if known else ()
    padded = (*(1,) * (len(known) - len(kept)), *kept)
    if any(one not in (1, size) for one, size in zip(padded, known, strict=True)):
        raise ValueError(f"a weight of {weight.shape} cannot be stretched to {known}")
    new = [] if weight.counted else [weight]
    weight.counted = True
    return OwnedWeights(known, *stored(new), 0)


def _product(left: Dims, right: Dims) -> tuple[Dims | None, int]:
    """``x @ w``: the last axis of one is the first of the other. Raises LayerError."""
    if len(right) != 2 or len(left) < 2 or left[:1] != (None,):
        return None, 0
    if left[-1] != right[0]:
        raise LayerError(f"{left[-1]} values are multiplied with a weight of {right[0]}x{right[1]}")
    made = (*left[:-1], right[1])
    return made, prod(size for size in (*made[1:], left[-1]) if size is not None)


def _stretched(left: Dims, right: Dims) -> Dims:
    """The shape of what is stretched to one, by the last axes. Raises LayerError."""
    rank = max(len(left), len(right))
    made = []
    for one, other in zip(*((*(1,) * (rank - len(shape)), *shape) for shape in (left, right)), strict=True):
        if one != other and 1 not in (one, other):
            raise LayerError(f"an axis of {one} and one of {other} do not go together")
        made.append(other if one == 1 else one)
    return tuple(made)
