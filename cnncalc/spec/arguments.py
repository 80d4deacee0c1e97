"""Arguments of elements: ``64``, ``3x5``, ``stride=2``."""

from __future__ import annotations

import re

from . import expressions
from .nodes import Arg
from .words import Fault, Word

_OPERATORS = frozenset(("+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">="))
KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(?!=)")


def read_argument(word: Word, index: int, words: list[Word], kind: str = "…") -> Arg:
    """The argument that word `index` of the words after an element's name says. Raises Fault."""
    text, start = word.text, word.start
    if text == "=":
        left, right = words[index - 1].text, words[index + 1].text if index + 1 < len(words) else "…"
        raise Fault("no blanks around '='", start, word.end, f"write '{left}={right}'")
    if text[-1] == "," and len(text) > 1:
        line = " ".join(one.text.rstrip(",") for one in words)
        raise Fault("arguments are separated by blanks, not commas", word.end - 1, word.end, f"write '{kind} {line}'")
    if text in _OPERATORS:
        left, right = words[index - 1].text if index else "…", words[index + 1].text if index + 1 < len(words) else "…"
        raise Fault(f"'{text}' stands alone: an expression in a layer has no blanks", start, word.end,
                    f"write '{left}{text}{right}' or '({left} {text} {right})'")  # fmt: skip
    match = KEY.match(text)
    key, offset = (match.group(1), match.end()) if match else (None, 0)
    if match and len(text) == offset:
        raise Fault(f"'{text}' has no value", word.end, word.end + 1, f"write '{text}…' without a blank")
    value = expressions.value(text[offset:], start + offset)
    return Arg(key, value, text[offset:], expressions.constant(value), start, word.end)
