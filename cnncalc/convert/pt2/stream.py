"""JSON text that is read from front to back, a value at a time: however long it is, little of it is there at once."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

#: A value is looked for in so many letters, then in more.
_LENGTHS = (1 << 13, 1 << 16, 1 << 20)
#: So much is read at once; so many values are read of a text.
_BLOCK, _MOST = 1 << 18, 500_000
_SPACE = re.compile(r"[ \t\r\n]*")


class CorruptExport(Exception):
    """What is no such file, or contradicts itself: the reason."""


class JsonStream:
    """JSON text from `read`, which gives so many bytes, none at the end. Raises CorruptExport where it is no JSON."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._decode = codecs.getincrementaldecoder("utf-8")("strict").decode
        self._scan = json.JSONDecoder().raw_decode
        self._text = ""
        self._at = 0
        self._ended = False
        self._count = 0

    def _need(self, length: int) -> None:
        """Has so many letters ahead, or all that there are."""
        if len(self._text) - self._at >= length or self._ended:
            return
        parts, size = [self._text[self._at :]], len(self._text) - self._at
        while size < length and not self._ended:
            data = self._read(_BLOCK)
            self._ended = not data
            try:
                part = self._decode(data, self._ended)
            except UnicodeDecodeError as error:
                raise CorruptExport(f"the graph's text is no UTF-8: {str(error)[:80]}") from None
            parts.append(part)
            size += len(part)
        self._text, self._at = "".join(parts), 0

    def _sign(self) -> str:
        """The next letter that is no space."""
        while True:
            self._need(1)
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]

    def _take(self, sign: str) -> None:
        found = self._sign()
        if found != sign:
            raise CorruptExport(
                f"the graph's text is no JSON: {sign!r} is missing" if found else "the graph's text is cut off"
            )
        self._at += 1

    def value(self) -> Any:
        """The next value, whole."""
        self._sign()
        self._count += 1
        if self._count > _MOST:
            raise CorruptExport(f"the graph's text has more than {_MOST:,} values")
        for length in _LENGTHS:
            self._need(length)
            part = self._text[self._at : self._at + length]
            last = self._ended and self._at + length >= len(self._text)
            try:
                found, end = self._scan(part)
            except RecursionError:
                raise CorruptExport("the graph's text is nested too deep") from None
            except ValueError as error:
                if last:
                    raise CorruptExport(f"the graph's text is no JSON: {str(error)[:60]}") from None
                continue
            if end < len(part) or last:
                self._at += end
                return found
        raise CorruptExport(f"a value in the graph's text is longer than {_LENGTHS[-1]:,} letters")

    def members(self) -> Iterator[str]:
        """The keys of the object that comes next: behind each its value is to be read."""
        self._take("{")
        if self._sign() == "}":
            self._at += 1
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                raise CorruptExport("the graph's text is no JSON: a key is no text")
            self._take(":")
            yield key
            if self._sign() == "}":
                self._at += 1
                return
            self._take(",")

    def items(self) -> Iterator[None]:
        """The items of the list that comes next: each is to be read."""
        self._take("[")
        if self._sign() == "]":
            self._at += 1
            return
        while True:
            yield
            if self._sign() == "]":
                self._at += 1
                return
            self._take(",")

    @property
    def begins(self) -> str:
        """The letter that the next value begins with."""
        return self._sign()
