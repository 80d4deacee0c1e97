"""What enters a model: ``keras.Input``, and the shape that the first layer of a Sequential says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..values import UnknownValue, Value
from .graph import Dims, KerasTensor
from .layer import KerasLayer, run_of
from .layers import LAYER

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def make_input(interpreter: Evaluator, /, *args: Value, **kwargs: Value) -> Value:
    """``keras.Input(shape)``: a tensor. Raises TypeError, ValueError."""
    given = dict(zip(("shape", "batch_size", "dtype", "sparse", "batch_shape", "name", "tensor"), args, strict=False))
    given |= kwargs
    tensor = given.get("tensor") if isinstance(given.get("tensor"), KerasTensor) else given.get("input_tensor")
    if isinstance(tensor, KerasTensor):
        return tensor
    layer = KerasLayer(LAYER, interpreter.here())
    layer.kind = "InputLayer"
    name = given.get("name")
    layer.name = name if isinstance(name, str) else run_of(interpreter).named("input_layer")
    layer.named = isinstance(name, str)
    whole = given.get("batch_shape", given.get("batch_input_shape"))
    dims = (
        shaped(interpreter, given.get("shape", given.get("input_shape")))
        if whole is None
        else shaped(interpreter, whole)[1:]
    )
    return run_of(interpreter).enter(layer, (None, *dims))


def shaped(interpreter: Evaluator, value: Value) -> Dims:
    """A shape that the code says, without the samples. Raises TypeError, ValueError."""
    if value is None:
        return ()
    if isinstance(value, UnknownValue):
        return (None,) * 3
    if isinstance(value, int):
        raise ValueError(f"Cannot convert '{value}' to a shape: a shape is a tuple, ({value},)")
    sizes = [None if one is None or isinstance(one, UnknownValue) else one for one in interpreter.listed(value)]
    for size in sizes:
        if size is not None and (not isinstance(size, int) or size < 1):
            raise ValueError(f"Cannot convert '{tuple(sizes)}' to a shape: a size is a whole number above 0, or None")
    return tuple(sizes)
