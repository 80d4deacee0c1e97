"""What stands on the edges of a graph while it is gone through: tensors by their shapes, small ones by their numbers.

A shape is whole here, with the sample axis, of which every value says where it is. Numbers are those of arithmetic on
shapes, and of attributes that are inputs: flat lists, in the order of a tensor's elements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any

from ...records import Record
from ...values import MOST_NUMBERS, Shape, how_many, pick
from .tensors import TensorProto


class UnknownShape(Exception):
    """A shape hangs on numbers that nobody knows before it runs, or on a shape that is not known."""


class OperatorFault(Exception):
    """An operator that cannot run on what it is given: the reason, with its figures."""


class Initializer:
    """Numbers that the file stores once, however often they are used."""

    __slots__ = ("_regular", "_tensor", "elements", "real", "vector")

    def __init__(self, shape: Shape, real: bool, tensor: TensorProto | None = None) -> None:
        self.elements = prod(shape)
        #: Whether one axis has them all. Exporters store equal vectors once, which nobody has tied.
        self.vector = sum(size > 1 for size in shape) < 2
        #: Whether they are no whole numbers: what weights mostly are.
        self.real = real
        self._tensor = tensor
        self._regular: bool | None = None

    @property
    def learned(self) -> bool:
        """Whether they can be learned, where no operator says that they are weights: several, and no grid or mask."""
        if not self.real or self.elements < 2:
            return False
        if self._regular is None:
            self._regular = self._tensor is not None and self._tensor.regular()
        return not self._regular


class Value:
    """A tensor: its whole shape, the axis that has the samples (None where none has), and what else is known of it."""

    __slots__ = ("_numbers", "axis", "dtype", "fixed", "name", "producer", "shape", "storages")

    def __init__(
        self, shape: Shape | None, axis: int | None = None, numbers: list[Any] | TensorProto | None = None,
        dtype: int = 0, fixed: bool = False, storages: tuple[Initializer, ...] = (),
    ) -> None:  # fmt: skip
        self.shape = shape
        self.axis = axis if shape is not None and axis is not None and axis < len(shape) else None
        self._numbers = numbers
        self.dtype = dtype
        #: Whether it is the same whatever enters the network, but for the sizes of that.
        self.fixed = fixed
        self.storages = storages
        self.name = ""
        #: The node of the network, or the step, that gives it.
        self.producer: Any = None

    @property
    def numbers(self) -> list[Any] | None:
        """Its numbers, where they are known. Raises Corrupt where they are to be read, and are none."""
        if isinstance(self._numbers, TensorProto):
            self._numbers = self._numbers.numbers()
        return self._numbers

    @property
    def known(self) -> Shape:
        """Its whole shape. Raises UnknownShape."""
        if self.shape is None:
            raise UnknownShape
        return self.shape

    @property
    def sample(self) -> Shape:
        """Its shape without the sample axis. Raises UnknownShape."""
        shape = self.known
        return shape if self.axis is None else shape[: self.axis] + shape[self.axis + 1 :]


def learned(values: Iterable[Value | None]) -> list[Initializer]:
    """What of the numbers behind fixed values can be learned, though they stand beside a tensor only."""
    return [
        storage
        for value in values
        if value is not None and value.fixed
        for storage in value.storages
        if storage.learned
    ]


class NodeOutput(Record):
    """One result of an operator."""

    shape: Shape | None
    axis: int | None = None
    numbers: list[Any] | None = None


def broadcast(shapes: Sequence[Shape]) -> Shape:
    """The shape of an element-wise operator's output. Raises OperatorFault."""
    rank = max(map(len, shapes), default=0)
    sizes = []
    for axis in range(-rank, 0):
        found = {shape[axis] for shape in shapes if len(shape) >= -axis} - {1}
        if len(found) > 1:
            raise OperatorFault(
                f"{spelled(shapes)} do not go together: {' and '.join(map(str, sorted(found)))} on an axis"
            )
        sizes.append(found.pop() if found else 1)
    return tuple(sizes)


def spelled(shapes: Sequence[Shape]) -> str:
    """``3x4 and 5``."""
    return " and ".join("x".join(map(str, shape)) if shape else "a scalar" for shape in shapes)


def stretched(value: Value, shape: Shape) -> list[Any] | None:
    """The numbers of a value as an element-wise operator sees them that gives `shape`; None if not known."""
    numbers, own = value.numbers, value.shape
    if numbers is None or own is None:
        return None
    if own == shape:
        return numbers
    own = (1,) * (len(shape) - len(own)) + own
    indices = [range(made) if size == made else [0] * made for size, made in zip(own, shape, strict=True)]
    return pick(numbers, own, indices) if prod(shape) <= MOST_NUMBERS else None


def elementwise(function: Callable[..., Any], values: Sequence[Value], shape: Shape) -> list[Any] | None:
    """`function` of the numbers of values, stretched to `shape`; None where one is not known, or it has no value."""
    if prod(shape) > MOST_NUMBERS or any(value.numbers is None for value in values):
        return None
    columns = [stretched(value, shape) for value in values]
    try:
        return [function(*numbers) for numbers in zip(*columns, strict=True)]
    except (ArithmeticError, ValueError, TypeError):
        return None


def axis_of(axis: int, rank: int) -> int:
    """An axis counted from the start. Raises OperatorFault."""
    if not -rank <= axis < max(rank, 1):
        raise OperatorFault(f"axis {axis} of a tensor of {how_many(rank, 'axis')}")
    return axis % rank if rank else 0
