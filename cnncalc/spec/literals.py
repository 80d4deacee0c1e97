"""Numbers and sizes as they are written."""

from __future__ import annotations

import re
from fractions import Fraction

from .trees import Expr, Hole, Num, Pair
from .words import Fault, shorten

#: Numbers beyond this many bits are refused, as literals and as results.
MAX_BITS = 200
#: Numbers in one size: more than a shape has, so that what is wrong with it can still be said.
MAX_NUMBERS = 8

UNITS = {
    "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30,
}  # fmt: skip
_UNIT = r"([0-9]+(?:\.[0-9]+)?)(k|M|G|T|KiB|MiB|GiB)\Z"


def integer(text: str, offset: int) -> int:
    """The whole number that digits say. Raises Fault where it is too large."""
    digits = text.lstrip("0") or "0"
    if len(digits) > MAX_BITS * 3 // 10:
        message = f"the number {shorten(text, 30)} is too large: {len(digits)} digits"
        advice = f"numbers have at most {MAX_BITS} bits, about {MAX_BITS * 3 // 10} digits"
        raise Fault(message, offset, offset + len(text), advice, "too-large")
    return int(digits)


def parts_of(text: str, offset: int) -> list[tuple[str, int]]:
    """The parts of ``0:1x2`` between the crosses, and where each starts."""
    parts = []
    for part in re.split("[xX]", text):
        parts.append((part, offset))
        offset += len(part) + 1
    return parts


def entry(text: str, offset: int) -> Expr:
    """One item of a size: a number, ``?`` or ``before:after``. Raises Fault."""
    before, colon, after = text.partition(":")
    if text == "?":
        return Hole(offset, offset + 1)
    first = Num(integer(before, offset), offset, offset + len(before))
    if not colon:
        return first
    start = offset + len(before) + 1
    second = Num(integer(after, start), start, start + len(after))
    return Pair(first, second, offset, offset + len(text))


def with_unit(piece: str, start: int, units: bool) -> Expr:
    """A number with a unit, where `units` stand. Raises Fault with what was probably meant."""
    end = start + len(piece)
    unit = re.match(_UNIT, piece)
    if unit and units:
        return Num(normal(Fraction(decimal(unit.group(1), start)) * UNITS[unit.group(2)]), start, end)
    advice = None
    message = f"'{shorten(piece)}' is neither a number nor a size"
    head = re.match(r"\d+(?:\.\d+)?", piece)
    tail = piece[head.end() :] if head else ""
    if unit:
        advice = f"units stand in 'let' and 'require' only; for a product write '{head.group()}*{tail}'"  # type: ignore[union-attr]
    elif "_" in tail:
        advice = f"write it without '_': '{piece.replace('_', '')}'"
    elif units and re.match(r"[kKmMgGtT]i?[bB]?\Z", tail):
        advice = f"units: {', '.join(UNITS)}"
    elif re.match(r"[eE]\d+\Z", tail):
        advice = "there are no exponents: write the number out"
    elif re.match(r"[xX]", tail):
        parts = ", ".join(part or "…" for part in re.split("[xX]", piece, maxsplit=2))
        advice = f"a size with a variable is written in parentheses: '({parts})'"
    elif head and re.match(r"[A-Za-z_]", tail):
        advice = f"for a product write '{head.group()}*{tail}'"
    raise Fault(message, start, end, advice)


def decimal(text: str, start: int) -> int | Fraction:
    """The number that digits with a point say. Raises Fault where it is too long."""
    whole, _, part = text.partition(".")
    if len(whole) + len(part) > MAX_BITS * 3 // 10:
        raise Fault(f"the number {shorten(text, 30)} is too long", start, start + len(text), code="too-large")
    return normal(Fraction(integer(whole + part, start), 10 ** len(part)))


def check_length(items: int, start: int, end: int) -> None:
    """Raises Fault for a size of more numbers than any tensor has."""
    if items > MAX_NUMBERS:
        raise Fault(f"a size of {items:,} numbers; a shape has at most 4", start, end, code="too-large")


def normal(number: Fraction) -> int | Fraction:
    """`number` as an int where it is whole."""
    return number.numerator if number.denominator == 1 else number
