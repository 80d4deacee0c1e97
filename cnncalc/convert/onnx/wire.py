"""Protocol buffers' wire format, as far as it is read here: fields of a message, one after another, and nothing copied.

https://protobuf.dev/programming-guides/encoding. Nothing is allocated by a length that a file claims: a length that
leads past the end of its message is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from
from typing import Any

#: How a field is stored: a varint, 8 bytes, a length and so many bytes, 4 bytes.
VARINT, I64, LENGTH, I32 = 0, 1, 2, 5
#: Names and lists that are longer are nobody's.
_LONGEST = 1 << 22
_SIGN, _RANGE = 1 << 63, 1 << 64


class Corrupt(Exception):
    """What cannot be a message: what is wrong, at which byte of it."""


def _varint(data: Any, at: int, end: int) -> tuple[int, int]:
    """The number at `at`, and where it ends. Raises Corrupt."""
    value = shift = 0
    while at < end and shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & (_RANGE - 1), at
        shift += 7
    raise Corrupt("a number has no end")


def fields(data: Any) -> Iterator[tuple[int, int, Any]]:
    """The fields of a message: number, how it is stored, and a number, or the stretch of the bytes.

    Raises Corrupt where they are no message.
    """
    at, end = 0, len(data)
    while at < end:
        key = data[at]
        at += 1
        if key > 127:
            key, at = _varint(data, at - 1, end)
        stored = key & 7
        if stored == LENGTH:
            if at < end and data[at] < 128:
                size = data[at]
                at += 1
            else:
                size, at = _varint(data, at, end)
            if size > end - at:
                raise Corrupt(f"a field of {size:,} bytes, where {end - at:,} are left")
            yield key >> 3, stored, data[at : at + size]
            at += size
        elif stored == VARINT:
            value, at = _varint(data, at, end)
            yield key >> 3, stored, value
        elif stored in (I64, I32):
            size = 8 if stored == I64 else 4
            if size > end - at:
                raise Corrupt("a number is cut off")
            yield key >> 3, stored, data[at : at + size]
            at += size
        else:
            raise Corrupt(f"a field of wire type {stored}, which there is none of")
        if key < 8:
            raise Corrupt("a field has the number 0")


def text(data: Any) -> str:
    """A text; bytes that are none stand for themselves. Raises Corrupt for one of megabytes."""
    return _whole(data).decode("utf-8", "surrogateescape")


def _whole(data: Any) -> bytes:
    if isinstance(data, int):
        raise Corrupt("a number where a name or a list stands")
    if len(data) > _LONGEST:
        raise Corrupt(f"a name or a list of {len(data):,} bytes")
    return bytes(data)


def signed(value: int) -> int:
    """A varint as an int64."""
    return value - _RANGE if value >= _SIGN else value


def integers(stored: int, value: Any) -> list[int]:
    """The numbers of one field of repeated integers, packed or not. Raises Corrupt."""
    if stored == VARINT:
        return [signed(value)]
    if stored != LENGTH:
        raise Corrupt("integers that are stored as something else")
    value = _whole(value)
    found, at, end = [], 0, len(value)
    while at < end:
        number, at = _varint(value, at, end)
        found.append(signed(number))
    return found


def floats(stored: int, value: Any) -> list[float]:
    """The numbers of one field of repeated floats, packed or not. Raises Corrupt."""
    if stored not in (I32, LENGTH) or len(value) % 4:
        raise Corrupt("floats that are stored as something else")
    return list(unpack_from(f"<{len(value) // 4}f", _whole(value)))
