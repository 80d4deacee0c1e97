"""einops: its functions, and its layers, whose patterns are operations of convert/torch/einops.py."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ....values import how_many
from ...torch.values import Tensor
from ..standard.tools import natives
from ..values import Class, Native, UnknownReached, UnknownValue, Value
from .modules import MODULE, ModuleInstance
from .run import operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..interpreter import Evaluator

#: The operations, and what einops calls them.
_OPERATIONS = {"rearrange": "rearrange", "repeat": "einops_repeat", "reduce": "einops_reduce"}


def _function(name: str) -> Callable[..., Value]:
    """A function whose further arguments are sizes of axes, by any name."""

    def call(interpreter: Evaluator, /, tensor: Value, pattern: Value, *reduction: Value, **sizes: Value) -> Value:
        if "reduction" in sizes and name == "einops_reduce":
            reduction = (sizes.pop("reduction"),)
        return operation(interpreter, name, (tensor, pattern, sizes, *reduction), {})

    return call


def _packed(name: str) -> Callable[..., Value]:
    return lambda interpreter, *args: operation(interpreter, name, args, {})


def _einsum(interpreter: Evaluator, *args: Value) -> Value:
    """``einsum(a, b, "batch i, batch j -> batch i j")``: the axes have names of any length."""
    *tensors, pattern = args
    if isinstance(pattern, UnknownValue):
        raise UnknownReached(pattern)
    if not isinstance(pattern, str):
        raise TypeError("the last argument of einsum is its pattern")
    names = dict.fromkeys(re.findall(r"\w+", pattern))
    letters = {name: chr(ord("a") + place if place < 26 else ord("A") + place - 26) for place, name in enumerate(names)}
    if len(letters) > 52:
        raise ValueError(f"the pattern has {how_many(len(letters), 'axis')}")
    equation = re.sub(r"\w+", lambda match: letters[match[0]], pattern).replace(" ", "")
    return operation(interpreter, "einsum", (equation, *tensors), {})


def _parse_shape(interpreter: Evaluator, tensor: Value, pattern: Value) -> Value:
    """The sizes of a tensor by the names of its axes."""
    names = pattern.split() if isinstance(pattern, str) else []
    if not isinstance(tensor, Tensor) or tensor.shape is None:
        return interpreter.unknown("the shape of a tensor")
    if len(names) != len(tensor.shape):
        raise ValueError(
            f"the pattern '{pattern}' has {how_many(len(names), 'axis')}, and the tensor {len(tensor.shape)}"
        )
    return {name: size for name, size in zip(names, tensor.shape, strict=True) if name != "_"}


def functions() -> dict[str, Value]:
    """The names of einops."""
    found = {name: Native(name, _function(rule)) for name, rule in _OPERATIONS.items()}
    return {
        **found,
        **natives(
            einsum=_einsum, parse_shape=_parse_shape, pack=_packed("einops_pack"), unpack=_packed("einops_unpack")
        ),
    }


def layers() -> dict[str, Value]:
    """The names of einops.layers.torch."""
    return {"Rearrange": _layer("Rearrange", "rearrange"), "Reduce": _layer("Reduce", "einops_reduce")}


def _layer(name: str, rule: str) -> Class:
    def init(interpreter: Evaluator, module: ModuleInstance, /, pattern: Value, *more: Value, **sizes: Value) -> None:
        module.ready = True
        module.attributes.update(pattern=pattern, reduction=more, sizes=sizes)

    def forward(interpreter: Evaluator, module: ModuleInstance, input: Value) -> Value:
        own = module.attributes
        return operation(interpreter, rule, (input, own["pattern"], own["sizes"], *own["reduction"]), {})

    found = Class(name, (MODULE,), {"__init__": Native("__init__", init), "forward": Native("forward", forward)})
    found.traits["leaf"] = name
    return found
