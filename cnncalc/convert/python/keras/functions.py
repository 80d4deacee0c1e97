"""Functions on tensors, of keras.ops, keras.backend and TensorFlow: which operation each is, and its arguments.

``mean reduce_mean: Mean(x, axis, keepdims)``: the names that it has, the class of Keras's operation, whose rule stands
in convert/keras/operations.py, and its arguments in order. To add one is a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import add, mul, sub
from typing import TYPE_CHECKING, Any

from ..values import Native, UnknownReached, UnknownValue, Value
from .constructing import plain
from .following import ruled
from .graph import KerasTensor, tensors_in
from .layer import KerasLayer, run_of, snake
from .layers import LAYER
from .weights import LayerWeight, stretched

if TYPE_CHECKING:
    from ...keras.graph import OwnedWeights
    from ..interpreter import Evaluator

_TABLE = """
add bias_add: Add(x, y)
subtract: Subtract(x, y)
multiply: Multiply(x, y)
divide true_divide truediv: Divide(x, y)
maximum: Maximum(x, y)
minimum: Minimum(x, y)
equal: Compare(x, y)
power pow: Power(x, y)
add_n: Add(inputs)
concat concatenate: Concatenate(xs, axis)
stack: Stack(x, axis)
split: Split(x, indices_or_sections, axis)
split_sizes: Split(x, num_or_size_splits, axis)
take: Take(x, indices, axis)
repeat: Repeat(x, repeats, axis)
relu: Relu(x)
relu6: Relu6(x)
leaky_relu: LeakyRelu(x, negative_slope)
elu: Elu(x, alpha)
selu: Selu(x)
gelu: Gelu(x, approximate)
silu swish: Silu(x)
sigmoid: Sigmoid(x)
hard_sigmoid: HardSigmoid(x)
tanh: Tanh(x)
softplus: Softplus(x)
softmax: Softmax(x, axis)
log_softmax: LogSoftmax(x, axis)
exp: Exp(x)
log: Log(x)
sqrt: Sqrt(x)
rsqrt: Rsqrt(x)
square: Square(x)
abs absolute: Absolute(x)
negative: Negative(x)
sin: Sin(x)
cos: Cos(x)
erf: Erf(x)
sign: Sign(x)
clip clip_by_value: Clip(x, x_min, x_max)
cast: Cast(x, dtype)
ones_like: OnesLike(x)
zeros_like: ZerosLike(x)
identity stop_gradient: Identity(x)
l2_normalize normalize: Normalize(x, axis)
mean reduce_mean: Mean(x, axis, keepdims)
max reduce_max amax: Max(x, axis, keepdims)
min reduce_min amin: Min(x, axis, keepdims)
sum reduce_sum: Sum(x, axis, keepdims)
prod reduce_prod: Prod(x, axis, keepdims)
var variance reduce_variance: Var(x, axis, keepdims)
std reduce_std: Std(x, axis, keepdims)
argmax: Argmax(x, axis)
reshape: Reshape(x, newshape)
transpose permute_dimensions: Transpose(x, axes)
moveaxis: Moveaxis(x, source, destination)
swapaxes: Swapaxes(x, axis1, axis2)
expand_dims: ExpandDims(x, axis)
squeeze: Squeeze(x, axis)
flatten batch_flatten: Flatten(x)
pad: Pad(x, pad_width, mode)
matmul: Matmul(x1, x2)
dot batch_dot: Matmul(x1, x2)
depth_to_space: DepthToSpace(x, block_size)
space_to_depth: SpaceToDepth(x, block_size)
resize resize_bilinear resize_nearest_neighbor: Resize(images, size, interpolation)
"""
#: Other words for arguments.
_WORDS = {"keep_dims": "keepdims", "keepdim": "keepdims", "perm": "axes", "pattern": "axes", "shape": "newshape",
          "dim": "axis", "values": "xs", "tensors": "xs", "features": "x", "logits": "x", "input_tensor": "x",
          "tensor": "x", "input": "x", "paddings": "pad_width", "image": "images", "a": "x1", "b": "x2", "inputs": "x",
          "value": "x", "alpha": "negative_slope",
          "target_shape": "newshape",
          "clip_value_min": "x_min", "clip_value_max": "x_max"}  # fmt: skip


def functions() -> dict[str, Value]:
    """A function for each name of the table."""
    found: dict[str, Value] = {}
    for line in _TABLE.strip().splitlines():
        names, kind, words = re.fullmatch(r"([\w ]+): (\w+)\(([\w, ]*)\)", line).groups()  # type: ignore[union-attr]
        for name in names.split():
            found[name] = _function(name, kind, words.split(", "))
    found["argmin"] = found["argmax"]
    found["broadcast_to"] = Native("broadcast_to", _broadcast)
    return found


def _function(name: str, kind: str, words: list[str]) -> Native:
    def call(interpreter: Evaluator, /, *args: Value, **kwargs: Value) -> Value:
        if name == "split_sizes" and len(args) == 3 and not isinstance(args[0], KerasTensor):
            args = (args[2], args[1], args[0])  # tf.split's first form
        given = dict(zip(words, args, strict=False))
        for key, value in kwargs.items():
            given[key if key in words else _WORDS.get(key, key)] = value
        tensors = [value for value in given.values() if tensors_in(value)]
        if not tensors:
            return _of_numbers(interpreter, name, args, kwargs)
        config = {key: value for key, value in given.items() if not tensors_in(value) and key not in ("name", "dtype")}
        others = [value for key, value in config.items() if key in ("x", "y", "x1", "x2")]
        return operation(interpreter, kind, (*tensors, *others), {**config, "function": name})

    return Native(name, call)


def _broadcast(interpreter: Evaluator, x: Value, shape: Value) -> Value:
    """A tensor, or a weight of the layer that is followed, stretched to a shape. Raises UnknownReached."""
    if not isinstance(x, LayerWeight):
        return operation(interpreter, "BroadcastTo", (x,), {"shape": shape})
    entering = run_of(interpreter).entering
    if not entering or not entering[-1] or isinstance(shape, UnknownValue):
        raise UnknownReached(interpreter.unknown("what broadcast_to(…) of a weight gives"))
    made = stretched(interpreter, x, interpreter.listed(shape))
    return operation(interpreter, "BroadcastTo", entering[-1][:1], owned=made)


def _of_numbers(interpreter: Evaluator, name: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """What a function gives of no tensor: of numbers, Python's answer."""
    plain_ones: dict[str, Callable[..., Value]] = {
        "maximum": max, "minimum": min, "add": add, "multiply": mul, "subtract": sub}  # fmt: skip
    if name in plain_ones and len(args) == 2 and not kwargs and all(type(arg) in (int, float) for arg in args):
        return plain_ones[name](*args)
    unknown = next((one for one in (*args, *kwargs.values()) if isinstance(one, UnknownValue)), None)
    return unknown if unknown is not None else interpreter.unknown(f"what {name}(…) gives")


def operation(
    interpreter: Evaluator, kind: str, args: Sequence[Value], config: Mapping[str, Value] | None = None,
    owned: OwnedWeights | None = None,
) -> Value:  # fmt: skip
    """What an operation gives: it is a layer of the model without a name; `owned` is what is known of its weights.
    Raises UnknownReached; Raised, Stop.
    """
    layer = KerasLayer(LAYER, None)
    layer.kind, layer.name = kind, run_of(interpreter).named(snake(kind))
    for key, value in (config or {}).items():
        if isinstance(value, UnknownValue) and key not in ("alpha", "negative_slope", "approximate"):
            raise UnknownReached(value)
        layer.config[key] = _indexed(interpreter, value) if key == "key" else plain(interpreter, value)
    for value in args:
        if isinstance(value, UnknownValue):
            raise UnknownReached(value)
    return ruled(interpreter, layer, args, {}, owned)


def _indexed(interpreter: Evaluator, parts: Sequence[Value]) -> list[Any]:
    """What stands in brackets behind a tensor, as a model file has it."""
    found: list[Any] = []
    for part in parts:
        if isinstance(part, slice):
            ends = {"start": part.start, "stop": part.stop, "step": part.step}
            found.append({"class_name": "__slice__", "config": ends})
        elif isinstance(part, UnknownValue):
            raise UnknownReached(part)
        else:
            found.append("..." if part is ... else plain(interpreter, part))
    return found
