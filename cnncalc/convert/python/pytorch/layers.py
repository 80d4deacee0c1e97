"""The rows of torch.nn as classes."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...torch.values import Storage, Tensor, spelled
from ..faults import Undecided
from ..values import Class, ClassMethod, Native, UnknownValue, Value
from .modules import MODULE, ModuleInstance, parameter
from .run import operation
from .special import from_pretrained
from .table import _BASES, ABSTRACT, LOSS, TABLE, ModuleRow
from .typed import same_types, set_types

if TYPE_CHECKING:
    from ..interpreter import Evaluator

EMPTY = object()
#: The flag of a function's code that takes any number of arguments.
_STARRED = 4
#: Arguments on which neither shapes nor counts hang.
_FREE = frozenset("inplace p eps momentum dropout init max_norm padding_idx negative_slope alpha beta".split())
#: Arguments that are tuples, one number an axis, once they are kept.
_SPREAD = frozenset(("kernel_size", "stride", "padding", "dilation", "output_padding"))


class ConstructorSignature:
    """The arguments of a constructor, with their defaults."""

    def __init__(self, text: str) -> None:
        self.starred = text == "*args"
        self.defaults: dict[str, Any] = {}
        for word in [] if self.starred else [one for one in text.split(", ") if one]:
            name, sign, default = word.partition("=")
            self.defaults[name] = ast.literal_eval(default) if sign else EMPTY

    def bound(
        self, name: str, args: tuple[Value, ...], kwargs: dict[str, Value]
    ) -> tuple[dict[str, Value], dict[str, Value]]:
        """All arguments by name, and those that are given. Raises TypeError as PyTorch does."""
        if self.starred:
            return {}, {}
        names = list(self.defaults)
        if len(args) > len(names) + 2:
            raise TypeError(
                f"{name}.__init__() takes {len(names) + 1} positional arguments but {len(args) + 1} were given"
            )
        given = dict(zip(names, args, strict=False))
        for key, value in kwargs.items():
            if key in ("device", "dtype", "bias") and key not in names:
                continue
            if key not in names:
                raise TypeError(f"{name}.__init__() got an unexpected keyword argument '{key}'")
            if key in given:
                raise TypeError(f"{name}.__init__() got multiple values for argument '{key}'")
            given[key] = value
        whole = {**self.defaults, **given}
        missing = [key for key, value in whole.items() if value is EMPTY]
        if missing:
            raise _missing(name, missing, list(whole), given)
        return whole, given


def _missing(name: str, missing: Sequence[str], names: Sequence[str], given: Mapping[str, Value]) -> TypeError:
    """What Python says of arguments that are not given, and the call with them."""
    plural = "s" if len(missing) > 1 else ""
    listed = " and ".join(filter(None, (", ".join(map(repr, missing[:-1])), repr(missing[-1]))))
    error = TypeError(f"{name}.__init__() missing {len(missing)} required positional argument{plural}: {listed}")
    words: list[str] = []
    for place, key in enumerate(names):
        if key in given or key in missing:
            value = given.get(key)
            word = repr(value) if isinstance(value, int | float | str | tuple) else key
            words.append(word if place == len(words) else f"{key}={word}")
    error.add_note(f"write nn.{name}({', '.join(words)})")
    return error


def _init(name: str, row: ModuleRow) -> Native:
    signature: list[ConstructorSignature] = []

    def init(interpreter: Evaluator, module: ModuleInstance, /, *args: Value, **kwargs: Value) -> None:
        if not signature:
            signature.append(ConstructorSignature(row.signature))
        whole, given = signature[0].bound(name, args, kwargs)
        free = whole if row.base == LOSS else _FREE
        unsaid = [key for key, value in whole.items() if isinstance(value, UnknownValue) and key not in free]
        unknown = unsaid[0] if unsaid else None
        if unknown is not None:
            raise Undecided(f"{unknown} of nn.{name}", whole[unknown], interpreter.here())
        module.ready = True
        own = module.attributes
        own.update(whole)
        own["_given"] = given
        if row.owns is not None:
            learned, kept = row.owns(whole)
            _own(module, learned, kept)
            set_types(module, kwargs.get("dtype"))
        if name == "MultiheadAttention":
            _project(module, whole)
        _spread(name, own)

    return Native("__init__", init)


def _spread(name: str, own: dict[str, Value]) -> None:
    """Keeps sizes as PyTorch keeps them: a number for each axis, of pads one for each side."""
    rank = int(name[-2]) if name[-1:] == "d" and name[-2:-1] in "123" else 0
    if rank and name.startswith("Conv"):
        for key in _SPREAD & own.keys():
            value = own[key]
            own[key] = (value,) * rank if isinstance(value, int) else tuple(value) if isinstance(value, list) else value
    elif rank and name[:-2].endswith("Pad") and isinstance(own["padding"], int):
        own["padding"] = (own["padding"],) * (2 * rank)


def _own(module: ModuleInstance, learned: dict[str, Any], kept: dict[str, Any]) -> None:
    """Gives a module its parameters and buffers."""
    for name, shape in learned.items():
        module.attributes.pop(name, None)
        module.parameters[name] = None if shape is None else parameter(shape)
    for name, shape in kept.items():
        stored = None if shape is None else (Storage("", shape, "buffer"),)
        module.buffers[name] = None if stored is None else Tensor(shape, "float32", fixed=True, storages=stored)


def _project(module: ModuleInstance, whole: dict[str, Any]) -> None:
    """The last projection of attention is a module of its own, of which only the parameters are used."""
    width = whole["embed_dim"]
    inner = ModuleInstance(CLASSES["Linear"], module.defined)
    inner.ready = True
    _own(inner, {"weight": (width, width), "bias": (width,) if whole["bias"] else None}, {})
    inner.attributes.update(in_features=width, out_features=width)
    module.parts["out_proj"] = inner


def _forward(name: str, row: ModuleRow) -> Native:
    if callable(row.call):
        call, code = row.call, row.call.__code__
        most = code.co_argcount - 2
        takes = None if code.co_flags & _STARRED else (most - len(call.__defaults__ or ()), most)

        def checked(interpreter: Evaluator, module: ModuleInstance, /, *values: Value, **named: Value) -> Value:
            _check_count(name, takes, values, named)
            if row.owns is not None:
                same_types(interpreter, module, (values, named))
            return call(interpreter, module, *values, **named)

        return Native("forward", checked)
    function, _, words = row.call.rstrip(")").partition("(")
    parts = [one.strip() for one in words.split(",") if one.strip()]
    most = len({one.rpartition("=")[2] for one in parts} & set("xyz"))
    takes = None if row.base == LOSS else (len(set(parts) & set("xyz")), most)

    def forward(interpreter: Evaluator, module: ModuleInstance, /, *values: Value, **named: Value) -> Value:
        given = dict(zip("xyz", values, strict=False))
        if named:
            given |= dict(zip([one for one in "xyz" if one not in given], named.values(), strict=False))
        if "x" not in given:
            raise TypeError(f"{name}.forward() missing 1 required positional argument: 'input'")
        _check_count(name, takes, values, named)
        _check_tensor(name, given["x"])
        if row.owns is not None:
            same_types(interpreter, module, given)
        if row.ranks:
            _ranked(interpreter, module, given["x"], row.ranks)
        args, kwargs = [], {}
        for word in parts:
            key, sign, source = word.partition("=")
            value = _value(module, source or key, given)
            if sign:
                kwargs[key] = value
            else:
                args.append(value)
        return operation(interpreter, function, args, kwargs)

    return Native("forward", forward)


def _check_count(name: str, takes: tuple[int, int] | None, values: Sequence[Value], named: Mapping[str, Value]) -> None:
    """Raises TypeError, with Python's words, for more arguments than `forward` takes: at least, and at most so many."""
    if takes is None or len(values) + len(named) <= takes[1]:
        return
    if len(values) <= takes[1]:
        raise TypeError(f"{name}.forward() got an unexpected keyword argument '{list(named)[-1]}'")
    count = " to ".join(str(one + 1) for one in dict.fromkeys(takes))
    count = f"from {count}" if " " in count else count
    raise TypeError(f"{name}.forward() takes {count} positional arguments but {len(values) + 1} were given")


_WORDS = ("constant", "reflect", "replicate", "circular")


def _value(module: ModuleInstance, word: str, given: dict[str, Value]) -> Value:
    """What a word of a row's call stands for."""
    if word in ("x", "y", "z"):
        return given.get(word)
    for kept in (module.parameters, module.buffers, module.attributes):
        if word in kept:
            return kept[word]
    return word if word in _WORDS else None


def _check_tensor(name: str, value: Value) -> None:
    """Raises TypeError where a layer is given what is no tensor, such as the results of an LSTM, or another layer."""
    if name == "Identity" or not (value is None or isinstance(value, tuple | list | dict | str | ModuleInstance)):
        return
    if isinstance(value, ModuleInstance):
        raise TypeError(f"{name} is given a {value.cls.name}, which is a layer: call it, nn.{value.cls.name}()(x)")
    if value is None:
        raise TypeError(f"{name} is given None: a forward before it returns nothing")
    many = f" of {len(value)}" if isinstance(value, tuple | list) else ""
    first = ": x, *_ = … takes the first" if many else ""
    raise TypeError(f"{name} is given a {type(value).__name__}{many}, and takes a tensor{first}")


def _ranked(interpreter: Evaluator, module: ModuleInstance, x: Value, ranks: tuple[int, ...]) -> None:
    """Raises ValueError where an input has other axes, as batch norms do."""
    if isinstance(x, Tensor) and x.shape is not None and len(x.shape) not in ranks:
        expected = " or ".join(f"{rank}D" for rank in ranks)
        fitting = {2: "1d", 3: "1d", 4: "2d", 5: "3d"}.get(len(x.shape))
        meant = f": nn.{module.cls.name[:-2]}{fitting} is for {spelled(x.shape)}" if fitting else ""
        raise ValueError(f"expected {expected} input (got {len(x.shape)}D input){meant}")


def _classes() -> dict[str, Class]:
    found: dict[str, Class] = {}
    for name in ABSTRACT:
        found[name] = Class(name, (MODULE,))
    for name, above in _BASES.items():
        found[name] = Class(name, (found[above],))
    for name, row in TABLE.items():
        base = MODULE if row.base == "Module" else found[row.base]
        cls = Class(name, (base,), {"__init__": _init(name, row), "forward": _forward(name, row)})
        cls.traits["leaf"] = name
        if name.startswith("Embedding"):
            cls.namespace["from_pretrained"] = ClassMethod(Native("from_pretrained", from_pretrained))
        found[name] = cls
    return found


CLASSES = _classes()
