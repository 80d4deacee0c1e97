"""A model file's bytes as the file that Python's readers of archives ask for."""

from __future__ import annotations

import io
from typing import Any


class SeekableBytes(io.RawIOBase):
    """Bytes as a file, which copies only what is read of them."""

    def __init__(self, data: Any) -> None:
        self._data, self._at = data, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(offset + (0, self._at, len(self._data))[whence], 0)
        return self._at

    def readinto(self, buffer: Any) -> int:
        part = self._data[self._at : self._at + len(buffer)]
        buffer[: len(part)] = bytes(part)
        self._at += len(part)
        return len(part)
