"""One call of an operation: what it is given, how it answers, and the table of the rules that answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, TypeVar

from ...layers import KINDS, Layer, LayerError, Remark, Result
from ...layers.axes import LETTERS
from ...records import Record
from ...values import how_many
from .values import Dims, Samples, Storage, Tensor, Unknown, numbers, spelled

if TYPE_CHECKING:
    from ...network.assembler import Assembler


class Out(Record):
    """One result: its shape, None where it is not known, and its numbers where they are."""

    shape: Dims | None
    dtype: str | None = None
    numbers: list[Any] | None = None


class Answer(Record):
    """What a call comes to: its results, and the layer that it is; without one its own parameters and MACs."""

    outs: Sequence[Out]
    #: The layer; None where it has no kind.
    layer: Layer | None = None
    #: The tensors that enter the network's layer; None: all that are not fixed.
    inputs: Sequence[Tensor] | None = None
    #: The tensors whose numbers are its weights; None: all fixed ones that it reads.
    weights: Sequence[Tensor | None] | None = None
    #: Of all samples together.
    macs: int | None = 0
    #: Puts the results together as PyTorch gives them; None: the one tensor, or a tuple of several.
    pack: Callable[[list[Tensor]], Any] | None = None
    remarks: Sequence[Remark] = ()


#: What answers a call: its arguments are those of PyTorch's function, behind the call itself.
Rule: TypeAlias = "Callable[..., Any]"
_Function = TypeVar("_Function", bound=Rule)


class Call:
    """A call of an operation."""

    def __init__(self, name: str, assembler: Assembler, samples: int, *, aten: bool = False) -> None:
        self.name = name
        self.assembler = assembler
        #: Whether it is called as an operator of ATen, where that differs from the function of its name.
        self.aten = aten
        #: The number of samples that the file has.
        self.samples = samples

    def refuse(self, message: str, argument: str | None = None, help: str | None = None) -> NoReturn:
        """Says why PyTorch would not run it. Raises LayerError."""
        raise LayerError(message, argument, help)

    def axis(self, axis: Any, rank: int, what: str = "dim") -> int:
        """An axis counted from the start. Raises LayerError for one that is not there."""
        if not isinstance(axis, int):
            raise Unknown(f"{what} is not known")
        if not -rank <= axis < max(rank, 1):
            self.refuse(f"{what}={axis} of a tensor with {how_many(rank, 'axis')}", what)
        return axis % rank if rank else 0

    def axes(self, found: Any, rank: int, what: str = "dim") -> list[int]:
        """Axes counted from the start; all where none are said. Raises LayerError."""
        if found is None or found in ([], ()):
            return list(range(rank))
        made = [self.axis(axis, rank, what) for axis in (found if isinstance(found, list | tuple) else (found,))]
        if len(set(made)) < len(made):
            self.refuse(f"{what}={list(found)}: an axis is there twice", what)
        return made

    def per_axis(self, value: Any, count: int, what: str) -> list[int]:
        """A number for every axis. Raises LayerError where there are others than so many."""
        found = list(value) if isinstance(value, list | tuple) else [value]
        found = found * count if len(found) == 1 else found
        if any(isinstance(one, Unknown) for one in found):
            raise Unknown(f"{what} is not known")
        if len(found) != count or not all(isinstance(one, int) for one in found):
            self.refuse(f"{what}={value} on {how_many(count, 'spatial axis')}", what)
        return found

    # --- how it answers -----------------------------------------------------------------------------

    def layer(self, kind: str, given: Mapping[str, Any] | None = None) -> Layer:
        """The layer of a kind. Raises LayerError; Unknown, where an argument is."""
        if unknown := next((one for one in (given or {}).values() if isinstance(one, Unknown)), None):
            raise unknown
        return self.assembler.layer(KINDS[kind], given or {})

    def result(self, layer: Layer, *shapes: tuple[int, ...]) -> Result:
        """What a layer makes of shapes. Raises LayerError."""
        result = self.assembler.result(layer, shapes)
        if isinstance(result, LayerError):
            raise result
        return result

    def kind(
        self, kind: str, given: Mapping[str, Any], x: Tensor, weights: Sequence[Tensor | None] = (),
        *, batched: bool = True,
    ) -> Answer:  # fmt: skip
        """What a layer with one input makes of `x`, whose first axis has samples, but where it is not `batched`.

        With several rows a sample it runs on each. What is stored for it must be what the layer has; else it is told by
        its own numbers. Raises LayerError.
        """
        sizes = x.sizes
        if not sizes:
            self.refuse(f"{self.name} of a scalar")
        rows = sizes[:1] if batched else ()
        layer = self.layer(kind, given)
        shape = numbers(sizes[len(rows) :])
        result = self.result(layer, shape)
        made = tuple([size if isinstance(size, Samples) and size.number == new else new for size, new in zip(
            sizes[len(rows) :] if len(shape) == len(result.output) else result.output, result.output, strict=True)
        ])  # fmt: skip
        out = [Out((*rows, *made), x.dtype)]
        stored = storages(weights)
        kept = sum(
            storage.elements for storage in stored if storage.kind == "buffer"
        )  # a filter that is kept is not learned
        exact = sum(storage.elements for storage in stored) == result.params + result.buffers and kept <= result.buffers
        if exact and x.axis == (0 if batched else None) and x.place == x.axis:
            return Answer(out, layer, [x], weights)
        return Answer(out, None, None, weights, result.macs * prod(numbers(rows)))

    def same(self, x: Tensor, kind: str | None = None, given: Mapping[str, Any] | None = None) -> Answer:
        """The shape of `x`; of a kind that keeps it, where that suits."""
        out = [Out(x.shape, x.dtype)]
        if kind is None or x.shape is None or not x.sample or (x.axis is None and x.place is not None):
            return Answer(out)
        layer = self.layer(kind, given)
        result = self.assembler.result(layer, (x.sample,))
        if isinstance(result, LayerError) or result.output != x.sample:
            return Answer(out)
        return Answer(out, layer, [x], ())

    def merged(self, kind: str, tensors: Sequence[Tensor], shape: Dims, dtype: str | None = None) -> Answer:
        """A merge to `shape`, where the kind's rule gives that; else just that."""
        out = Out(shape, dtype)
        made = Tensor(shape)
        if made.place == made.axis and all(
            tensor.axis == made.axis and tensor.place == made.axis for tensor in tensors
        ):
            layer = self.layer(kind)
            result = self.assembler.result(layer, tuple([tensor.sample for tensor in tensors]))
            if isinstance(result, Result) and result.output == made.sample:
                return Answer([out], layer, tensors, ())
        return Answer([out])


def storages(tensors: Iterable[Tensor | None]) -> tuple[Storage, ...]:
    """What is stored for fixed tensors, each once."""
    fixed = [tensor for tensor in tensors if isinstance(tensor, Tensor) and tensor.fixed]
    return tuple(dict.fromkeys(storage for tensor in fixed for storage in tensor.storages))


def letter(axis: int, rank: int) -> str:
    """The letter of an axis of a tensor of so many, samples first."""
    return LETTERS.get(rank - 1, ("C",) * rank)[axis - 1]


def spell_all(tensors: Sequence[Tensor]) -> str:
    """``Nx3x4 and 5``."""
    return " and ".join(spelled(tensor.sizes) for tensor in tensors)


# --- the table --------------------------------------------------------------------------------------

#: The rules by the names of PyTorch's functions, without what says that it writes over its input.
RULES: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[_Function], _Function]:
    """Puts a function into the table, under its own name where none is said."""

    def put(function: _Function) -> _Function:
        RULES.update(dict.fromkeys(names or (function.__name__,), function))
        return function

    return put


#: Arguments that change no shape: where results are, or come from.
_PASSED_OVER = frozenset(
    "out device layout pin_memory memory_format generator non_blocking copy inplace dtype requires_grad async "
    "cudnn_enabled implicit names".split()
)
#: Other names that PyTorch takes for arguments.
_SYNONYMS = {"axis": "dim", "axes": "dim", "keepdims": "keepdim", "self": "input", "x": "input", "x1": "input",
             "x2": "other"}  # fmt: skip


def bound(rule: Rule, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments as a rule takes them, without those that change no shape. Raises LayerError for a call that the
    function does not take.
    """
    code = rule.__code__
    names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    places = names[: code.co_argcount - 1]
    starred, named = bool(code.co_flags & 0x04), dict[str, Any]()
    for word, value in kwargs.items():
        known = word if word in names else _SYNONYMS.get(word, word)
        if known in names or code.co_flags & 0x08:
            named[known] = value
        elif word not in _PASSED_OVER:
            raise LayerError(f"{name}() takes no argument {word}", word)
    if len(args) > len(places) and not starred:
        raise LayerError(f"{name}() takes {how_many(len(places), 'argument')}, and {len(args)} are given")
    twice = next((word for word in places[: len(args)] if word in named), None)
    if twice is not None:
        raise LayerError(f"{name}() is given {twice} twice", twice)
    needed = places[len(args) : len(places) - len(rule.__defaults__ or ())]
    missing = [word for word in needed if word not in named]
    if missing:
        raise LayerError(f"{name}() is called without {missing[0]}", missing[0])
    return named
