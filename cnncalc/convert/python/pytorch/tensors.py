"""Tensors, and the number of samples, in the code: their operators, attributes and methods."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...torch import values
from ...torch.rules import RULES
from ...torch.values import Samples, Storage, Tensor
from ..faults import Stop
from ..operators import FOREIGN, ForeignRules, binary
from ..standard.builtin_classes import CLASSES
from ..values import Class, Native, UnknownReached, UnknownValue, Value
from .modules import LearnedTensor
from .run import operation

if TYPE_CHECKING:
    from ..interpreter import Evaluator

TENSOR = Class("Tensor", (CLASSES["object"],))
PARAMETER = Class("Parameter", (TENSOR,))
SIZE = Class("Size", (CLASSES["tuple"],))
_OPERATORS = {
    "truediv": "div",
    "floordiv": "floor_divide",
    "mod": "remainder",
    "and": "bitwise_and",
    "or": "bitwise_or",
    "xor": "bitwise_xor",
    "lshift": "bitwise_left_shift",
    "rshift": "bitwise_right_shift",
}
#: Attributes that a tensor has without a call; plain ones, and rules that are called without brackets.
_PLAIN: dict[str, Value] = {
    "requires_grad": True, "grad": None, "grad_fn": None, "is_leaf": True, "layout": "strided", "itemsize": 4,
    "is_cpu": True, **dict.fromkeys("is_cuda is_sparse is_quantized is_mps is_xpu is_meta is_nested".split(), False),
}  # fmt: skip
_READ = ("T", "mT", "H", "mH", "imag")
#: Methods that change no shape, and give the tensor itself.
_ITSELF = frozenset(
    "requires_grad_ retain_grad backward cpu cuda detach_ fill_ zero_ normal_ uniform_ copy_ clamp_ mul_ add_ div_ "
    "sub_ fill_diagonal_ erfinv_ trunc_normal_ data_ptr register_hook share_memory_ contiguous clone detach numpy "
    "xavier_uniform_ pin_memory is_contiguous kaiming_normal_ bernoulli_ random_ exponential_ masked_fill_".split()
)


class TensorRules(ForeignRules):
    """What the code does with tensors is an operation each."""

    def operated(self, interpreter: Evaluator, value: Value, name: str, other: Value, swapped: bool) -> Value:
        if not isinstance(other, Tensor | Samples | int | float | bool | UnknownValue | complex):
            if isinstance(other, tuple | list) and name == "mul":
                return binary(interpreter, ast.Mult, other, self.unary(interpreter, value, "index"))
            raise TypeError(f"unsupported operand type(s): 'Tensor' and '{type(other).__name__}'")
        args = (other, value) if swapped else (value, other)
        return operation(interpreter, _OPERATORS.get(name, name), args, {})

    def written(self, value: Value, made: Value) -> Value:
        if isinstance(made, Tensor):
            made.dtype = value.dtype
        return made

    def unary(self, interpreter: Evaluator, value: Value, name: str) -> Value:
        if name == "len":
            if value.shape is None:
                raise UnknownReached(interpreter.unknown("the length of a tensor"))
            if not value.shape:
                raise TypeError("len() of a 0-d tensor")
            return value.shape[0]
        if name in ("int", "float", "index"):
            if value.numbers is not None and len(value.numbers) == 1:
                return {"int": int, "float": float, "index": int}[name](value.numbers[0])
            raise UnknownReached(interpreter.unknown("a number in a tensor"))
        return operation(interpreter, {"invert": "logical_not", "pos": "clone"}.get(name, name), (value,), {})

    def compared(self, interpreter: Evaluator, value: Value, name: str, other: Value) -> Value:
        if other is None or isinstance(other, str):
            return name == "ne"
        return operation(interpreter, name, (value, other), {})

    def truth(self, interpreter: Evaluator, value: Value) -> bool:
        if value.numbers is not None and len(value.numbers) == 1:
            return bool(value.numbers[0])
        raise Stop(
            "what is done here hangs on the values of a tensor, which only running it gives",
            interpreter.here(),
            code="python-not-read",
        )

    def item(self, interpreter: Evaluator, value: Value, index: Value) -> Value:
        return operation(interpreter, "getitem", (value, index), {})

    def iterate(self, interpreter: Evaluator, value: Value) -> Iterable[Value]:
        if value.shape is None or not value.shape or isinstance(value.shape[0], Samples):
            raise UnknownReached(interpreter.unknown("the length of a tensor"))
        return [operation(interpreter, "getitem", (value, index), {}) for index in range(value.shape[0])]

    def cls(self, value: Value) -> Class:
        return PARAMETER if isinstance(value, LearnedTensor) else TENSOR

    def attribute(self, interpreter: Evaluator, value: Value, name: str) -> Value:
        if name == "shape":
            return TensorSize(value.shape) if value.shape is not None else interpreter.unknown("the shape of a tensor")
        if name == "dtype":
            return value.dtype or interpreter.unknown("the type of a tensor")
        if name == "device":
            from .names import DEVICE

            return DEVICE
        if name in ("data", "real"):
            return value
        if name == "ndim":
            return interpreter.unknown("the axes of a tensor") if value.shape is None else len(value.shape)
        if name in _PLAIN:
            return _PLAIN[name]
        if name in _READ:
            return operation(interpreter, name, (value,), {})
        if name == "astype":
            return Native(name, lambda at, /, dtype, **_: operation(at, "to", (value, dtype), {}))
        if name in _ITSELF:
            return Native(name, lambda at, /, *_, **__: value)
        return _method(interpreter, value, name)


def _method(interpreter: Evaluator, value: Tensor, name: str) -> Value:
    if name in ("size", "item", "tolist", "numel", "dim", "nelement", "ndimension"):
        return Native(name, lambda at, /, *args, **kwargs: _sized(at, name, value, args, kwargs))
    if name in RULES or name.rstrip("_") in RULES or name[:2] != "__":
        if name.rstrip("_") not in RULES and name not in RULES and name not in _KNOWN:
            from .known import tensor_methods

            if name not in tensor_methods():
                raise AttributeError(f"'Tensor' object has no attribute '{name}'", name=name, obj=value)
        return Native(name, lambda at, /, *args, **kwargs: operation(at, name, (value, *args), kwargs))
    raise AttributeError(f"'Tensor' object has no attribute '{name}'", name=name, obj=value)


_KNOWN = frozenset(("unfold", "stft"))


def _sized(
    interpreter: Evaluator, name: str, value: Tensor, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> Value:
    found = operation(interpreter, name, (value, *args), kwargs)
    if isinstance(found, Tensor) and found.shape is None:
        return interpreter.unknown("the size of a tensor")
    return TensorSize(found) if type(found) is tuple and name == "size" else found


class TensorSize(tuple[Value, ...]):
    """``torch.Size``."""

    __slots__ = ()


class SampleRules(ForeignRules):
    """The number of samples: multiples of it are followed, and comparisons that hold for any number of them."""

    def operated(self, interpreter: Evaluator, value: Value, name: str, other: Value, swapped: bool) -> Value:
        one, two = (other, value) if swapped else (value, other)
        if name == "truediv":
            name = "floordiv"
            if isinstance(two, float) and two.is_integer():
                two = int(two)
        if isinstance(two, float) and two.is_integer():
            two = int(two)
        if isinstance(two, UnknownValue) or isinstance(one, UnknownValue):
            return two if isinstance(two, UnknownValue) else one
        functions = {"add": lambda: one + two, "sub": lambda: one - two, "mul": lambda: one * two,
                     "floordiv": lambda: one // two, "mod": lambda: one % two}  # fmt: skip
        try:
            if name not in functions:
                raise values.Unknown(f"{name} of the number of samples")
            return functions[name]()
        except values.Unknown as unknown:
            return interpreter.unknown(str(unknown))

    def unary(self, interpreter: Evaluator, value: Value, name: str) -> Value:
        if name in ("int", "index", "pos", "abs", "float"):
            return value
        return interpreter.unknown("what the number of samples is turned into")

    def compared(self, interpreter: Evaluator, value: Value, name: str, other: Value) -> Value:
        if isinstance(other, Samples):
            if value == other:
                return name in ("eq", "le", "ge")
            if value.factor != other.factor and value.n == other.n:
                less = value.factor < other.factor
                return {"eq": False, "ne": True, "lt": less, "le": less, "gt": not less, "ge": not less}[name]
        if isinstance(other, int | float) and not isinstance(other, bool):
            least = value.factor
            sure = {"ge": other <= least, "gt": other < least, "ne": other < least}
            if sure.get(name):
                return True
            if {"lt": other <= least, "le": other < least, "eq": other < least}.get(name):
                return False
            return interpreter.unknown("the number of samples")
        return name == "ne"

    def attribute(self, interpreter: Evaluator, value: Value, name: str) -> Value:
        if name == "item":
            return Native(name, lambda at: value)
        raise AttributeError(f"'int' object has no attribute '{name}'")

    def cls(self, value: Value) -> Class:
        return CLASSES["int"]


FOREIGN[Tensor] = FOREIGN[LearnedTensor] = TensorRules()
FOREIGN[Samples] = SampleRules()


def copy_tensor(value: Value, known: dict[int, Value]) -> Value:
    """A deep copy of a tensor: with numbers of its own."""
    if not isinstance(value, Tensor) or value.shape is None:
        return value
    storages = tuple([Storage(storage.name, (storage.elements,), storage.kind) for storage in value.storages])
    tensor = type(value)(value.shape, value.dtype, value.numbers, fixed=value.fixed, storages=storages)
    known[id(value)] = tensor
    return tensor
