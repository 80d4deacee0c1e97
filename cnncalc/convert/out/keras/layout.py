"""Lines of Python as ruff and Black lay them out, and names that Python takes."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from keyword import iskeyword, issoftkeyword

from ....records import Record
from ..unique import UniqueNames

#: The columns of a line, and a step of indentation; signs of the longest name and text.
WIDTH, STEP, _LONGEST_NAME, _LONGEST_TEXT = 88, 4, 28, 50


class Brackets(Record):
    """What stands in brackets: where they open and close, and the places of its commas."""

    start: int
    end: int
    commas: tuple[int, ...]


def laid_out(line: str, indent: int) -> list[str]:
    """A statement or an item of a list, broken where it is too long: behind the last bracket that still has room."""
    margin = " " * indent
    if indent + len(line) <= WIDTH:
        return [margin + line]
    groups = [brackets for brackets in _groups(line) if line[brackets.start + 1 : brackets.end].strip()]
    if not groups:
        return [margin + line]
    fitting = [brackets for brackets in groups if indent + brackets.start + 1 <= WIDTH]
    group = (fitting or groups[:1])[-1]
    inner, edges = line[group.start + 1 : group.end], (group.start, *group.commas, group.end)
    found = [margin + line[: group.start + 1]]
    if indent + STEP + len(inner) <= WIDTH:
        found.append(f"{margin}{' ' * STEP}{inner}")
    elif not group.commas:
        found += laid_out(inner, indent + STEP)
    else:
        for start, end in pairwise(edges):
            found += laid_out(f"{line[start + 1 : end].strip()},", indent + STEP)
    return [*found, margin + line[group.end :]]


def _groups(line: str) -> list[Brackets]:
    """The brackets of a line that stand in no others. Signs in quotes are none."""
    brackets, commas, depth, start, quote, skip = list[Brackets](), list[int](), 0, 0, "", False
    for place, sign in enumerate(line):
        if quote:
            quote, skip = ("", False) if sign == quote and not skip else (quote, sign == "\\" and not skip)
        elif sign in "\"'":
            quote = sign
        elif sign in "([{":
            start, commas = (place, []) if not depth else (start, commas)
            depth += 1
        elif sign in ")]}":
            depth -= 1
            if not depth:
                brackets.append(Brackets(start, place, tuple(commas)))
        elif sign == "," and depth == 1:
            commas.append(place)
    return brackets


class Identifiers:
    """Gives names of Python that nothing else has."""

    def __init__(self, reserved: Collection[str]) -> None:
        self._names = UniqueNames(reserved)

    def unique(self, text: str, otherwise: str) -> str:
        """A name like `text`, or like `otherwise` where nothing of that can stand in one."""
        return self._names.take(identifier(text) or otherwise)


def identifier(text: str) -> str:
    """What of a text can stand in a name; empty where nothing can."""
    signs = [sign if sign.isascii() and sign.isalnum() else "_" for sign in text]
    word = "".join(signs).strip("_")
    while "__" in word:
        word = word.replace("__", "_")
    if len(word) > _LONGEST_NAME:
        word = word[:_LONGEST_NAME].rstrip("_")
    word = f"_{word}" if word[:1].isdigit() else word
    return f"{word}_" if iskeyword(word) or issoftkeyword(word) else word


def one_line(text: str) -> str:
    """A text of anybody's as it can stand in a comment or between three quotes."""
    line = " ".join(text.split())
    return "".join(sign if sign.isprintable() and sign not in '"\\' else "?" for sign in line)[:_LONGEST_TEXT]


def quoted(text: str) -> str:
    """A text as a literal in double quotes."""
    from json import dumps

    return dumps(text)
