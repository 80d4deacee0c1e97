"""Tensors that stand in a file: their shapes, and the numbers of small ones. Those of others are stepped over."""

from __future__ import annotations

from itertools import pairwise
from math import isinf, prod
from struct import calcsize, iter_unpack, unpack, unpack_from
from typing import Any

from ...values import MOST_NUMBERS, Shape, how_many
from .wire import LENGTH, VARINT, Corrupt, fields, floats, integers, text

#: Dimensions of a tensor; elements of one that may be a grid.
MOST_AXES, MOST_LOOKED_AT = 64, 1 << 18
#: The types of elements that are numbers: their name, bytes, and the letter of `struct`.
INTEGERS = {2: "B", 3: "b", 4: "H", 5: "h", 6: "i", 7: "q", 9: "?", 12: "I", 13: "Q"}
FLOATS = {1: "f", 10: "e", 11: "d"}
FLOAT, INT32, INT64, STRING, BOOL, DOUBLE = 1, 6, 7, 8, 9, 11
#: All that is no whole number: what weights are made of. bfloat16, complex numbers, and the floats of a byte or less.
REALS = frozenset((1, 10, 11, 14, 15, 16, 17, 18, 19, 20, 23, 24))


class TensorProto:
    """A tensor that stands in the file: its shape, and where its numbers are."""

    __slots__ = ("_data", "_stored", "dtype", "external", "name", "shape")

    def __init__(self, data: Any) -> None:
        self.name, self.dtype, self.external = "", 0, False
        self._data: Any = None
        self._stored: list[tuple[int, int, Any]] = []
        dims: list[int] = []
        for number, stored, value in fields(data):
            if number == 1 and len(dims) <= MOST_AXES:
                dims += integers(stored, value)
            elif number == 2 and stored == VARINT:
                self.dtype = value
            elif number == 8 and stored == LENGTH:
                self.name = text(value)
            elif number == 9 and stored == LENGTH:
                self._data = value
            elif number in (4, 5, 7, 10, 11) and len(self._stored) <= MOST_NUMBERS:
                self._stored.append((number, stored, value))
            elif number == 14 and stored == VARINT:
                self.external = value == 1
        if len(dims) > MOST_AXES or any(size < 0 for size in dims):
            raise Corrupt(f"a tensor of the shape {dims[:8]}")
        self.shape: Shape = tuple(dims)

    def numbers(self) -> list[Any] | None:
        """Its numbers in their order; None of one that is too large, stands elsewhere, or has none. Raises Corrupt."""
        count = prod(self.shape)
        if count > MOST_NUMBERS or self.external or (self.dtype not in INTEGERS and self.dtype not in FLOATS):
            return None
        if self._data is not None:
            found = self._raw(count)
        else:
            found = []
            for number, stored, value in self._stored:
                found += _typed(number, stored, value)
                if len(found) > count:
                    break
            if self.dtype == 10:  # half floats stand as integers
                found = list(unpack(f"<{len(found)}e", b"".join(bit.to_bytes(2, "little") for bit in found)))
        if found is not None and len(found) != count:
            raise Corrupt(f"{how_many(len(found), 'number')} in a tensor of {count}")
        return found

    def regular(self) -> bool:
        """Whether its numbers are those of a grid, a mask or a ramp, which nobody has learned.

        They are whole or halves, and not all alike; or a vector of equal steps. Of a large one that is not looked for.
        """
        letter, count = FLOATS.get(self.dtype), prod(self.shape)
        if letter is None or self._data is None or self.external or not 2 <= count <= MOST_LOOKED_AT:
            return False
        size = calcsize(letter)
        if len(self._data) != count * size:
            return False
        if all((2 * x).is_integer() or isinf(x) for (x,) in iter_unpack(f"<{letter}", bytes(self._data[: 64 * size]))):
            found = {x for (x,) in iter_unpack(f"<{letter}", bytes(self._data))}
            return len(found) > 1 and all((2 * x).is_integer() or isinf(x) for x in found)
        return 3 <= count <= MOST_NUMBERS and max(self.shape) == count and _ramp(self.numbers() or [])

    def _raw(self, count: int) -> list[Any] | None:
        letter = INTEGERS.get(self.dtype) or FLOATS.get(self.dtype)
        if letter is None:
            return None
        size = {"B": 1, "b": 1, "?": 1, "H": 2, "h": 2, "e": 2, "i": 4, "I": 4, "f": 4}.get(letter, 8)
        if len(self._data) != count * size:
            raise Corrupt(f"{how_many(len(self._data), 'byte')} in a tensor of {how_many(count, 'number')} of {size}")
        return list(unpack_from(f"<{count}{letter}", bytes(self._data)))


def _ramp(numbers: list[float]) -> bool:
    """Whether numbers grow or fall by equal steps."""
    step = numbers[1] - numbers[0]
    near = 1e-3 * abs(step)
    return near > 0 and all(abs(after - before - step) <= near for before, after in pairwise(numbers))


def _typed(number: int, stored: int, value: Any) -> list[Any]:
    """The numbers of float_data, int32_data, int64_data, double_data or uint64_data."""
    if number == 4:
        return floats(stored, value)
    if number == 10:
        if len(value) % 8:
            raise Corrupt("a number is cut off")
        return list(unpack_from(f"<{len(value) // 8}d", bytes(value)))
    found = integers(stored, value)
    return [one % 2**64 for one in found] if number == 11 else found
