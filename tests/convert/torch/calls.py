"""The calls of calls.txt, as Python reads them: with tensors of ours, or with PyTorch's."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).with_name("calls.txt")
OPERATORS = {
    "__add__": "add", "__sub__": "sub", "__mul__": "mul", "__truediv__": "div", "__matmul__": "matmul", "__pow__": "pow",
    "__gt__": "gt", "__eq__": "eq", "__getitem__": "getitem", "__radd__": "__radd__", "__rsub__": "__rsub__",
    "__rmul__": "__rmul__", "__rtruediv__": "__rtruediv__", "__mod__": "remainder", "__floordiv__": "floor_divide",
    "__invert__": "bitwise_not", "__neg__": "neg", "__lt__": "lt", "__le__": "le", "__ge__": "ge", "__ne__": "ne", "__and__": "bitwise_and", "__or__": "bitwise_or",
}  # fmt: skip
TYPES = (
    "float32",
    "float64",
    "float16",
    "int64",
    "int32",
    "bool",
    "complex64",
    "bfloat16",
    "uint8",
    "int8",
    "int16",
    "long",
    "double",
    "half",
)
ATTRIBUTES = ("shape", "T", "mT", "ndim", "real", "H", "mH")


class Ours:
    """A tensor of a trace, whose methods and operators are calls."""

    def __init__(self, tape, tensor):
        self.__dict__.update(tape=tape, tensor=tensor)

    def __getattr__(self, name):
        if name == "dtype":
            return self.tensor.dtype
        if name in ATTRIBUTES:
            return self.tape.given(name, self)
        return lambda *args, **named: self.tape.given(name, self, *args, **named)

    __hash__ = None


for _name, _rule in OPERATORS.items():
    setattr(Ours, _name, lambda self, *args, _rule=_rule: self.tape.given(_rule, self, *args))


#: The names of parts of torch, as calls have them.
PARTS = {
    "fft": {name: f"fft_{name}" for name in "fft fft2 ifft ifft2 rfft rfft2 irfft irfft2 fftshift".split()},
    "linalg": {"inv": "linalg_inv", "norm": "linalg_norm", "vector_norm": "linalg_vector_norm"},
}


class Module:
    """``torch``, whose functions are calls and whose types are their names; or a part of it that has other names."""

    def __init__(self, given, **names):
        self._given, self._names = given, names

    def __getattr__(self, name):
        if name in TYPES:
            return {"long": "int64", "double": "float64", "half": "float16"}.get(name, name)
        if name in PARTS and not self._names:
            return Module(self._given, **PARTS[name])
        return lambda *args, **named: self._given(self._names.get(name, name), *args, **named)


def flat(made):
    """The results of a call, one behind another."""
    if isinstance(made, tuple | list) and not isinstance(made, str):
        return [one for item in made for one in flat(item)]
    return [made]


def evaluated(text, names):
    """What the expression gives."""
    return eval(text, names)
