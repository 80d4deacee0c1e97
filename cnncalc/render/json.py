"""The JSON document: the data of a document, a line for each of its entries, and for each item of its lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from json import JSONEncoder, dumps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..document.parts import Document
    from .text import Screen


def render(document: Document, screen: Screen) -> Iterator[str]:
    """The data as text, in pieces; beyond ASCII everything is escaped that might not arrive unharmed."""
    return stream(document.data(), ascii_only=not screen.charset.unicode)


def stream(data: Mapping[str, Any], ascii_only: bool = False) -> Iterator[str]:
    """The same text in pieces; a list may be an iterator, whose items are let go as they are written."""
    encode = JSONEncoder(ensure_ascii=ascii_only).encode

    def text(value: Any) -> str:
        return visible(encode(value))

    yield "{"
    sign = "\n "
    for key, value in data.items():
        yield f"{sign}{text(key)}: "
        sign = ",\n "
        if isinstance(value, Iterator) or (isinstance(value, list) and value and isinstance(value[0], dict)):
            yield from _items(value, text)
        else:
            yield text(value)
    yield "\n}\n"


def visible(text: str) -> str:
    """JSON without line ends, what a terminal may obey or hide in it escaped: controls, and what turns the order."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else dumps(char)[1:-1] for char in text)


def _items(values: Iterable[Any], text: Any) -> Iterator[str]:
    """A list with a line for each of its items."""
    sign = "[\n  "
    for value in values:
        yield sign + text(value)
        sign = ",\n  "
    yield "[]" if sign[0] == "[" else "\n ]"
