"""The text in an attribute of the root group of an HDF5 file, read by a reader of our own.

HDF5's library loops for ever on some broken files, and cannot be stopped. Read is what it writes by default for Keras:
superblocks 0 to 3, object headers 1 and 2 with their attributes in them, strings of a fixed and of any length.
https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html (file format specification, version 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: Messages of an object header that are looked at, and blocks of these: those of Keras's root group have a dozen.
_MOST_MESSAGES, _MOST_BLOCKS, _LARGEST_BLOCK = 4096, 64, 1 << 16
_CONTINUATION, _ATTRIBUTE, _ATTRIBUTES_ELSEWHERE = 0x10, 0x0C, 0x15
_FIXED, _ANY_LENGTH = 3, 9


class Unreadable(Exception):
    """What the file is not, or does not hold as it is read here."""


class Hdf5:
    """A file: `data` gives bytes for a slice, however large it is."""

    def __init__(self, data: Any) -> None:
        self._data = data
        version = self._byte(8)
        if version > 3:
            raise Unreadable(f"version {version} of its superblock is not known")
        sizes = 13 if version < 2 else 9
        self._offset, self._length = self._byte(sizes), self._byte(sizes + 1)
        if self._offset not in (2, 4, 8) or self._length not in (2, 4, 8):
            raise Unreadable("its addresses have no size that there is")
        start = {0: 24, 1: 28}.get(version, 12)
        self._base = self._number(start, self._offset)
        #: Behind the addresses of the file; in older ones, behind the name of the root, which stands there as a link.
        self._root = self._address(start + (5 if version < 2 else 3) * self._offset)

    def attribute(self, name: str, most: int) -> bytes | None:
        """The text in an attribute of the root group, of at most so many bytes; None where it has none."""
        elsewhere = False
        for kind, start, size in self._messages():
            if kind == _ATTRIBUTE:
                found = self._value(start, start + size, name.encode(), most)
                if found is not None:
                    return found
            elsewhere = elsewhere or (kind == _ATTRIBUTES_ELSEWHERE and self._is_dense(start))
        if elsewhere:
            raise Unreadable("its attributes stand in a heap of their own, which is not looked into")
        return None

    # --- bytes --------------------------------------------------------------------------------------

    def _bytes(self, start: int, size: int) -> bytes:
        if start < 0 or size < 0 or start + size > len(self._data):
            raise Unreadable("something leads past its end")
        return bytes(self._data[start : start + size])

    def _byte(self, at: int) -> int:
        return self._bytes(at, 1)[0]

    def _number(self, at: int, size: int) -> int:
        return int.from_bytes(self._bytes(at, size), "little")

    def _address(self, at: int) -> int:
        return self._base + self._number(at, self._offset)

    # --- the object header of the root group ----------------------------------------------------------

    def _messages(self) -> Iterator[tuple[int, int, int]]:
        """The messages of the header, and of the blocks that it goes on in: kind, start, size."""
        second = self._bytes(self._root, 4) == b"OHDR"
        flags, first = self._second() if second else (0, self._first())
        blocks, left = [first], _MOST_MESSAGES
        for number, (at, end) in enumerate(blocks):
            if number >= _MOST_BLOCKS or end - at > _LARGEST_BLOCK * 4:
                raise Unreadable("its first group goes on and on")
            head = (4 + 2 * bool(flags & 4)) if second else 8
            while at + head <= end:
                kind, size = (self._byte(at), self._number(at + 1, 2)) if second else (
                    self._number(at, 2), self._number(at + 2, 2))  # fmt: skip
                left -= 1
                if not left or at + head + size > end:
                    raise Unreadable("its first group has messages without an end")
                if kind == _CONTINUATION:
                    start, room = self._address(at + head), self._number(at + head + self._offset, self._length)
                    blocks.append((start + 4, start + room - 4) if second else (start, start + room))
                else:
                    yield kind, at + head, size
                at += head + size

    def _first(self) -> tuple[int, int]:
        """Where the messages of a header of version 1 begin and end."""
        if self._byte(self._root) != 1:
            raise Unreadable("its first group is none")
        return self._root + 16, self._root + 16 + self._number(self._root + 8, 4)

    def _second(self) -> tuple[int, tuple[int, int]]:
        """The flags of a header of version 2, and where its messages begin and end."""
        flags = self._byte(self._root + 5)
        at = self._root + 6 + 16 * bool(flags & 0x20) + 4 * bool(flags & 0x10)
        width = 1 << (flags & 3)
        return flags, (at + width, at + width + self._number(at, width))

    def _is_dense(self, start: int) -> bool:
        flags = self._byte(start + 1)
        heap = self._number(start + 2 + 2 * (flags & 1), self._offset)
        return heap != (1 << 8 * self._offset) - 1

    # --- an attribute ---------------------------------------------------------------------------------

    def _value(self, start: int, end: int, name: bytes, most: int) -> bytes | None:
        """The text of an attribute of that name; None of others."""
        version = self._byte(start)
        sizes = [self._number(start + at, 2) for at in (2, 4, 6)]
        at = start + (9 if version == 3 else 8)
        places = []
        for size in sizes:
            places.append(at)
            at += -(-size // 8) * 8 if version == 1 else size
        if self._bytes(places[0], sizes[0]).rstrip(b"\0") != name:
            return None
        kind, size = self._byte(places[1]) & 15, self._number(places[1] + 4, 4)
        if kind == _FIXED and size <= min(most, end - at):
            return self._bytes(at, size).rstrip(b"\0")
        if kind != _ANY_LENGTH or at + 4 + self._offset + 4 > end:
            raise Unreadable(f"its attribute '{name.decode()}' is no text")
        room, index = self._number(at, 4), self._number(at + 4 + self._offset, 4)
        if room > most:
            raise Unreadable(f"its attribute '{name.decode()}' has {room:,} bytes")
        return self._kept(self._address(at + 4), index, room)

    def _kept(self, heap: int, index: int, size: int) -> bytes:
        """The first bytes of an object in a collection of the global heap."""
        if self._bytes(heap, 4) != b"GCOL":
            raise Unreadable("a text is not where it should be")
        end = heap + self._number(heap + 8, self._length)
        at, left = heap + 8 + self._length, _MOST_MESSAGES
        at += -(at - heap) % 8
        head = 8 + self._length
        while at + head <= end and left:
            number, room = self._number(at, 2), self._number(at + 8, self._length)
            if number == index and number:
                return self._bytes(at + head, min(size, room))
            if not number:
                break
            at, left = at + head + -(-room // 8) * 8, left - 1
        raise Unreadable("a text is not where it should be")
