"""The arguments of a layer's constructor as a model file has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ....layers import LayerError
from ...keras.identity import IDENTITY
from ..faults import Stop, Undecided
from ..values import Class, CodeFunction, Instance, Native, UnknownValue, Value
from .graph import KerasTensor
from .layer import KerasLayer, snake
from .signatures import ACTIVATIONS

if TYPE_CHECKING:
    from ..interpreter import Evaluator

#: Arguments on which neither shapes nor counts hang.
_FREE = re.compile(
    "input_shape|batch_input_shape|input_dim|input_length|name|dtype|seed|rate|stddev|momentum|epsilon|alpha|"
    r"negative_slope|offset|weights|invert|mask|factor|noise_shape|trainable|\w+_(?:initializer|regularizer|constraint|factor|range|value)|threshold|theta|dropout"
)


def configured(interpreter: Evaluator, word: str, key: str, value: Value) -> Any:
    """An argument as a configuration has it. Raises LayerError, Undecided."""
    if isinstance(value, UnknownValue):
        if _FREE.fullmatch(key):
            return None
        if key in ("mean", "variance"):
            return "given"
        if key == "activation":
            return value.what
        raise Undecided(f"{key} of {word}", value, interpreter.here())
    if key in ("activation", "recurrent_activation"):
        return _activation(interpreter, value)
    if key == "padding" and isinstance(value, str):
        return value.lower()
    return plain(interpreter, value)


def _activation(interpreter: Evaluator, value: Value) -> Any:
    """The name of a function, or of a layer that is one. Raises LayerError."""
    from ....values import nearest

    if isinstance(value, str):
        known = value.lower() if value.lower() in ACTIVATIONS else value
        if known not in ACTIVATIONS:
            raise LayerError(
                f"no activation is called '{value}'", "activation", nearest(value, sorted(ACTIVATIONS), "") or None
            )
        return known
    if isinstance(value, Native | CodeFunction):
        return value.name
    if isinstance(value, KerasLayer):
        if value.kind == "PReLU" or value.kind is None:
            raise Stop("an activation that learns is followed as a layer of its own only", interpreter.here(),
                       "call it behind the layer", "python-not-read")  # fmt: skip
        return {"class_name": value.kind, "config": value.config}
    if isinstance(value, Class):
        return snake(value.name)
    return plain(interpreter, value)


def plain(interpreter: Evaluator, value: Value, depth: int = 0) -> Any:
    """A value as a model file has it: lists for tuples, layers as they are described."""
    if isinstance(value, KerasLayer):
        return value.described() if depth < 8 else None
    if isinstance(value, UnknownValue | KerasTensor):
        return None
    if isinstance(value, list | tuple):
        interpreter.step(len(value) // 8)
        return [plain(interpreter, one, depth + 1) for one in value] if depth < 6 else None
    if isinstance(value, dict):
        if depth >= 6:
            return None
        # a layer that is made of a description is another one
        return {str(key): plain(interpreter, one, depth + 1) for key, one in value.items() if key != IDENTITY}
    if isinstance(value, Native | CodeFunction):
        return value.name
    if isinstance(value, Instance):
        return value.data if isinstance(value.data, int | float | str) else None
    return value
