"""Numbers and sizes as they are written."""

from __future__ import annotations

import re
from fractions import Fraction

from .trees import Expr, Hole, Num, PairTree, SizeTree
from .words import Fault, is_digits, is_name, shorten

#: Numbers beyond this many bits are refused, as literals and as results.
MAX_BITS = 200
#: Numbers in one size: more than a shape has, so that what is wrong with it can still be said.
MAX_NUMBERS = 8

UNITS = {
    "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30,
}  # fmt: skip
_DECIMAL = r"(?a)\d+\.\d+\Z"
_SIZE = r"(?a)(?:\d+|\?)(?:[xX](?:\d+|\?))+\Z"
_SHAPE = r"(?a)(\d+|\?)@((?:\d+|\?)(?:[xX](?:\d+|\?))*)\Z"
_PAIRS = r"(?a)\d+(?::\d+)?(?:[xX]\d+(?::\d+)?)+\Z"
_UNIT = r"([0-9]+(?:\.[0-9]+)?)(k|M|G|T|KiB|MiB|GiB)\Z"


def integer(text: str, offset: int) -> int:
    """The whole number that digits say. Raises Fault where it is too large."""
    digits = text.lstrip("0") or "0"
    if len(digits) > MAX_BITS * 3 // 10:
        message = f"the number {shorten(text, 30)} is too large: {len(digits)} digits"
        advice = f"numbers have at most {MAX_BITS} bits, about {MAX_BITS * 3 // 10} digits"
        raise Fault(message, offset, offset + len(text), advice, "too-large")
    return int(digits)


def literal(text: str, start: int, units: bool) -> Expr:
    """The number, size or shape that a word says which starts with a digit or ``?``; 5M where `units` stand.

    Raises Fault.
    """
    end = start + len(text)
    if is_digits(text):
        return Num(integer(text, start), start, end)
    if "." in text and re.match(_DECIMAL, text):
        return Num(decimal(text, start), start, end)
    if text == "?":
        return Hole(start, end)
    if re.match(_SIZE, text):
        return SizeTree(_items(text, start, end), False, start, end)
    if re.match(_SHAPE, text):
        return SizeTree(_items(text, start, end), True, start, end)
    return _with_unit(text, start, units)


def pairs(text: str, start: int) -> SizeTree | None:
    """The size that a whole word with pairs says, ``0:1x2``; None for any other. Raises Fault."""
    if ":" not in text or not re.match(_PAIRS, text):
        return None
    end = start + len(text)
    return SizeTree(_items(text, start, end), False, start, end)


def _items(text: str, start: int, end: int) -> tuple[Expr, ...]:
    """The items of a size, between crosses or behind the ``@``. Raises Fault."""
    texts = text.lower().replace("@", "x").split("x")
    check_length(len(texts), start, end)
    items = []
    for item in texts:
        items.append(_item(item, start))
        start += len(item) + 1
    return tuple(items)


def _item(text: str, start: int) -> Expr:
    """One item of a size: a number, ``?`` or ``before:after``. Raises Fault."""
    before, colon, after = text.partition(":")
    if text == "?":
        return Hole(start, start + 1)
    first = Num(integer(before, start), start, start + len(before))
    if not colon:
        return first
    middle, end = start + len(before) + 1, start + len(text)
    return PairTree(first, Num(integer(after, middle), middle, end), start, end)


def _with_unit(text: str, start: int, units: bool) -> Expr:
    """A number with a unit, where `units` stand. Raises Fault with what was probably meant."""
    unit = re.match(_UNIT, text)
    end = start + len(text)
    if unit and units:
        return Num(normal(Fraction(decimal(unit[1], start)) * UNITS[unit[2]]), start, end)
    raise Fault(f"'{shorten(text)}' is neither a number nor a size", start, end, _meant(text, units))


def _meant(text: str, units: bool) -> str | None:
    """What to write for a word that starts like a number and is none."""
    head = re.match(r"\d+(?:\.\d+)?", text)
    if head is None:
        return None
    tail = text[head.end() :]
    product = f"for a product write '{head[0]}*{tail}'"
    sizes = ", ".join(size or "…" for size in re.split("[xX]", text, maxsplit=2))
    meant = (
        (tail in UNITS and not units, f"units stand in 'let' and 'require' only; {product}"),
        ("_" in tail, f"write it without '_': '{text.replace('_', '')}'"),
        (units and re.match(r"[kKmMgGtT]i?[bB]?\Z", tail), _unit_meant(head[0], tail)),
        (re.match(r"[eE]\d+\Z", tail), "there are no exponents: write the number out"),
        (re.match(r"[xX]", tail), f"a size with a variable is written in parentheses: '({sizes})'"),
        (is_name(tail), product),
    )
    return next((advice for holds, advice in meant if holds), None)


def _unit_meant(number: str, unit: str) -> str:
    """What to write for a number with a unit that is spelled otherwise: 5m is 5M, 512KB is 512k or 512KiB."""
    prefix = unit[0].upper()
    short, binary = "k" if prefix == "K" else prefix, f"{prefix}iB"
    if "i" in unit:
        return f"write '{number}{binary}'" if binary in UNITS else f"units: {', '.join(UNITS)}"
    if len(unit) == 1 or binary not in UNITS:
        return f"write '{number}{short}'"
    return f"write '{number}{short}' for {number}×{UNITS[short]:,}, '{number}{binary}' for {number}×{UNITS[binary]:,}"


def as_spelled(text: str, in_bytes: bool) -> str:
    """`text` with its unit as the language spells it: 5K is 5k; of bytes 512kb is 512k, and 64kib is 64KiB."""
    match = re.match(r"(?ai)(.*\d)\s*([kmgt])(i?)(b?)\Z", text)
    if match is None:
        return text
    number, prefix, binary, byte = match.groups()
    if not byte:
        return f"{number}k" if prefix == "K" and not binary else text
    prefix = prefix.upper()
    if not in_bytes:
        return text
    return f"{number}{prefix}iB" if binary else f"{number}{'k' if prefix == 'K' else prefix}"


def decimal(text: str, start: int) -> int | Fraction:
    """The number that digits with a point say. Raises Fault where it is too long."""
    whole, _, decimals = text.partition(".")
    if len(whole) + len(decimals) > MAX_BITS * 3 // 10:
        raise Fault(f"the number {shorten(text, 30)} is too long", start, start + len(text), code="too-large")
    return normal(Fraction(integer(whole + decimals, start), 10 ** len(decimals)))


def check_length(items: int, start: int, end: int) -> None:
    """Raises Fault for a size of more numbers than any tensor has."""
    if items > MAX_NUMBERS:
        raise Fault(f"a size of {items:,} numbers; a shape has at most 4", start, end, code="too-large")


def normal(number: Fraction) -> int | Fraction:
    """`number` as an int where it is whole."""
    return number.numerator if number.denominator == 1 else number
