"""The code of a call that no kind of layer says, so that the network can be written as PyTorch source again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..call import letters
from .values import Samples, Tensor

#: What stands for the number of samples until it is known which input has them.
SAMPLES = "_samples"
#: Methods whose arguments are numbers, and operators between tensors.
_METHODS = frozenset(
    "mean sum amax amin prod std var view reshape permute transpose unsqueeze squeeze expand repeat flatten unflatten "
    "softmax log_softmax clamp pow exp log sqrt rsqrt abs neg sin cos square sigmoid tanh relu roll flip narrow select "
    "cumsum norm".split()
)
_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "matmul": "@"}
#: Functions of torch that take a list of tensors, or several.
_FUNCTIONS = frozenset("cat stack maximum minimum".split())


class _NoCode(Exception):
    """A value or a call that no code is written for."""


def call_source(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], inputs: Sequence[Tensor]) -> str:
    """A call of the operation `name`: of its tensor ``x``, or of ``a``, ``b``, …, as many of its `inputs` as hang on
    the network's; empty where no code is written for it.
    """
    entering = [tensor for tensor in inputs if not tensor.fixed]
    if any(tensor.axis != 0 for tensor in entering):
        return ""
    writer = _CallWriter(["x"] if len(entering) == 1 else letters(len(entering)))
    try:
        code = writer.call(name, args, kwargs)
    except _NoCode:
        return ""
    return code.replace(SAMPLES, f"{writer.names[0]}.shape[0]") if entering else code


class _CallWriter:
    """Writes one call; each tensor that hangs on an input is the next of `names`, in the order of the arguments."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self._next = iter(names)

    def call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        """The text. Raises _NoCode."""
        if not args:
            raise _NoCode
        if name == "getitem" and len(args) == 2 and isinstance(args[0], Tensor):
            return f"{self._value(args[0])}[{self._index(args[1])}]"
        if name in _SIGNS and len(args) == 2 and not kwargs:
            left, right = map(self._value, args)
            return f"({left} {_SIGNS[name]} {right})"
        texts = [*map(self._value, args), *(f"{key}={self._value(value)}" for key, value in kwargs.items())]
        if name in _FUNCTIONS:
            return f"torch.{name}({', '.join(texts)})"
        if name in _METHODS and isinstance(args[0], Tensor):
            return f"{texts[0]}.{name}({', '.join(texts[1:])})"
        raise _NoCode

    def _value(self, value: Any) -> str:
        if isinstance(value, Tensor):
            if not value.fixed:
                return next(self._next)
            if not value.source:
                raise _NoCode
            return value.source
        if isinstance(value, Samples):
            return SAMPLES if value.factor == 1 else f"{SAMPLES} * {value.factor}"
        if isinstance(value, list | tuple):
            inside = ", ".join(map(self._value, value))
            return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' if len(value) == 1 else ''})"
        if value is None or type(value) in (bool, int, float):
            return repr(value)
        raise _NoCode

    def _index(self, value: Any) -> str:
        if isinstance(value, tuple):
            return ", ".join(map(self._index, value)) or "()"
        if isinstance(value, slice):
            first, last = ("" if one is None else self._bound(one) for one in (value.start, value.stop))
            return f"{first}:{last}" + ("" if value.step is None else f":{self._bound(value.step)}")
        return "..." if value is ... else "None" if value is None else self._bound(value)

    def _bound(self, value: Any) -> str:
        if type(value) is not int:
            raise _NoCode
        return str(value)
