"""What is varied, as one writes it: ``16..256..8``, ``1,2,4``, ``relu,silu``, ``3x96x96,3x128x128``."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from ..interpret.faults import Faults
from ..interpret.overrides import given_input, setting
from ..values import Shape, spell

#: Values that one axis may have.
MOST_VALUES = 1_000_000


#: A range in the signs of other languages: ``16:48:8``, ``16…48``, ``16 to 48``, ``16-48``.
_OTHER_RANGE = re.compile(
    r"(?P<first>\d+(?:\.\d+)?)\s*(?P<sign>[-:–…]|\.{3,}|to)\s*(?P<last>\d+(?:\.\d+)?)(?:\s*:\s*(?P<step>\d+(?:\.\d+)?))?",
    re.ASCII,
)


class RangeError(ValueError):
    """A range that cannot be understood: what is wrong, and what to write."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.help = help


def values_of(name: str, text: str) -> tuple[Any, ...]:
    """The values of a variable that a text says, each once. Raises RangeError; SpecError for a value that is none."""
    found: list[Any] = []
    for item in _items(text):
        ends = [part.strip() for part in item.split("..")]
        slip = _OTHER_RANGE.fullmatch(item)
        if slip and (slip["sign"] != "-" or Fraction(slip["first"]) < Fraction(slip["last"])):
            meant = "..".join(filter(None, slip.group("first", "last", "step")))
            raise RangeError(f"'{item}' is no range", f"write '{name}={meant}'")
        if len(ends) == 1:
            found.append(setting(name, item))
        else:
            found += _stepped(item, [setting(name, _ended(end, item)) for end in ends])
        _limit(found, text)
    return _once(found)


def shapes_of(name: str, text: str, layout: str) -> tuple[Shape, ...]:
    """The shapes of an input that a text says, channels first, each once. Raises RangeError, SpecError."""
    found: list[Shape] = []
    for item in _items(text):
        ends = [part.strip() for part in item.split("..")]
        shapes = [given_input(name, _ended(end, item), layout, Faults()) for end in ends[:2]]
        if len(ends) == 1:
            found.append(shapes[0])
            continue
        step = setting("step", ends[2]) if len(ends) > 2 else None
        found += _between(item, shapes[0], shapes[1], step, len(ends))
        _limit(found, text)
    return _once(found)


def _once(found: list[Any]) -> tuple[Any, ...]:
    """Values, each once; yes is not 1."""
    return tuple({(type(value), value): value for value in found}.values())


def _items(text: str) -> list[str]:
    """What stands between commas, not of those in parentheses."""
    items, depth, start = [], 0, 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == "," and depth <= 0:
            items.append(text[start:place].strip())
            start = place + 1
    items.append(text[start:].strip())
    if any(not item for item in items):
        raise RangeError(f"'{text}' has a value missing", "write '16..256..8', '1,2,4' or 'relu,silu'")
    return items


def _ended(end: str, item: str) -> str:
    if not end:
        raise RangeError(f"'{item}' is no range", "write A..B or A..B..STEP: '16..256..8'")
    return end


def _stepped(item: str, ends: list[Any]) -> list[Any]:
    """The values of ``A..B`` and ``A..B..STEP``, exact, B among them where a step meets it."""
    if len(ends) > 3 or any(type(end) not in (int, Fraction) for end in ends):
        raise RangeError(f"'{item}' is no range of numbers", "write A..B or A..B..STEP: '16..256..8'")
    first, last, *rest = ends
    if not rest and not (type(first) is int and type(last) is int):
        raise RangeError(f"'{item}' does not say its step", f"write '{item}..0.05', say")
    step = rest[0] if rest else 1
    if step == 0 or (last - first) * step < 0:
        turned = f"'{spell(last)}..{spell(first)}'" if step else "a step that is not 0"
        raise RangeError(f"'{item}' has no values", f"write {turned}")
    count = int((last - first) / Fraction(step)) + 1
    if count > MOST_VALUES:
        raise RangeError(f"'{item}' has {count:,} values: at most {MOST_VALUES:,} are varied", "take a larger step")
    if type(first) is int and type(step) is int:
        return list(range(first, first + step * count, step))
    made = [first + number * Fraction(step) for number in range(count)]
    return [value.numerator if value.denominator == 1 else value for value in made]


def _between(item: str, first: Shape, last: Shape, step: Any, parts: int) -> list[Shape]:
    """The shapes of ``3x96x96..3x256x256..32``: the sizes that differ go up together."""
    rises = {after - before for before, after in zip(first, last, strict=False)} - {0}
    if len(first) != len(last) or len(rises) > 1 or parts > 3 or (step is not None and type(step) is not int):
        raise RangeError(
            f"'{item}' is no range of shapes", "the sizes that differ go up together: '3x96x96..3x256x256..32'"
        )
    rise = rises.pop() if rises else 0
    numbers = _stepped(item, [0, rise, *([step] if step is not None else [])])
    return [
        tuple([size + more * (before != after) for size, before, after in zip(first, first, last, strict=True)])
        for more in numbers
    ]  # fmt: skip


def _limit(found: list[Any], text: str) -> None:
    if len(found) > MOST_VALUES:
        raise RangeError(f"'{text[:40]}' has over {MOST_VALUES:,} values", "take a larger step")
