"""Habits from elsewhere in a line: quotes around words, units behind numbers, decimal commas, digits in groups."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

#: Words for powers of 1000, as the language writes them behind a number.
_POWERS = {"thousand": "k", "million": "M", "mio": "M", "billion": "G", "k": "k", "m": "M", "g": "G"}
_COUNTED = r"(?:flops?|macs?|params?|parameters|bytes?|ops)"
_POWER = re.compile(
    rf"\b(?P<number>\d+(?:\.\d+)?)(?: (?P<apart>{'|'.join(_POWERS)}|[kmg]ib)(?: ?{_COUNTED})?"
    rf"|(?P<unit>[kmg](?:ib)?) ?{_COUNTED})(?=\s|\Z)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"""(?<==)(['"])([\w.]+)\1""")
_UNIT = re.compile(r"(?<=[\s=])(\d+) ?(?:px|pixels?|x)(?=\s|\Z)")
_DECIMAL_COMMA = re.compile(r"(?<=[\s=])0,(\d+)(?=\s|\Z)")
_GROUPS = re.compile(r"\b\d{1,3}(?:([ .'_])\d{3})(?:\1\d{3})*(?=\s|\Z)")
_ROW = re.compile(r"(?:layer|step|row) ?\d+ ?[:.)-] *", re.IGNORECASE)
_ARROW = re.compile(r"-> *[\[(]?(\d+(?:, ?\d+)+)[\])]?\Z")


def habits(line: str) -> Iterator[str]:
    """The line as it is written here, where it has some of these; each goes on from the one before."""
    before = line
    for pattern, written in _WRITTEN:
        line = pattern.sub(written, line)
        if line != before:
            yield line
        before = line


def _power(match: re.Match[str]) -> str:
    """``1 million`` and ``1GFLOP`` as ``1M`` and ``1G``."""
    unit = (match["apart"] or match["unit"]).lower()
    binary = f"{unit[0].upper()}iB"
    return match["number"] + (binary if binary.lower() == unit and unit not in _POWERS else _POWERS[unit])


def _without_groups(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match[0])


_Written = str | Callable[[re.Match[str]], str]
_WRITTEN: tuple[tuple[re.Pattern[str], _Written], ...] = (
    (re.compile(r"\Alet +(\w+) *(?:==|:=|<-|:) *(?=\S)"), r"let \1 = "),
    (_ROW, ""),
    (_QUOTED, r"\2"),
    (_UNIT, r"\1"),
    (_DECIMAL_COMMA, r"0.\1"),
    (_ARROW, lambda match: "-> " + re.sub(r", ?", "x", match[1])),
    (re.compile(r"(?<=[<>=] )[\d .'_]+(?=\Z)"), lambda match: _GROUPS.sub(_without_groups, match[0])),
    (_POWER, _power),
    (re.compile(r"(?P<layer>.*\S) +activation=(?P<kind>\w+)(?P<more>.*)"), r"\g<layer>\g<more> | \g<kind>"),
)
