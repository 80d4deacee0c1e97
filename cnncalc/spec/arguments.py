"""Arguments of elements: ``64``, ``3x5``, ``stride=2``."""

from __future__ import annotations

import re
from functools import lru_cache

from ..patterns import lazy
from ..records import make
from . import expressions
from .nodes import Arg, Expr, Num
from .words import Fault, Word, is_name

_OPERATORS = frozenset(("+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">="))
#: Words that are whole by themselves: no blank, quote, parenthesis or comparison, nothing that could be a slip.
_SHAPE = lazy(r"[\w?@]+\Z", re.ASCII)
_QUICK = lazy(r"(?:[A-Za-z_]\w*=)?[A-Za-z0-9_][\w*/+%:-]*\Z", re.ASCII)
#: Digits of numbers that need no look at their length.
_FEW_DIGITS = 18
KEY = lazy(r"([A-Za-z_][A-Za-z0-9_]*)=(?!=)")


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
    match = KEY.match(text)
    key, offset = (match.group(1), match.end()) if match else (None, 0)
    if match and len(text) == offset:
        raise Fault(f"'{text}' has no value", word.end, word.end + 1, f"write '{text}…' without a blank")
    value = expressions.value(text[offset:], start + offset)
    return Arg(key, value, text[offset:], expressions.constant(value), start, word.end)


def quick_arguments(text: str, start: int) -> tuple[Arg, ...]:
    """The arguments of an element of plain words, in ASCII, which are known to be right; it begins at `start`."""
    words = text.split(" ")
    at = start + len(words[0]) + 1
    found = []
    for word in words[1:]:
        end = at + len(word)
        arg = make(Arg, (None, make(Num, (int(word), at, end)), word, True, at, end)) if few_digits(word) else None
        found.append(arg or known_argument(word, at))
        at = end + 1
    return tuple(arg for arg in found if arg is not None)


def few_digits(word: str) -> bool:
    """Whether an ASCII word is a number whose length needs no look."""
    return word.isdecimal() and len(word) <= _FEW_DIGITS


@lru_cache(4096)
def known_argument(text: str, start: int) -> Arg | None:
    """The argument that a plain word says: a word, a size or a number, perhaps behind a key; None for any other."""
    if not _QUICK.match(text):
        return None
    try:
        return read_argument(Word(text, start, start + len(text)), 0, [])
    except Fault:
        return None


@lru_cache(4096)
def known_shape(text: str, start: int) -> Expr | None:
    """The shape that a plain word behind an arrow says; None for any other."""
    if not _SHAPE.match(text):
        return None
    try:
        return expressions.value(text, start)
    except Fault:
        return None


def _without_commas(words: list[Word]) -> str:
    """The words as they should be: blanks between arguments, ``|`` before what looks like the next layer."""
    text = ""
    after = False
    for word in words:
        bare = word.text.rstrip(",;")
        text += (" | " if after and is_name(bare) else " ") + bare
        after = bare != word.text
    return text.strip()
