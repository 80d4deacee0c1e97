"""The JSON document, as :meth:`cnncalc.Analysis.to_dict` has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def render(document: Mapping[str, Any], ascii_only: bool = False) -> str:
    """The document as text: a line for each of its entries, and for each item of its lists."""
    return "".join(stream(document, ascii_only))


def stream(document: Mapping[str, Any], ascii_only: bool = False) -> Iterator[str]:
    """The same text in pieces; a list may be an iterator, whose items are let go as they are written."""
    from json import JSONEncoder

    text = JSONEncoder(ensure_ascii=ascii_only).encode
    sign = "{\n "
    for key, value in document.items():
        yield f"{sign}{text(key)}: "
        sign = ",\n "
        if isinstance(value, Iterator) or (isinstance(value, list) and value and isinstance(value[0], dict)):
            yield from _items(value, text)
        else:
            yield text(value)
    yield "\n}\n"


def _items(values: Iterable[Any], text: Any) -> Iterator[str]:
    """A list with a line for each of its items."""
    sign = "[\n  "
    for value in values:
        yield sign + text(value)
        sign = ",\n  "
    yield "[]" if sign[0] == "[" else "\n ]"
