"""A file's bytes, of which only what is looked at is read.

Not mapped: the system maps around each byte that is touched as much as it holds in one piece, by which a file of
100 MB comes to 50 MiB.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Callable
    from mmap import mmap

#: Slices up to this size are bytes, larger ones are pieces again; so much is read at once.
SMALL, _BLOCK = 1 << 16, 1 << 14


class _Blocks:
    """The block of a file that was read last. Closes the file when it goes."""

    __slots__ = ("_block", "_first", "descriptor")

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._block, self._first = b"", 0

    def __del__(self, close: Callable[[int], None] = os.close) -> None:  # where Python ends, `os` may be gone before
        close(self.descriptor)

    def byte(self, place: int) -> int:
        """The byte at a place; 0 where the file has lost it meanwhile."""
        index = place - self._first
        if not 0 <= index < len(self._block):
            self._first, index = place, 0
            self._block = self._read(place, _BLOCK) or b"\0"
        return self._block[index]

    def read(self, place: int, size: int) -> bytes:
        """So many bytes, zeros for those that the file has lost."""
        index = place - self._first
        if index >= 0 and index + size <= len(self._block):
            return self._block[index : index + size]
        if size <= _BLOCK // 4:
            self._block, self._first = self._read(place, _BLOCK), place
            return self._block[:size].ljust(size, b"\0")
        return self._read(place, size).ljust(size, b"\0")

    def _read(self, place: int, size: int) -> bytes:
        os.lseek(self.descriptor, place, os.SEEK_SET)
        return os.read(self.descriptor, size)


class Pieces:
    """A stretch of a file. An index gives a byte, a short slice bytes, a long one a stretch."""

    __slots__ = ("_blocks", "_size", "_start")

    def __init__(self, blocks: _Blocks, start: int, size: int) -> None:
        self._blocks, self._start, self._size = blocks, start, size

    def __len__(self) -> int:
        return self._size

    def __bytes__(self) -> bytes:
        return self._blocks.read(self._start, self._size)

    def mapped(self) -> mmap:
        """The whole file, mapped: for a reader of others' that takes nothing else."""
        from mmap import ACCESS_READ, mmap

        return mmap(self._blocks.descriptor, 0, access=ACCESS_READ)

    @overload
    def __getitem__(self, key: int) -> int: ...
    @overload
    def __getitem__(self, key: slice) -> bytes | Pieces: ...
    def __getitem__(self, key: int | slice) -> int | bytes | Pieces:
        if isinstance(key, int):
            return self._blocks.byte(self._start + key)
        start, stop, _ = key.indices(self._size)
        size = max(stop - start, 0)
        if size <= SMALL:
            return self._blocks.read(self._start + start, size)
        return Pieces(self._blocks, self._start + start, size)


def pieces(descriptor: int, size: int) -> Pieces:
    """What is in an open file, which is closed when nobody looks at it any more."""
    return Pieces(_Blocks(descriptor), 0, size)
