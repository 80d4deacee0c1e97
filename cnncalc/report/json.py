"""The JSON document, as :meth:`cnncalc.Analysis.to_dict` has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def render(document: Mapping[str, Any], ascii_only: bool = False) -> str:
    """The document as text: a line for each of its entries, and for each item of its lists."""
    from json import dumps

    def text(value: Any) -> str:
        return dumps(value, ensure_ascii=ascii_only)

    entries = []
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines = ",\n  ".join(map(text, value))
            entries.append(f"{text(key)}: [\n  {lines}\n ]")
        else:
            entries.append(f"{text(key)}: {text(value)}")
    return "{\n " + ",\n ".join(entries) + "\n}\n"
