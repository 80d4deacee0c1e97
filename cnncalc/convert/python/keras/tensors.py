"""Keras's tensors in the code: their operators are operations, which are layers of the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..operators import FOREIGN, ForeignRules
from ..standard.builtin_classes import CLASSES
from ..values import Class, Native, UnknownReached, UnknownValue, Value
from .functions import operation
from .graph import KerasTensor
from .weights import LayerWeight

if TYPE_CHECKING:
    from ..interpreter import Evaluator

TENSOR = Class("KerasTensor", (CLASSES["object"],))
_OPERATORS = {
    "add": "Add", "sub": "Subtract", "mul": "Multiply", "truediv": "Divide", "floordiv": "FloorDivide", "mod": "Mod",
    "pow": "Power", "matmul": "Matmul",
}  # fmt: skip


class KerasTensorRules(ForeignRules):
    """What the code does with tensors is an operation each."""

    def operated(self, interpreter: Evaluator, value: Value, name: str, other: Value, swapped: bool) -> Value:
        if isinstance(other, UnknownValue):
            return other
        if not isinstance(other, KerasTensor | int | float) or name not in _OPERATORS:
            raise TypeError(f"unsupported operand type(s) for {name}: 'KerasTensor' and '{type(other).__name__}'")
        args = (other, value) if swapped else (value, other)
        return operation(interpreter, _OPERATORS[name], args)

    def unary(self, interpreter: Evaluator, value: Value, name: str) -> Value:
        if name == "len":
            raise UnknownReached(interpreter.unknown("the number of samples"))
        if name in ("neg", "pos", "abs"):
            return operation(interpreter, {"neg": "Negative", "pos": "Identity", "abs": "Absolute"}[name], (value,))
        raise UnknownReached(interpreter.unknown("a number in a tensor"))

    def compared(self, interpreter: Evaluator, value: Value, name: str, other: Value) -> Value:
        if other is None or isinstance(other, str):
            return name == "ne"
        return operation(interpreter, "Compare", (value, other))

    def truth(self, interpreter: Evaluator, value: Value) -> bool:
        from ..faults import Stop

        raise Stop(
            "what is done here hangs on the values of a tensor, which only running it gives", interpreter.here(),
            code="python-not-read",
        )  # fmt: skip

    def item(self, interpreter: Evaluator, value: Value, index: Value) -> Value:
        parts = list(index) if isinstance(index, tuple) else [index]
        return operation(interpreter, "GetItem", (value,), {"key": parts})

    def iterate(self, interpreter: Evaluator, value: Value) -> Iterable[Value]:
        raise TypeError("iterating over a symbolic KerasTensor is not supported")

    def cls(self, value: Value) -> Class:
        return TENSOR

    def attribute(self, interpreter: Evaluator, value: Value, name: str) -> Value:
        if name in ("shape", "_keras_shape", "_shape_val"):
            return KerasShape(value.shape) if value.shape is not None else interpreter.unknown("the shape of a tensor")
        if name == "dtype":
            return "float32"
        if name in ("ndim", "rank"):
            return len(value.shape) if value.shape is not None else interpreter.unknown("the axes of a tensor")
        if name == "name":
            return value.use.layer.name
        if name == "get_shape":
            return Native(name, lambda at: self.attribute(at, value, "shape"))
        if name == "_keras_history":
            return (value.use.layer, 0, value.number)
        if name == "node":
            raise UnknownReached(interpreter.unknown("the node of a tensor"))
        raise AttributeError(f"'KerasTensor' object has no attribute '{name}'")


class KerasShape(tuple[Value, ...]):
    """The shape of a tensor: a tuple, with what TensorFlow's has besides."""

    __slots__ = ()


class KerasShapeRules(ForeignRules):
    """A shape is a tuple, with some methods more."""

    def operated(self, interpreter: Evaluator, value: Value, name: str, other: Value, swapped: bool) -> Value:
        if name != "add" or not isinstance(other, tuple | list):
            raise TypeError(f"unsupported operand type for {name}: a shape")
        return (*other, *value) if swapped else (*value, *other)

    def unary(self, interpreter: Evaluator, value: Value, name: str) -> Value:
        if name == "len":
            return len(value)
        raise TypeError(f"bad operand type for {name}: a shape")

    def compared(self, interpreter: Evaluator, value: Value, name: str, other: Value) -> Value:
        equal = isinstance(other, tuple | list) and tuple(value) == tuple(other)
        return equal if name == "eq" else not equal

    def truth(self, interpreter: Evaluator, value: Value) -> bool:
        return len(value) > 0

    def iterate(self, interpreter: Evaluator, value: Value) -> Iterable[Value]:
        return iter(tuple(value))

    def cls(self, value: Value) -> Class:
        return CLASSES["tuple"]

    def attribute(self, interpreter: Evaluator, value: Value, name: str) -> Value:
        if name == "as_list":
            return Native(name, lambda at: list(value))
        if name in ("rank", "ndims"):
            return len(value)
        if name == "dims":
            return list(value)
        from ..standard.methods import method

        return method(interpreter, tuple(value), name)


def know_tensors() -> None:
    """Gives tensors and their shapes their rules."""
    FOREIGN[KerasTensor] = FOREIGN[LayerWeight] = KerasTensorRules()
    FOREIGN[KerasShape] = KerasShapeRules()
