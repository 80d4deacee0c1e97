"""Arguments of elements: ``64``, ``3x5``, ``stride=2``."""

from __future__ import annotations

import re

from ..records import make
from . import expressions
from .nodes import Arg
from .words import Fault, Word, is_name

_OPERATORS = frozenset(("+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">="))
#: The key of an argument and its `=`.
KEY = r"([A-Za-z_][A-Za-z0-9_]*)=(?!=)"


def read_argument(word: Word, index: int, words: list[Word], kind: str = "…") -> Arg:
    """The argument that word `index` of the words after an element's name says. Raises Fault."""
    text, start = word.text, word.start
    if text == "=":
        left, right = words[index - 1].text, words[index + 1].text if index + 1 < len(words) else "…"
        raise Fault("no blanks around '='", start, word.end, f"write '{left}={right}'")
    if text[-1] in ",;" and len(text) > 1:
        raise Fault("arguments are separated by blanks, not commas", word.end - 1, word.end,
                    f"write '{kind} {_without_commas(words)}'")  # fmt: skip
    if text in _OPERATORS:
        left, right = words[index - 1].text if index else "…", words[index + 1].text if index + 1 < len(words) else "…"
        advice = f"write '{left}{text}{right}' or '({left} {text} {right})'"
        if is_name(right) and len(right) > 1 and text in ("+", "-", ">"):
            advice += f"; between layers stands '|': '{kind} … | {right}'"
        raise Fault(f"'{text}' stands alone: an expression in a layer has no blanks", start, word.end, advice)
    match = re.match(KEY, text)
    key, offset = (match.group(1), match.end()) if match else (None, 0)
    if match and len(text) == offset:
        raise Fault(f"'{text}' has no value", word.end, word.end + 1, f"write '{text}…' without a blank")
    value = expressions.value(text[offset:], start + offset)
    return make(Arg, (key, value, text[offset:], expressions.constant(value), start, word.end))


def _without_commas(words: list[Word]) -> str:
    """The words as they should be: blanks between arguments, ``|`` before what looks like the next layer."""
    text = ""
    after = False
    for word in words:
        bare = word.text.rstrip(",;")
        text += (" | " if after and is_name(bare) else " ") + bare
        after = bare != word.text
    return text.strip()
