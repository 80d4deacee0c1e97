"""Tensors by their shapes, small ones by their numbers, and the number of samples, which is a value of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any, TypeAlias, TypeVar

from ...values import MOST_NUMBERS, Shape, pick


class Unknown(Exception):
    """What cannot be told: a shape that hangs on numbers that nobody knows before it runs, or on an unknown shape.

    An instance may stand for an argument, and is raised where a rule needs that.
    """


class Samples:
    """A size that is a multiple of the number of samples N: ``outer * N * inner``.

    `n` is the number that the file has, 1 where it is free. The factors tell where along the axis the samples are, so
    that they are found again when it is cut: ``view(B * T, C)`` has T inside, ``view(T * B, C)`` outside.
    """

    __slots__ = ("inner", "n", "outer")

    def __init__(self, n: int = 1, outer: int = 1, inner: int = 1) -> None:
        self.n = n
        self.outer = outer
        self.inner = inner

    @property
    def factor(self) -> int:
        """How many rows a sample has."""
        return self.outer * self.inner

    @property
    def number(self) -> int:
        """The size, for as many samples as the file has."""
        return self.n * self.outer * self.inner

    @property
    def alone(self) -> bool:
        """Whether it is just N."""
        return self.outer == 1 == self.inner

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Samples) and (self.n, self.factor) == (other.n, other.factor)

    def __hash__(self) -> int:
        return hash((self.n, self.factor))

    def __repr__(self) -> str:
        return "N" if self.alone else f"{self.factor}*N"

    def __mul__(self, other: object) -> Samples:
        if isinstance(other, int) and other > 0:
            return Samples(self.n, self.outer, self.inner * other)
        raise Unknown(f"{self} * {other}: no multiple of the number of samples")

    def __rmul__(self, other: object) -> Samples:
        if isinstance(other, int) and other > 0:
            return Samples(self.n, self.outer * other, self.inner)
        raise Unknown(f"{other} * {self}: no multiple of the number of samples")

    def __floordiv__(self, other: object) -> Samples | int:
        if isinstance(other, Samples) and self.factor % other.factor == 0:
            return self.factor // other.factor
        if isinstance(other, int) and other > 0 and self.factor % other == 0:
            if self.inner % other == 0:
                return Samples(self.n, self.outer, self.inner // other)
            return Samples(self.n, 1, self.factor // other)
        raise Unknown(f"{self} // {other}: no multiple of the number of samples")

    def __mod__(self, other: object) -> int:
        factor = other.factor if isinstance(other, Samples) else other
        if isinstance(factor, int) and factor > 0 and self.factor % factor == 0:
            return 0
        raise Unknown(f"{self} % {other}: it hangs on the number of samples")

    def __add__(self, other: object) -> Samples:
        if other == 0:
            return self
        if isinstance(other, Samples):
            return Samples(self.n, 1, self.factor + other.factor)
        raise Unknown(f"{self} + {other}: no multiple of the number of samples")

    __radd__ = __add__

    def __sub__(self, other: object) -> Samples | int:
        if isinstance(other, Samples) and self.factor == other.factor:
            return 0
        if other == 0:
            return self
        if isinstance(other, Samples) and self.factor > other.factor:
            return Samples(self.n, 1, self.factor - other.factor)
        raise Unknown(f"{self} - {other}: no multiple of the number of samples")


#: A size of a tensor; all of them.
Dim: TypeAlias = "int | Samples"
Dims: TypeAlias = "tuple[Dim, ...]"


def number(size: Dim) -> int:
    """A size as a number, for as many samples as the file has."""
    return size.number if isinstance(size, Samples) else size


def numbers(sizes: Iterable[Dim]) -> Shape:
    """Sizes as numbers."""
    return tuple([number(size) for size in sizes])


def total(sizes: Iterable[Dim]) -> int:
    """The elements of a tensor of these sizes."""
    return prod(numbers(sizes))


def spelled(sizes: Sequence[Dim]) -> str:
    """``Nx3x32x32``."""
    return "x".join(map(str, sizes)) if sizes else "a scalar"


class Storage:
    """Numbers that a model stores once, however often they are used: its kind is parameter, buffer or constant; or
    unregistered, of a module that the model does not know.
    """

    __slots__ = ("elements", "kind", "name")

    def __init__(self, name: str, shape: Sequence[int], kind: str = "parameter") -> None:
        self.name = name
        self.elements = prod(shape)
        self.kind = kind


class Tensor:
    """A tensor: its shape, None where that is not known, its type, and what else is known of it."""

    __slots__ = ("base", "dtype", "fixed", "name", "numbers", "producer", "shape", "source", "storages")

    def __init__(
        self, shape: Dims | None, dtype: str | None = None, numbers: list[Any] | None = None, *, fixed: bool = False,
        storages: tuple[Storage, ...] = (),
    ) -> None:  # fmt: skip
        self.shape = shape
        self.dtype = dtype
        #: Its numbers, flat, where they are few and known.
        self.numbers = numbers
        #: Whether it is the same whatever enters the network, but for the sizes of that.
        self.fixed = fixed
        self.storages = storages
        #: What gives it: a step, or an input.
        self.producer: Any = None
        #: The tensor that it is a view of.
        self.base: Tensor | None = None
        #: What the file calls it.
        self.name: str | None = None
        #: The code that makes it, of what is the same whatever enters; empty where none is known.
        self.source = ""

    def __repr__(self) -> str:
        return f"Tensor({'unknown' if self.shape is None else spelled(self.shape)}, {self.dtype})"

    @property
    def sizes(self) -> Dims:
        """Its shape. Raises Unknown."""
        if self.shape is None:
            raise Unknown("the shape of a tensor is not known")
        return self.shape

    @property
    def counts(self) -> Shape:
        """Its shape in numbers. Raises Unknown."""
        return numbers(self.sizes)

    @property
    def place(self) -> int | None:
        """The axis in which the samples are, alone or not; None where none has them, or the shape is not known."""
        found = [axis for axis, size in enumerate(self.shape or ()) if isinstance(size, Samples)]
        return found[0] if len(found) == 1 else None

    @property
    def axis(self) -> int | None:
        """The axis of the samples, where they have one for themselves."""
        place = self.place
        return place if place is not None and self.sizes[place].alone else None  # type: ignore[union-attr]

    @property
    def sample(self) -> Shape:
        """The shape without the axis of the samples; whole where that is not theirs alone. Raises Unknown."""
        axis, counts = self.axis, self.counts
        return counts if axis is None else counts[:axis] + counts[axis + 1 :]

    @property
    def floating(self) -> bool:
        """Whether its numbers are no whole ones, as far as one knows."""
        return self.dtype is None or "float" in self.dtype or self.dtype.startswith("complex")


_Stored = TypeVar("_Stored", bound=Tensor)


def stored(tensor: _Stored) -> _Stored:
    """A parameter or buffer of a module, with what makes it: ``nn.Parameter(torch.zeros(1, 8))``."""
    made = "Parameter(torch.zeros" if tensor.storages[0].kind == "parameter" else "Buffer(torch.ones"
    tensor.source = f"nn.{made}({', '.join(map(str, tensor.counts)) or '()'}))"
    return tensor


# --- sizes ------------------------------------------------------------------------------------------


def joined(first: Dim, second: Dim) -> Dim | None:
    """The size that two become where they have to be equal; None where they are not."""
    if number(first) != number(second):
        return None
    if isinstance(first, Samples) and (first.alone or not isinstance(second, Samples)):
        return first
    return second if isinstance(second, Samples) else first


def broadcast(shapes: Sequence[Dims]) -> Dims | None:
    """The shape that tensors stretch to; None where they do not go together."""
    rank, made = max(map(len, shapes), default=0), list[Dim]()
    for axis in range(-rank, 0):
        found: Dim = 1
        for shape in shapes:
            size = shape[axis] if len(shape) >= -axis else 1
            if size == 1 or found == 1:
                found = found if size == 1 else size
                continue
            both = joined(found, size)
            if both is None:
                return None
            found = both
        made.append(found)
    return tuple(made)


def placed(before: Dims, made: Sequence[Dim]) -> Dims:
    """The sizes `made`, as many elements in the same order as those of `before`, with the samples where they are now.

    They are at an axis of their own where one of their number has as much before it; else in the one that takes them
    in. Where a size is said by N that is believed.
    """
    if any(isinstance(size, Samples) for size in made):
        return tuple(made)
    places = [axis for axis, size in enumerate(before) if isinstance(size, Samples)]
    if len(places) != 1 or 0 in made:
        return tuple(made)
    samples: Any = before[places[0]]
    outside = prod(numbers(before[: places[0]])) * samples.outer
    return _found(tuple(numbers(made)), samples.n, outside)


def _found(made: Shape, n: int, outside: int) -> Dims:
    """The sizes `made` with the samples, of which `n` have `outside` elements of every sample before them."""
    count, best = 1, None
    for axis, size in enumerate(made):
        if count > outside:
            break
        if count == outside and size == n:
            return (*made[:axis], Samples(n), *made[axis + 1 :])
        if best is None and outside % count == 0 and size % (outside // count * n) == 0:
            outer = outside // count
            best = axis, Samples(n, outer, size // n // outer)
        count *= size
    if best is None:
        return made
    axis, samples = best
    return (*made[:axis], samples, *made[axis + 1 :])


# --- numbers ----------------------------------------------------------------------------------------


def stretched(tensor: Tensor, shape: Shape) -> list[Any] | None:
    """The numbers of a tensor as an element-wise operation sees them that gives `shape`; None if not known."""
    if tensor.numbers is None or tensor.shape is None or prod(shape) > MOST_NUMBERS:
        return None
    own = numbers(tensor.shape)
    if own == shape:
        return tensor.numbers
    own = (1,) * (len(shape) - len(own)) + own
    indices = [range(made) if size == made else [0] * made for size, made in zip(own, shape, strict=True)]
    return pick(tensor.numbers, own, indices)


def elementwise(function: Callable[..., Any], tensors: Sequence[Tensor], shape: Shape) -> list[Any] | None:
    """`function` of the numbers of tensors, stretched to `shape`; None where one is not known, or it has no value."""
    columns = [stretched(tensor, shape) for tensor in tensors] if all(tensor.numbers for tensor in tensors) else [None]
    if any(column is None for column in columns):
        return None
    try:
        return [function(*row) for row in zip(*columns, strict=True)]
    except (ArithmeticError, ValueError, TypeError):
        return None
